"""Which ``show`` commands answer: every family, every era, every command that is read."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from kit.hand import Hand, router_of

FAMILIES = {
    "isr4400": "ISR4461/K9",
    "isr4300": "ISR4351/K9",
    "isr1100": "C1111-8PLTEEAWB",
    "asr1000": "ASR1001-X",
    "csr1000v": "CSR1000V",
    "c8000v": "C8000V",
    "c8000": "C8300-1N1S-6T",
    "asr900": "ASR-920-12CZ-A",
}
ERAS = {
    "csl": ("16.9.6", {"model": "csl"}),
    "smart": ("16.12.4", {"model": "eval", "transport": "callhome"}),
    "slp-17.3": ("17.3.4", {"model": "slp", "transport": "cslu"}),
    "slp-17.9": ("17.9.4a", {"model": "slp", "transport": "cslu"}),
    "slp-17.15": ("17.15.3", {"model": "slp", "transport": "cslu"}),
    "nolicense": ("17.7.1", {"model": "nolicense"}),
}
ALWAYS = {
    "show version": "Cisco IOS XE Software, Version",
    "show license udi": "UDI|PID",
    "show license all": "",
    "show install summary": "Installed Package|IMG|St",
    "show boot": "BOOT variable",
    "show bootvar": "Configuration register is",
    "show redundancy": "Redundant System Information",
    "dir bootflash:": "bytes free",
    "show inventory": "Chassis",
    "show clock": "UTC",
    "show ntp status": "Clock is synchronized",
    "show running-config": "hostname",
    "show startup-config": "hostname",
    "show logging": "Syslog logging",
}
CSL = {
    "show license": "Feature: securityk9",
    "show license detail": "Store Name: ",
    "show license feature": "Feature name",
    "show license right-to-use": "securityk9",
}
SMART = {
    "show license summary": "License Usage",
    "show license status": "",
    "show license usage": "",
    "show license tech support": "Tech Support info",
    "show license reservation": "eservation",
    "show license eventlog": "",
}
SLP = {
    "show license authorization": "Overall status",
    "show license history message": "Usage Reporting",
}
FROM_17_6 = {"show license rum id all": "RUM|Report"}
ROUTERS = {
    "show platform hardware throughput level": "throughput level is",
    "show platform software cerm-information": "CERM functionality",
}
CRYPTO = {"show platform hardware throughput crypto": "rypto"}
DLC = {"show platform software license dlc": "DLC Process Status"}
CLASSIC = {"show platform software sl-infra pak-info": ""}
GROUPS = (ALWAYS, CSL, SMART, SLP, FROM_17_6, ROUTERS, CRYPTO, DLC, CLASSIC)


def combinations() -> list[tuple[str, str]]:
    """Returns each family in each era that it went through."""
    found = []
    for family in FAMILIES:
        for era in ERAS:
            classic = family == "asr900"
            only_slp = family in ("c8000v", "c8000")
            no_csl = family in ("csr1000v", "c8000v", "c8000")
            if (
                (classic and era.startswith("slp"))
                or (not classic and era == "nolicense")
                or (only_slp and not era.startswith("slp"))
                or (no_csl and era == "csl")
                or (family in ("csr1000v", "c8000v") and era == "slp-17.3")
            ):
                continue
            found.append((family, era))
    return found


def known(family: str, era: str) -> dict[str, str]:
    """Returns the commands that a release has there, with what each prints at least."""
    slp = era.startswith("slp")
    found = dict(ALWAYS)
    found |= CSL if era == "csl" else {}
    found |= SMART if slp or era == "smart" else {}
    found |= SLP if slp else {}
    found |= FROM_17_6 if slp and era != "slp-17.3" else {}
    found |= ROUTERS if family != "asr900" else CLASSIC
    found |= CRYPTO if family in ("isr1100", "c8000") else {}
    found |= DLC if slp and family in ("isr4400", "isr4300", "isr1100", "asr1000") else {}
    return found


@cache
def hand_on(family: str, era: str) -> Hand:
    release, licensing = ERAS[era]
    licence: dict[str, Any] = {"feature": "securityk9", "name": "securityk9"}
    spec = {
        "name": family,
        "pid": FAMILIES[family],
        "serial": "FDO2222MTRX",
        "release": release,
        "licensing": {**licensing, "licences": [licence]},
    }
    hand = router_of(spec)[2]
    hand.type("terminal length 0")
    return hand


@pytest.mark.parametrize(("family", "era"), combinations())
def test_a_release_answers_what_it_has_and_nothing_else(family: str, era: str) -> None:
    hand, has = hand_on(family, era), known(family, era)
    for command in dict.fromkeys(c for group in GROUPS for c in group):
        text = hand.type(command)
        refused = text.startswith("% In") or "% Invalid input" in text
        if command not in has:
            assert refused, f"{family} in {era} has no {command}, but answers:\n{text}"
            continue
        assert not refused, f"{family} in {era} has {command}, but says:\n{text}"
        assert text.strip(), f"{command} prints nothing"
        words = has[command].split("|")
        assert any(w in text for w in words), f"{command} does not print {words}:\n{text}"


@pytest.mark.parametrize(("family", "era"), combinations())
def test_help_lists_what_answers(family: str, era: str) -> None:
    hand = hand_on(family, era)
    text = hand.press("show license ?")
    hand.press("\x15")
    listed = {line.split()[0] for line in text.splitlines() if line.startswith("  ")} - {
        "<cr>",
        "|",
    }
    has = known(family, era)
    commands = {c for group in GROUPS for c in group if c.startswith("show license ")}
    assert listed & {c.split()[2] for c in commands} == {c.split()[2] for c in commands if c in has}


def test_every_family_of_the_table_is_here() -> None:
    from slp_sim.router.catalog import platform_of

    assert {platform_of(pid).family for pid in FAMILIES.values()} == set(FAMILIES)
    assert len(combinations()) == 31
