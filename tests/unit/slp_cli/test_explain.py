"""``slp explain`` knows every rule, fault and error, and says where a rule counts."""

from __future__ import annotations

import inspect
import json

import pytest

from nornir_slp.glossary import everything, look_up
from slp_core import errors
from slp_core.errors import SlpError
from slp_core.rules import all_rules, builtin_rules
from slp_core.secrets import REDACTOR

NAMES = [e.id for e in everything()]


def test_every_rule_defect_fault_and_error_code_is_there():
    wanted = {r.id for r in all_rules()} | {f"F{n:02d}" for n in range(1, 42)}
    wanted |= {
        kind.code
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, SlpError)
    }
    assert wanted <= set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_means(name):
    entry = look_up(name.lower())
    assert entry.id == name
    assert len(entry.title) > 3
    if entry.kind == "rule":
        assert entry.text
        assert entry.source
    if entry.kind == "fault":
        assert entry.answer
    if entry.kind == "error":
        assert entry.exit_code is not None


def test_each_blocker_that_may_be_overridden_says_what_it_counts_for(command):
    rows = builtin_rules().rules
    assert [i for i, row in rows.items() if row.overridable and not row.scope] == []
    out = command("explain", "UP-5").out
    assert "Counts for: each defect in its own" in out
    assert "--allow" in out
    assert (
        json.loads(command("explain", "VOICE-ACK", "--json").out)["scope"] == "routers with voice"
    )


def test_what_rests_on_memory_is_said_to_be_unverified(command):
    assert "Not verified" in command("explain", "READY-5").out
    assert "Not verified" not in command("explain", "TRANS-3").out


@pytest.mark.parametrize("name", NAMES)
def test_f31_nothing_that_explains_looks_like_a_secret(name):
    entry = look_up(name)
    for text in (entry.title, entry.text, entry.answer):
        assert REDACTOR.mask(text) == text


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("SMART_LIC-3-COMM_FAILED", "bad news"),
        ("%SMART_LIC-3-COMM_FAILED:", "bad news"),
        ("smart_lic-comm_failed", "bad news"),
        ("CERM-4-TX_BW_LIMIT", "HSECK9"),
        ("SIP-5-LICENSING", "nothing is wrong"),
        ("LINK-3-UPDOWN", "it is an error"),
        ("SYS-5-RELOAD", "worth a look"),
    ],
)
def test_c12_any_message_is_explained_by_its_name(command, name, word):
    out = " ".join(command("explain", name).out.split())
    assert word in out
    assert "(message)" in out


def test_c12_each_message_of_the_table_says_what_to_do_and_where_that_is_from():
    for row in builtin_rules().messages:
        assert row.says.endswith(".")
        assert row.do.endswith(".")
        assert row.source
