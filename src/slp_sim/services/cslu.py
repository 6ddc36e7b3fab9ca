"""CSLU: a relay on the customer's own network, with or without a way to CSSM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slp_sim.formats import Imported, system_info, usage_file
from slp_sim.ports import LabClock, Reply, Request
from slp_sim.services.account import Udi, VirtualAccount
from slp_sim.services.cssm import Cssm

POLL_S = 300.0


@dataclass
class _Held:
    """What a disconnected CSLU keeps of one router until a person carries it to CSSM."""

    hostname: str
    reports: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    conversion: Mapping[str, Any] | None = None
    ack: Mapping[str, Any] | None = None


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
                held.reports[str(report["payload"])] = report
            return Reply(ok=True, poll_id=1, poll_after_s=POLL_S)
        if request.kind == "dlc":
            held.conversion = request.body.get("features") or {}
            return Reply(ok=True, poll_id=1, poll_after_s=POLL_S)
        if request.kind == "poll":
            if held.ack is None:
                return Reply(ok=True, poll_id=1, poll_after_s=POLL_S)
            return Reply(ok=True, body={"ack": held.ack})
        return Reply(ok=False, reason="CSLU is not connected to CSSM")

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
