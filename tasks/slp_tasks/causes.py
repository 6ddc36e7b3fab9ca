"""Why licensing failed, told apart by what the router logs (F34, MSG-1 to MSG-4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from slp_tasks.look import LogLine


@dataclass(frozen=True)
class Cause:
    """One named cause of failure.

    Attributes:
        final: waiting will not help; a person must act.
    """

    name: str
    sentence: str
    final: bool


_CAUSES: tuple[tuple[str, Cause], ...] = (
    (
        r"token.{0,40}(expired|has expired)|expired.{0,40}token",
        Cause("token-expired", "the token has expired: make a new one in CSSM", True),
    ),
    (
        r"(max|maximum|limit).{0,40}(uses?|registrations?)|token.{0,40}(used up|exhausted|exceed)",
        Cause("token-used-up", "the token has been used as often as it may be", True),
    ),
    (
        r"token.{0,40}revoked|revoked.{0,40}token",
        Cause("token-revoked", "the token was revoked in CSSM", True),
    ),
    (
        r"(another|different|other|wrong).{0,40}(smart |virtual )?account"
        r"|account.{0,40}(does not match|mismatch)",
        Cause("other-account", "the token belongs to another account than this router", True),
    ),
    (
        r"(token|idtoken).{0,40}(not valid|invalid|unknown|not found|not recognized)"
        r"|invalid.{0,20}token",
        Cause("token-invalid", "CSSM does not know the token", True),
    ),
    (
        r"trust.{0,60}(already|exists)|already.{0,40}trust",
        Cause("trust-present", "a trust code is installed already: ask for it with force", True),
    ),
    (
        r"clock|time.{0,40}(off|differ|skew|sync|more than)|timestamp",
        Cause("clock", "the router's clock is too far from the true time: set it or use NTP", True),
    ),
    (
        r"host ?name.{0,60}(pid|product)|same as.{0,20}pid",
        Cause("hostname", "the router's host name equals its PID: give it another name", True),
    ),
    (
        r"resolve.{0,40}(host|domain)|\bDNS\b",
        Cause("dns", "the router cannot resolve the name of the licence server", False),
    ),
    (
        r"\b(TLS|SSL|certificate|handshake|trustpoint)\b",
        Cause(
            "tls",
            "the TLS connection fails: `ip http client secure-trustpoint SLA-TrustPoint` (MSG-4)",
            False,
        ),
    ),
    (
        r"down rev|REPORTING_NOT_SUPPORTED",
        Cause("onprem-old", "SSM On-Prem is too old for SLP", True),
    ),
    (
        r"(no|insufficient|not enough).{0,40}(licen[cs]e|balance|entitlement)",
        Cause("balance", "the virtual account has no such licence left", True),
    ),
    (
        r"empty response",
        Cause(
            "empty-response",
            "the server answers nothing: the transport does not fit the server",
            False,
        ),
    ),
)
_UNNAMED = Cause("communication", "the licence server is not reached", False)


def cause_of(text: str) -> Cause | None:
    """Returns the cause that a text of the router or of CSSM names."""
    for pattern, cause in _CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return cause
    return None


def failure_in(lines: Iterable[LogLine], mnemonics: Iterable[str]) -> Cause | None:
    """Returns why it failed, by the last failure in the log that no later line calls over.

    Args:
        mnemonics: what counts as failure of the operation itself (``TRUST_INSTALL_FAILED``);
            failed communication always counts, until it is restored.
    """
    wanted = tuple(mnemonics)
    found: Cause | None = None
    for line in lines:
        name = line.mnemonic.rpartition("-")[2]
        if name == "COMM_RESTORED" or name.endswith("_SUCCESS"):
            found = None
        elif name in wanted or name in ("COMM_FAILED", "REPORTING_NOT_SUPPORTED"):
            found = cause_of(line.text) or cause_of(name) or _UNNAMED
            if found is _UNNAMED and name in wanted:
                found = Cause("refused", f"it was refused ({line.text[:160]})", False)
    return found
