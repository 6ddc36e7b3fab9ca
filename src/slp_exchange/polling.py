"""What CSSM answers later: usage reports and authorization requests, by poll id."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slp_core.state import Udi
from slp_exchange.api_versions import Ask
from slp_exchange.cssm import Cssm, account_headers
from slp_exchange.errors import Refusal
from slp_exchange.models import Home, Receipt
from slp_exchange.reading import rows_of, said_no

FIRST_S = 30.0
_INTERVAL_S = 300.0
_PASSING = ("throttled", "unavailable", "unreachable", "unanswered")
"""Troubles that end by themselves: the answer is asked for again until time is up."""
_ACTIONS = {Ask.REPORT: "acknowledgements", Ask.AUTHORIZE: "authorizations"}


class Promises:
    """Hands requests to CSSM and fetches the answers when they are there."""

    def __init__(self, cssm: Cssm) -> None:
        self._cssm = cssm

    def report_usage(self, home: Home, udi: Udi, reports: Sequence[Mapping[str, Any]]) -> Receipt:
        """Hands over the usage reports of one router.

        Args:
            reports: as they stand in the router's file; payloads travel character by character.

        Raises:
            Refusal: ``duplicate`` where CSSM has them already, ``failed`` where it rejects them.
        """
        row = {"sudi": _sudi(udi), "usage": [dict(r) for r in reports]}
        return self._promised(Ask.REPORT, {"reports": [row]}, home, udi)

    def request_authorization(self, home: Home, udi: Udi, request: Mapping[str, Any]) -> Receipt:
        """Asks for the authorization code that a router's request file asks for."""
        return self._promised(Ask.AUTHORIZE, {"licenses": [dict(request)]}, home, udi)

    def ask(self, receipt: Receipt) -> bytes | None:
        """Returns the file that a request was answered with, byte for byte; None: not there yet.

        Raises:
            Refusal: CSSM ends the request with an error.
        """
        where = f"poll of {receipt.action} for {receipt.udi.pid} {receipt.udi.sn}"
        home = self._cssm.home(receipt.account)
        wanted = {"poll_id": receipt.poll_id, "action": receipt.action}
        answer = self._cssm.ask(
            Ask.POLL,
            {"data": {**self._cssm.stamp(), **wanted}},
            headers=_headers(home, receipt.udi),
        )
        if str(answer.get("status") or "").upper() == "OK_POLL":
            if answer.get("message"):
                raise said_no("FAILED", answer["message"], answer.get("message_code"), where)
            return None
        return _file(answer, receipt.action, where)

    def wait(
        self,
        receipts: Iterable[Receipt],
        *,
        within_s: float,
        every_s: float | None = None,
    ) -> Iterator[tuple[Receipt, bytes | Refusal]]:
        """Yields each answer as it comes, and an error for each that does not come.

        The first look is soon; then each waits twice as long as before, up to what CSSM asks for.

        Args:
            within_s: seconds of the service's clock after which waiting ends (F37).
            every_s: longest time between two looks; unset: what CSSM asks for.
        """
        clock = self._cssm.web.clock
        began = clock.now()
        until = began + timedelta(seconds=within_s)
        queue: list[tuple[datetime, int, float, Receipt]] = []
        for i, receipt in enumerate(receipts):
            heapq.heappush(queue, (began, i, min(FIRST_S, receipt.interval_s), receipt))
        while queue:
            due, i, delay, receipt = heapq.heappop(queue)
            ahead = (min(due, until) - clock.now()).total_seconds()
            if ahead > 0:
                self._cssm.web.pause(ahead)
            late = _late(receipt, within_s)
            try:
                found = self.ask(receipt)
            except Refusal as refusal:
                if refusal.cause not in _PASSING:
                    yield receipt, refusal
                    continue
                found, late = None, refusal
            if found is not None:
                yield receipt, found
            elif clock.now() >= until:
                yield receipt, late
            else:
                longest = receipt.interval_s if every_s is None else every_s
                again = clock.now() + timedelta(seconds=delay)
                heapq.heappush(queue, (again, i, min(delay * 2, longest), receipt))

    def _promised(self, what: Ask, data: Mapping[str, Any], home: Home, udi: Udi) -> Receipt:
        answer = self._cssm.ask(
            what,
            {"data": {**self._cssm.stamp(), **data}},
            headers=_headers(home, udi),
            repeatable=False,
        )
        poll_id = str(answer.get("poll_id") or "")
        if not poll_id.isdecimal():
            raise Refusal("malformed", "CSSM took it and gave no poll id", where=str(what))
        interval = answer.get("poll_interval")
        every = float(interval) if isinstance(interval, int | float) else _INTERVAL_S
        action = str(answer.get("action") or _ACTIONS[what])
        return Receipt(int(poll_id), action, max(every, 1.0), home.path, udi)


def _late(receipt: Receipt, within_s: float) -> Refusal:
    return Refusal(
        "pending",
        f"no answer within {within_s / 60:.0f} minutes: CSSM still has it in work",
        where=f"{receipt.udi.pid} {receipt.udi.sn}",
        remedy="ask again later with slp cssm poll; never report the same usage twice",
    )


def _file(answer: Mapping[str, Any], action: str, where: str) -> bytes:
    data = answer.get("data")
    rows = rows_of(data if isinstance(data, dict) else {}, action)
    if not rows:
        raise Refusal("malformed", "CSSM is done, and its answer holds nothing", where=where)
    row = rows[0]
    text = row.get("smart_license")
    if not text:
        status = str(row.get("status") or "FAILED").upper()
        raise said_no(status, row.get("status_message"), row.get("error_code"), where)
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error:
        raise Refusal("malformed", "CSSM's file is not base64", where=where) from None


def _headers(home: Home, udi: Udi) -> dict[str, str]:
    return {**account_headers(home), "x-csw-requesting-system": json.dumps(_sudi(udi))}


def _sudi(udi: Udi) -> dict[str, str]:
    return {"udi_pid": udi.pid, "udi_serial_number": udi.sn}
