"""Faults of the services and of the way to them, each on one router (the router has its own).

Which there are, with what, and where each can strike stands in ``data/faults.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from slp_sim.ports import Reply, Request
from slp_sim.router.spec import FaultSpec, RouterSpec
from slp_sim.services.account import Udi

_TRUST = {
    "expired": "the token has expired",
    "used-up": "the token has reached its maximum number of uses",
    "revoked": "the token has been revoked",
    "unknown": "the token is not valid",
    "other-account": "the product instance belongs to another Smart Account than the token",
}
_FOR_EVER = 1_000_000_000


def before_power(spec: RouterSpec) -> None:
    """Changes what a router is before it is switched on, in place (F06)."""
    if any(f.name.upper() == "F06" for f in spec.faults):
        spec.boot_mode = "bundle"


class ServiceFaults:
    """The faults of one lab's services, by router."""

    def __init__(self) -> None:
        self._by_udi: dict[Udi, dict[str, dict[str, Any]]] = {}
        self._used: dict[tuple[Udi, str], int] = {}

    def add(self, udi: Udi, faults: Iterable[FaultSpec]) -> None:
        """Has faults strike a router from now on."""
        for fault in faults:
            name, _, variant = fault.name.partition("-")
            own = {"variant": variant} if variant else {}
            self._by_udi.setdefault(udi, {})[name.upper()] = own | fault.params

    def clear(self, udi: Udi, name: str) -> None:
        """Ends a fault: what was wrong has been put right."""
        self._by_udi.get(udi, {}).pop(name, None)

    def params(self, udi: Udi, name: str) -> Mapping[str, Any] | None:
        """Returns what is known of a fault; None where it does not strike this router."""
        return self._by_udi.get(udi, {}).get(name)

    def _strikes(self, udi: Udi, name: str, times: int) -> bool:
        params = self.params(udi, name)
        used = self._used.get((udi, name), 0)
        if params is None or used >= int(params.get("times", times)):
            return False
        self._used[udi, name] = used + 1
        return True

    def misaddressed(self, udi: Udi) -> bool:
        """Tells whether the file that is given out now names another router (F25)."""
        return self._strikes(udi, "F25", 1)

    def answer(self, request: Request) -> Reply | None:
        """Returns what a router hears instead of the service; None where it is asked as usual."""
        udi = (request.pid, request.sn)
        if not self._by_udi.get(udi):
            return None
        if request.kind == "trust":
            reason = _TRUST.get(str((self.params(udi, "F34") or {}).get("variant")))
            if reason and self._strikes(udi, "F34", _FOR_EVER):
                return Reply(ok=False, reason=reason)
        return self._service_trouble(udi, request)

    def _service_trouble(self, udi: Udi, request: Request) -> Reply | None:
        params = self.params(udi, "F36")
        if params is None:
            return None
        variant = params.get("variant", "pending")
        if variant == "pending" and request.kind == "poll":
            return Reply(ok=True, poll_id=int(request.body.get("poll_id") or 0), poll_after_s=300)
        if variant in ("failed", "duplicate") and request.kind == "usage":
            words = "FAILED" if variant == "failed" else "the usage reports are duplicates"
            return Reply(ok=False, reason=words) if self._strikes(udi, "F36", _FOR_EVER) else None
        if variant == "http" and self._strikes(udi, "F36", 2):
            status = int(params.get("status", 503))
            return Reply(ok=False, reached=False, reason=f"HTTP server error {status}")
        return None
