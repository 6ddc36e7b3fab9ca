"""System messages (``%FACILITY-SEVERITY-MNEMONIC: text``) as typed events."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from slp_core.parsing.lines import Line
from slp_core.parsing.values import when
from slp_core.state import Frozen

Meaning = Literal["good", "notice", "bad", "unclassified"]

_FORM = re.compile(
    r"^(?:<\d{1,3}>)?(?P<head>[^%]{0,80}?)%(?P<facility>[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*?)"
    r"-(?P<severity>[0-7])-(?P<mnemonic>[A-Z0-9_]+): ?(?P<text>.*)$"
)


class Message(Frozen):
    """One system message; ``meaning`` is what it means for a migration, not its severity."""

    line: int
    facility: str
    severity: int
    mnemonic: str
    text: str
    at: datetime | None = None
    meaning: Meaning = "unclassified"


_ACKNOWLEDGED = re.compile(r"service is up|report acknowledged", re.IGNORECASE)
# The severity says little: `%SIP-1-LICENSING` is good news, `COMM_FAILED` before a topology is
# chosen is expected (MSG-1, MSG-3).
_MEANINGS: dict[tuple[str, str], Meaning] = {
    ("SMART_LIC", "COMM_FAILED"): "bad",
    ("SMART_LIC", "COMM_RESTORED"): "good",
    ("SMART_LIC", "AUTH_RENEW_FAILED"): "bad",
    ("SMART_LIC", "AUTH_RENEW_SUCCESS"): "good",
    ("SMART_LIC", "AGENT_REG_FAILED"): "bad",
    ("SMART_LIC", "AGENT_REG_SUCCESS"): "good",
    ("SMART_LIC", "AGENT_ENABLED"): "notice",
    ("SMART_LIC", "EXPORT_CONTROLLED"): "notice",
    ("SMART_LIC", "REPORTING_REQUIRED"): "notice",
    ("SMART_LIC", "REPORTING_NOT_SUPPORTED"): "bad",
    ("SMART_LIC", "TRUST_INSTALL_SUCCESS"): "good",
    ("SMART_LIC", "TRUST_INSTALL_FAILED"): "bad",
    ("SMART_LIC", "TRUST_CODE_INSTALL_FAILED"): "bad",
    ("SMART_LIC", "AUTHORIZATION_INSTALL_SUCCESS"): "good",
    ("SMART_LIC", "AUTHORIZATION_INSTALL_FAILED"): "bad",
    ("SMART_LIC", "POLICY_INSTALL_SUCCESS"): "good",
    ("SMART_LIC", "POLICY_INSTALL_FAILED"): "bad",
    ("SMART_LIC", "RESERVED_INSTALLED"): "good",
    ("SMART_LIC", "RESERVE_INSTALL_FAILED"): "bad",
    ("SMART_LIC", "SYSTEM_CLOCK_CHANGED"): "notice",
    ("SMART_LIC", "EVAL_START"): "notice",
    ("SMART_LIC", "EVAL_EXPIRED"): "bad",
    ("SMART_LIC", "EVAL_WILL_EXPIRE_WARNING"): "bad",
    ("SMART_LIC", "IN_COMPLIANCE"): "good",
    ("SMART_LIC", "OUT_OF_COMPLIANCE"): "bad",
    ("SMART_LIC", "END_POINT_RESET"): "notice",
    ("SMART_LIC", "PLATFORM_ERROR"): "bad",
    ("SIP", "LICENSING"): "good",
    ("CALL_HOME", "SL_MESSAGE_FAILED"): "bad",
    ("ISR_THROUGHPUT", "LEVEL"): "notice",
    ("ISR_THROUGHPUT", "UNTHROTTLED"): "good",
    ("ISR_THROUGHPUT", "CRYPTO"): "notice",
    ("INSTALL", "INSTALL_COMPLETED_INFO"): "good",
    ("INSTALL", "INSTALL_START_INFO"): "notice",
    ("INSTALL", "INSTALL_OPERATION_ERROR_MESSAGE"): "bad",
    ("INSTALL", "INSTALL_AUTO_ABORT_TIMER_PROGRESS"): "bad",
}


def read_message(line: Line) -> Message:
    """Returns the event that ``line``, known to be a system message, tells of."""
    match = _FORM.match(line.text)
    if match is None:
        return Message(line=line.numbers[0], facility="", severity=7, mnemonic="", text=line.text)
    facility, mnemonic = match["facility"], match["mnemonic"]
    found = Message(
        line=line.numbers[0],
        facility=facility,
        severity=int(match["severity"]),
        mnemonic=mnemonic,
        text=match["text"],
        meaning=_meaning(facility, mnemonic, match["text"]),
    )
    at = _stamp(match["head"])
    return found if at is None else found.model_copy(update={"at": at})


def _meaning(facility: str, mnemonic: str, text: str) -> Meaning:
    """Voice says by one message that it works again and that it stopped (MSG-3, UP-5)."""
    if (facility, mnemonic) == ("SIP", "LICENSING") and not _ACKNOWLEDGED.search(text):
        return "bad"
    return _MEANINGS.get((facility, mnemonic), "unclassified")


def _stamp(head: str) -> datetime | None:
    body = head.strip().rstrip(":").lstrip("*.")
    try:
        return when(body)
    except ValueError:
        return None  # no year, or only the uptime: when it was cannot be told
