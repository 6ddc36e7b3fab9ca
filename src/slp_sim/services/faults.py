"""Faults of the services and of the way to them, each on one router (the router has its own).

======  ==============================================================================
F06     the router runs in bundle mode
F25     the first ``times`` (1) files that CSSM gives out for it name another router
F32     ``known_hosts`` holds another key than the router's; variant ``reload``: the key
        changes with its next boot
F34     CSSM refuses trust: variant ``expired``, ``used-up``, ``revoked``, ``unknown``,
        ``other-account``
F36     variant ``pending``: polls never complete; ``failed``, ``duplicate``: CSSM refuses
        usage; ``http``: the service answers ``status`` (503) ``times`` (2)
======  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from slp_sim.ports import Reply, Request
from slp_sim.router.spec import FaultSpec, RouterSpec
from slp_sim.services.account import Udi

ALWAYS = {
    "F03": "any connection is dead after a reload",
    "F12": "every router asks with [y/n], [confirm] and ?",
    "F18": "every router echoes and wraps at its terminal width",
    "F31": "it is a matter of the client's logs and files",
}
OF_THE_CLIENT = {"F26", "F30", *(f"F{n}" for n in range(42, 48))}

VARIANTS: dict[str, tuple[str, ...]] = {
    "F09": ("unsaved", "issu", "same", "missing"),
    "F11": ("loop",),
    "F22": ("corrupt",),
    "F32": ("known", "reload"),
    "F33": ("silent", "flood"),
    "F34": (
        "expired",
        "used-up",
        "revoked",
        "unknown",
        "other-account",
        "clock",
        "dns",
        "present",
    ),
    "F36": ("pending", "failed", "duplicate", "http"),
}
"""The variants of those faults that have several; the others have none."""

_TRUST = {
    "expired": "the token has expired",
    "used-up": "the token has reached its maximum number of uses",
    "revoked": "the token has been revoked",
    "unknown": "the token is not valid",
    "other-account": "the product instance belongs to another Smart Account than the token",
}
_FOR_EVER = 1_000_000_000


def why_not(name: str) -> str | None:
    """Returns why a lab cannot produce a fault of this name; None where it can."""
    number, hyphen, variant = name.partition("-")
    number = number.upper()
    if number in ALWAYS:
        return f"{number} needs no switch: {ALWAYS[number]}"
    if number in OF_THE_CLIENT:
        return f"{number} strikes the client or the run, not a simulated router"
    if number not in switches():
        return f"there is no fault {name}; known: {', '.join(switches())}"
    if hyphen and variant not in VARIANTS.get(number, ()):
        known = ", ".join(f"{number}-{v}" for v in VARIANTS.get(number, ()))
        return f"{number} has no variant {variant}; known: {known or number}"
    return None


def switches() -> list[str]:
    """Returns the faults that a lab can have strike a router, without their variants."""
    numbers = (f"F{n:02}" for n in range(1, 42))
    return [n for n in numbers if n not in ALWAYS and n not in OF_THE_CLIENT]


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
