"""Golden pairs: an output and all that its parser says of it, per command.

``golden/<command-slug>/<case>.txt`` and ``.json``. Each command has a pair of its own at least, an
``empty`` case (the prompt, and nothing) and a ``foreign`` one (another command's output, as like as
can be). A pair is changed by hand, after reading the text; no program overwrites it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.parsers import plain
from slp_cli.commands.parse import as_json
from slp_core.captures import slug
from slp_core.parsing import known_commands, parse

GOLDEN = Path(__file__).parent / "golden"
TEXTS = sorted(GOLDEN.glob("*/*.txt"))
COMMANDS = {slug(plain(name)): name for name in known_commands()}

ALIKE = [
    {"show license", "show license detail", "show license right-to-use", "show license summary"},
    {"show boot", "show bootvar"},
    {"show running-config", "show startup-config"},
]
"""Commands that can print the very same text: CSL by index, boot variables, a configuration."""


def command_of(text: Path) -> str:
    return plain(COMMANDS[text.parent.name])


def named(text: Path) -> str:
    return f"{text.parent.name}/{text.stem}"


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_golden_pair(text: Path) -> None:
    wanted = json.loads(text.with_suffix(".json").read_text())
    found = as_json(parse(command_of(text), text.read_text()))
    assert json.loads(json.dumps(found, default=str)) == wanted


@pytest.mark.parametrize("name", COMMANDS)
def test_no_parser_lacks_a_golden_pair_an_empty_and_a_foreign_case(name: str) -> None:
    cases = {path.stem for path in (GOLDEN / name).glob("*.txt")}
    assert {"empty", "foreign"} <= cases
    assert cases - {"empty", "foreign"}, f"{name} has no golden pair of its own"


def test_no_golden_pair_lacks_its_parser() -> None:
    assert {path.parent.name for path in TEXTS} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS.values())
def test_nothing_and_noise_are_empty_and_refusals_are_refusals(name: str) -> None:
    command = plain(name)
    assert parse(command, "").status == "empty"
    assert parse(command, "\r\n\r\n  \r\nrouter#\r\n").status == "empty"
    for line in (
        "           ^\n% Invalid input detected at '^' marker.\n",
        "% Incomplete command.\n",
        "% Ambiguous command:  'show lic u'\n",
        "Command authorization failed.\n",
    ):
        parsed = parse(command, f"router#{command}\n{line}\nrouter#")
        assert parsed.status == "rejected"
        assert parsed.data.to_json() == {}


@pytest.mark.parametrize("text", [path for path in TEXTS if path.stem != "empty"], ids=named)
def test_an_output_is_that_of_one_command_only(text: Path) -> None:
    own = command_of(text)
    if text.stem == "foreign":
        assert parse(own, text.read_text()).status == "foreign"
        return
    for name in COMMANDS.values():
        other = plain(name)
        if other == own or any({own, other} <= alike for alike in ALIKE):
            continue
        parsed = parse(other, text.read_text())
        assert parsed.status == "foreign", f"{named(text)} was taken for {other}"
        assert parsed.data.to_json() == {}
        assert parsed.evidence == {}
