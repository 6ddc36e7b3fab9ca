"""CSLU: a relay on the customer's own network, with or without a way to CSSM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slp_sim.formats import Imported, system_info, usage_file
from slp_sim.ports import LabClock, Reply, Request
from slp_sim.services.account import Udi, VirtualAccount
from slp_sim.services.cssm import Cssm

POLL_S = 300.0
_USAGE, _CONVERSION = 1, 2


@dataclass
class _Held:
    """What a disconnected CSLU keeps of one router until a person carries it to CSSM."""

    hostname: str
    reports: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    conversion: Mapping[str, Any] | None = None
    ack: Mapping[str, Any] | None = None
    asked: int | None = None
    """CSSM's poll id, where the reports were forwarded."""


class Cslu:
    """One CSLU.

    Args:
        home: the virtual account that it is signed in to; one for the whole CSLU.
        connected: forwards at once; otherwise it keeps what routers send for ``export_files``.
    """

    def __init__(
        self, cssm: Cssm, home: VirtualAccount, clock: LabClock, *, connected: bool = True
    ) -> None:
        self.connected = connected
        self._cssm = cssm
        self._home = home
        self._clock = clock
        self._held: dict[Udi, _Held] = {}

    def handle(self, request: Request) -> Reply:
        """Answers a router, by CSSM's word or by what was imported last."""
        if request.kind in ("trust", "register", "deregister", "renew"):
            return Reply(ok=False, reason="CSLU does not carry trust or registration requests")
        if self.connected:
            return self._cssm.handle(request, self._home)
        return self._keep(request)

    def _keep(self, request: Request) -> Reply:
        held = self._held.setdefault((request.pid, request.sn), _Held(request.hostname))
        if request.kind == "usage":
            for report in request.body.get("reports") or ():
                if str(report["payload"]) not in held.reports:
                    held.ack = None  # what was imported before says nothing of this one
                held.reports[str(report["payload"])] = report
            return Reply(ok=True, poll_id=_USAGE, poll_after_s=POLL_S)
        if request.kind == "dlc":
            held.conversion = request.body.get("features") or {}
            return Reply(ok=True, poll_id=_CONVERSION, poll_after_s=POLL_S)
        if request.kind == "poll":
            return self._poll(request, held)
        return Reply(ok=False, reason="CSLU is not connected to CSSM")

    def _poll(self, request: Request, held: _Held) -> Reply:
        poll_id = int(request.body.get("poll_id") or 0)
        if held.asked is not None:
            asked = replace(request, body={"poll_id": held.asked})
            answer = self._cssm.handle(asked, self._home)
            if answer.ok and "ack" in answer.body:
                held.ack = answer.body["ack"]
        pending = held.ack is None or (poll_id == _CONVERSION and not held.ack.get("dlc_done"))
        if held.ack is None or pending:
            return Reply(ok=True, poll_id=poll_id, poll_after_s=POLL_S)
        return Reply(ok=True, body={"ack": held.ack})

    def forward(self) -> int:
        """Sends everything that is kept to CSSM; returns for how many routers there was any."""
        count = 0
        for (pid, sn), held in self._held.items():
            now = self._clock.now()
            request = Request("usage", pid, sn, held.hostname, "cslu", None, now)
            if held.conversion is not None:
                collected = replace(request, kind="dlc", body={"features": held.conversion})
                self._cssm.handle(collected, self._home)
            if held.reports:
                reports = replace(request, body={"reports": list(held.reports.values())})
                held.asked = self._cssm.handle(reports, self._home).poll_id
            count += bool(held.reports or held.conversion)
        return count

    def export_files(self) -> Iterable[tuple[str, bytes]]:
        """Yields name and content of what has to be uploaded in CSSM, a file a router."""
        for (pid, sn), held in self._held.items():
            if held.reports or held.conversion:
                info = system_info(
                    pid=pid,
                    sn=sn,
                    hostname=held.hostname,
                    software_tag="",
                    at=self._clock.now(),
                    conversion=held.conversion,
                )
                yield (
                    f"UD_{pid.replace('/', '_')}_{sn}.xml",
                    usage_file(list(held.reports.values()), info),
                )

    def import_file(self, imported: Imported) -> int:
        """Takes what CSSM answered and returns for how many routers it was."""
        policy = imported.policy.as_mapping() if imported.policy else None
        for ack in imported.acks:
            held = self._held.setdefault((ack.pid, ack.sn), _Held(""))
            held.reports.clear()
            held.ack = {"policy": policy, "acked": list(ack.acked), "dlc_done": ack.dlc_done}
        return len(imported.acks)
