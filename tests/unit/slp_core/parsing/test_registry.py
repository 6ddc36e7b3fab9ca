"""Commands by name, in full and abbreviated."""

from __future__ import annotations

import pytest

from kit.parsers import plain
from slp_core.errors import UsageError
from slp_core.parsing import COLLECT, known_commands, parse, resolve


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("sh lic sum", "show license summary"),
        ("sh ver", "show version"),
        ("SHOW License ALL", "show license all"),
        ("sh lic", "show license"),
        ("sh lic tech sup", "show license tech support"),
        ("show license history mess", "show license history message"),
        ("sh lic rum id all", "show license rum id all"),
        ("sh plat hard thr cry", "show platform hardware throughput crypto"),
        ("sh plat soft lic dlc", "show platform software license dlc"),
        ("sh boot", "show boot"),
        ("sh bootv", "show bootvar"),
        ("dir", "dir"),
        ("dir flash:", "dir flash:"),
        ("sh run | include license", "show running-config"),
        ("  show   clock ", "show clock"),
    ],
)
def test_an_abbreviation_means_one_command(short: str, full: str) -> None:
    assert resolve(short)[1] == full


@pytest.mark.parametrize("short", ["sh lic u", "sh lic r"])
def test_an_ambiguous_abbreviation_names_what_it_could_be(short: str) -> None:
    with pytest.raises(UsageError, match="ambiguous") as raised:
        resolve(short)
    assert "show " in (raised.value.remedy or "")


@pytest.mark.parametrize("command", ["", "show", "show cdp neighbors", "dir a b", "configure"])
def test_an_unknown_command_is_said(command: str) -> None:
    with pytest.raises(UsageError):
        parse(command, "x")


def test_every_command_of_assess_has_a_parser() -> None:
    for command in COLLECT:
        assert resolve(command)[1] == command


def test_every_command_resolves_to_itself() -> None:
    for name in known_commands():
        alone = plain(name)
        assert resolve(alone)[1] == alone
