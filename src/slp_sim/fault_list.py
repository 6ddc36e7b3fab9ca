"""The list of faults as data: which there are, with what, and which routers each can strike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import Field

from slp_sim.entries import RouterEntry, Strict
from slp_sim.router.faults import MOMENTS
from slp_sim.router.spec import FaultSpec

_NAMED = 6


class Param(Strict):
    """What a fault may be told; ``default`` says of what kind it is, where ``kind`` does not."""

    means: str
    default: float | None = None
    kind: Literal["number", "text", "list"] = "number"
    needed: bool = False


class FaultKind(Strict):
    """One fault of the list.

    Attributes:
        always: why it needs no switch, where it strikes every router.
        client: why no simulated router can have it, where it strikes the client or the run.
        lasting: whether it may be told a moment.
        strikes: the condition that a router must meet; ``variant_strikes`` for single variants.
        default: the variant of the bare name.
    """

    does: str = ""
    when: str = ""
    always: str | None = None
    client: str | None = None
    lasting: bool = False
    strikes: str | None = None
    params: dict[str, Param] = Field(default_factory=dict)
    variants: dict[str, str] = Field(default_factory=dict)
    variant_strikes: dict[str, str] = Field(default_factory=dict)
    default: str | None = None
    needs_variant: bool = False


class Condition(Strict):
    """What a router must be for a fault to strike it."""

    words: str
    met: Callable[[RouterEntry, FaultSpec], bool]


def _asks(entry: RouterEntry, _: FaultSpec) -> bool:
    path = entry.path
    return entry.router.reachable and (path.cssm or path.cslu or path.dns)


def _has_lines(entry: RouterEntry, fault: FaultSpec) -> bool:
    router = entry.router
    wanted = fault.params.get("lines")
    if wanted is None:
        levels = (router.throughput_kbps, router.crypto_kbps)
        return any(levels) or any(x.startswith("platform hardware") for x in router.config)
    return bool(wanted)


CONDITIONS = {
    "install": Condition(
        words="routers in install mode", met=lambda e, _: e.router.boot_mode == "install"
    ),
    "pair": Condition(
        words="routers with a second processor (standby)",
        met=lambda e, _: e.router.standby is not None or e.router.peer_serial is not None,
    ),
    "reservation": Condition(
        words="routers with a reservation (SLR or PLR)",
        met=lambda e, _: e.router.licensing.model in ("slr", "plr"),
    ),
    "csl": Condition(
        words="routers with PAK or right-to-use licences (CSL)",
        met=lambda e, _: e.router.licensing.model == "csl",
    ),
    "slp": Condition(
        words="routers under SLP from the start",
        met=lambda e, _: e.router.licensing.model == "slp",
    ),
    "cssm": Condition(
        words="routers that reach CSSM by name",
        met=lambda e, _: e.router.reachable and e.path.cssm and e.path.dns,
    ),
    "asks": Condition(words="routers that reach CSSM, a CSLU or SSM On-Prem", met=_asks),
    "above_250": Condition(
        words="routers above 250 Mbit/s",
        met=lambda e, _: (e.router.throughput_kbps or 250_001) > 250_000,
    ),
    "lines": Condition(
        words="routers whose configuration has such lines (or with `lines`)", met=_has_lines
    ),
}
"""By the names that the list of faults uses."""


@cache
def fault_list() -> dict[str, FaultKind]:
    """Returns every fault by its number."""
    text = resources.files("slp_sim.data").joinpath("faults.yaml").read_text("utf-8")
    return {n: FaultKind.model_validate(d) for n, d in yaml.safe_load(text).items()}


def switches() -> list[str]:
    """Returns the faults that a lab can have strike a router, without their variants."""
    return [n for n, k in fault_list().items() if not (k.always or k.client)]


def why_not(name: str) -> str | None:
    """Returns why a lab cannot produce a fault of this name; ``None`` where it can."""
    number, hyphen, variant = name.partition("-")
    number = number.upper()
    kind = fault_list().get(number)
    if kind is None:
        return f"there is no fault {name}; known: {', '.join(switches())}"
    if kind.always:
        return f"{number} needs no switch: {kind.always}"
    if kind.client:
        return f"{number} strikes the client or the run, not a simulated router: {kind.client}"
    known = ", ".join(f"{number}-{v}" for v in kind.variants) or number
    if hyphen and variant not in kind.variants:
        return f"{number} has no variant {variant}; known: {known}"
    if kind.needs_variant and not hyphen:
        return f"{number} needs a variant; known: {known}"
    return None


def why_it_cannot_strike(
    entry: RouterEntry, fault: FaultSpec, others: Iterable[RouterEntry]
) -> str | None:
    """Returns why a fault cannot strike a router as it is asked for; ``None`` where it can.

    Args:
        others: the routers of the scenario, some of which it may strike.
    """
    name = _whole_name(fault)
    told = why_not(name) or _wrong_params(name, fault)
    if told is not None:
        return told
    number, _, variant = name.partition("-")
    if [_whole_name(f).partition("-")[0] for f in entry.router.faults].count(number) > 1:
        return f"{number} is asked for twice; one router has one variant of a fault"
    kind = fault_list()[number]
    needed = kind.variant_strikes.get(variant) or kind.strikes
    condition = CONDITIONS[needed] if needed else None
    if condition is None or condition.met(entry, fault):
        return None
    could = [e.name for e in others if condition.met(e, fault)]
    more = f" and {len(could) - _NAMED} more" if len(could) > _NAMED else ""
    here = f"{', '.join(could[:_NAMED])}{more}" if could else "none"
    return f"{name} cannot strike {entry.name}: it strikes {condition.words}; here: {here}"


def _whole_name(fault: FaultSpec) -> str:
    """Returns the name with its variant, which may also stand among the params."""
    number, _, variant = fault.name.partition("-")
    variant = variant or str(fault.params.get("variant") or "")
    return f"{number.upper()}-{variant}" if variant else number.upper()


def _wrong_params(name: str, fault: FaultSpec) -> str | None:
    number = name.partition("-")[0]
    kind = fault_list()[number]
    given = {k: v for k, v in fault.params.items() if k != "variant"}
    moment = given.pop("moment", None)
    if moment is not None and not kind.lasting:
        return f"{number} has a moment of its own ({kind.when}); it takes none"
    if moment is not None and moment not in MOMENTS:
        return f"{number} knows no moment {moment!r}; known: {', '.join(MOMENTS)}"
    for key, value in given.items():
        param = kind.params.get(key)
        if param is None:
            known = [*kind.params, *(["moment"] if kind.lasting else [])]
            return f"{number} takes no {key!r}; known: {', '.join(known) or 'nothing'}"
        if not _fits(param, value):
            return f"{number}: {key} must be a {param.kind}, not {value!r}"
    missing = [k for k, p in kind.params.items() if p.needed and k not in given]
    if missing:
        return f"{number} needs {missing[0]}: {kind.params[missing[0]].means}"
    return None


def _fits(param: Param, value: Any) -> bool:
    if param.kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if param.kind == "text":
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, list) and bool(value) and all(isinstance(x, str) for x in value)
