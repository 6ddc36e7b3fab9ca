"""Lines that licensing itself adds to a configuration: its trustpoint, its call-home profile."""

from __future__ import annotations

import hashlib
from functools import cache

from slp_sim.router.configuration import Configuration
from slp_sim.router.nvgen import slot
from slp_sim.router.router import Router

TRUSTPOINT = "SLA-TrustPoint"
PROFILE = "CiscoTAC-1"
_POINT = ("enrollment pkcs12", "revocation-check crl")
_CHAIN = f"crypto pki certificate chain {TRUSTPOINT}"
_HOME = ("contact-email-addr sch-smart-licensing@cisco.com",)
_TAC = ("active", "destination transport-method http")
_BYTES = 805


def with_automatic(router: Router, config: Configuration) -> Configuration:
    """Returns a configuration as it is shown: with what licensing added where nobody else did."""
    agent = router.agent
    if agent.model != "slp" and not (agent.model == "smart" and agent.registration is not None):
        return config
    shown = config.copy()
    _fill(shown, (f"crypto pki trustpoint {TRUSTPOINT}",), _POINT)
    if not shown.section(_CHAIN):
        _fill(shown, (_CHAIN, "certificate ca 01"), (*_certificate(), "quit"))
    _fill(shown, ("call-home",), _HOME)
    profile = next(
        (x for x in shown.section("call-home") if _is_profile(x)), f'profile "{PROFILE}"'
    )
    _fill(shown, ("call-home", profile), _TAC)
    return shown


def _is_profile(line: str) -> bool:
    return line.replace('"', "").lower() == f"profile {PROFILE}".lower()


def _fill(config: Configuration, where: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Adds the lines whose place nothing in the section takes."""
    config.set(where[:-1] or None, where[-1])
    rows = config.section(where)
    said = {row.removeprefix("no ") for row in rows} | {slot(row, top=False) for row in rows}
    for line in lines:
        if line not in said and slot(line, top=False) not in said - {None}:
            config.set(where, line)


@cache
def _certificate() -> list[str]:
    """Returns a certificate as configurations print it; its contents are made up."""
    seed = hashlib.shake_256(b"the lab's licensing root").digest(_BYTES - 4)
    text = (b"\x30\x82\x03\x21" + seed).hex().upper()
    words = [text[at : at + 8] for at in range(0, len(text), 8)]
    return [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
