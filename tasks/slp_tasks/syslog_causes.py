"""Why licensing failed, told apart by what the router logs (F34, MSG-1 to MSG-4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from slp_core.rules.messages import row_of
from slp_tasks.look import LogLine


@dataclass(frozen=True)
class Cause:
    """One named cause of failure.

    Attributes:
        final: waiting will not help; a person must act.
        remedy: what that person does.
    """

    name: str
    sentence: str
    final: bool
    remedy: str | None = None


_ASK_ANEW = (
    "make a new token in CSSM and put it where the plan's reference points, then `slp retry`"
)
_CAUSES: tuple[tuple[str, Cause], ...] = (
    (
        r"token.{0,40}(expired|has expired)|expired.{0,40}token",
        Cause("token-expired", "the token has expired", True, _ASK_ANEW),
    ),
    (
        r"(max|maximum|limit).{0,40}(uses?|registrations?)|token.{0,40}(used up|exhausted|exceed)",
        Cause("token-used-up", "the token has been used as often as it may be", True, _ASK_ANEW),
    ),
    (
        r"token.{0,40}revoked|revoked.{0,40}token",
        Cause("token-revoked", "the token was revoked in CSSM", True, _ASK_ANEW),
    ),
    (
        r"(another|different|other|wrong).{0,40}(smart |virtual )?account"
        r"|account.{0,40}(does not match|mismatch)",
        Cause(
            "other-account",
            "the token belongs to another account than this router",
            True,
            "take a token of the router's own account, or move the router there in CSSM; then "
            "`slp retry`",
        ),
    ),
    (
        r"(token|idtoken).{0,40}(not valid|invalid|unknown|not found|not recognized)"
        r"|invalid.{0,20}token",
        Cause("token-invalid", "CSSM does not know the token", True, _ASK_ANEW),
    ),
    (
        r"trust.{0,60}(already|exists)|already.{0,40}trust",
        Cause(
            "trust-present",
            "a trust code is installed already: another one must be asked for with force",
            True,
            "`slp trust --force` replaces it, then `slp retry`",
        ),
    ),
    (
        r"clock|time.{0,40}(off|differ|skew|sync|more than)|timestamp",
        Cause(
            "clock",
            "the router's clock is too far from the true time",
            True,
            "set it or use NTP, then `slp retry`",
        ),
    ),
    (
        r"host ?name.{0,60}(pid|product)|same as.{0,20}pid",
        Cause(
            "hostname",
            "the router's host name equals its PID",
            True,
            "give it another host name, then `slp retry`",
        ),
    ),
    (
        r"resolve.{0,40}(host|domain)|\bDNS\b",
        Cause(
            "dns",
            "the router cannot resolve the name of the licence server",
            False,
            "check `ip name-server` and the route to it, then `slp retry`",
        ),
    ),
    (
        r"\b(TLS|SSL|certificate|handshake|trustpoint)\b",
        Cause(
            "tls",
            "the TLS connection fails (MSG-4)",
            False,
            "configure `ip http client secure-trustpoint SLA-TrustPoint`, then `slp retry`",
        ),
    ),
    (
        r"down rev|REPORTING_NOT_SUPPORTED",
        Cause(
            "onprem-old",
            "SSM On-Prem is too old for SLP",
            True,
            "upgrade SSM On-Prem, then `slp retry`",
        ),
    ),
    (
        r"(no|\b0|insufficient|not enough).{0,40}(licen[cs]e|balance|entitlement)",
        Cause(
            "balance",
            "the virtual account has no such licence left",
            True,
            "move or buy one in CSSM, then `slp retry`",
        ),
    ),
    (
        r"empty response",
        Cause(
            "empty-response",
            "the server answers nothing: the transport does not fit the server",
            False,
            "check `license smart transport` and the URL, then `slp retry`",
        ),
    ),
    (
        r"duplicate",
        Cause(
            "duplicate-report",
            "CSSM refuses the usage report as a duplicate",
            False,
            "look for the report in CSSM's usage data files, then `slp retry`",
        ),
    ),
)
_HTTP = re.compile(r"HTTP\D{0,20}\b(401|403|404|429|5\d\d)\b")
_HTTP_WORDS = {
    "401": "does not accept the router's identity",
    "403": "forbids the request",
    "404": "knows no such address: it may have moved",
    "429": "is asked too often",
}
_SERVER = "check the way to the licence server and its state, then `slp retry`"


def cause_of(text: str) -> Cause | None:
    """Returns the cause that a text of the router or of CSSM names."""
    for pattern, cause in _CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return cause
    http = _HTTP.search(text)
    if http is None:
        return None
    says = _HTTP_WORDS.get(http[1], "is in trouble")
    return Cause(f"http-{http[1]}", f"the licence server {says} (HTTP {http[1]})", False, _SERVER)


def _unnamed(text: str) -> Cause:
    said = text.rpartition(" : ")[2].strip()[:160]
    why = f" ({said})" if said else ""
    return Cause("communication", f"the licence server gives no answer of use{why}", False, _SERVER)


def _to_do(mnemonic: str) -> str:
    """Returns what the table of system messages says is to be done."""
    facility, severity, name = mnemonic.rsplit("-", 2)
    row = row_of(facility, int(severity), name)
    return f"{row.do} Then `slp retry`." if row is not None else _SERVER


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
            before, found = found, cause_of(line.text) or cause_of(name)
            if found is None and name in wanted and name != "COMM_FAILED":
                found = Cause(
                    "refused", f"it was refused ({line.text[:160]})", False, _to_do(line.mnemonic)
                )
            # A failure to communicate that follows says less than the refusal before it.
            found = found or before or _unnamed(line.text)
    return found
