"""From routers, read again, to a verification: each held against what a plan predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.documents import stamp
from nornir_slp.reads import NOTHING, Read, Trouble
from nornir_slp.routers import moments_of, read_routers
from nornir_slp.workspace import Workspace
from slp_core.plan import Finding, Plan, RouterPlan
from slp_core.verify import Moment, is_proven, observe, verify, verify_captured

if TYPE_CHECKING:
    from slp_fleet.reading import Sight


@dataclass(frozen=True)
class Verification:
    """What routers showed beside what their plans predicted.

    Attributes:
        findings: by router.
        errors: routers of the plan that could not be judged.
        sights: what a run keeps of each router that was read live.
    """

    plan: Plan
    moment: Moment
    findings: Mapping[str, Sequence[Finding]]
    errors: Mapping[str, Trouble]
    sights: Mapping[str, Sight]

    @property
    def proven(self) -> tuple[str, ...]:
        """The routers that are as predicted."""
        return tuple(name for name, findings in self.findings.items() if is_proven(findings))

    @property
    def all_proven(self) -> bool:
        """Whether every router of the plan that was meant is as predicted."""
        return not self.errors and len(self.proven) == len(self.findings)

    def to_json(self) -> dict[str, Any]:
        """Returns the document ``verification.json``."""
        routers: list[dict[str, Any]] = [
            {"router": name, "proven": is_proven(f), "findings": [x.to_json() for x in f]}
            for name, f in self.findings.items()
        ]
        routers += [
            {
                "router": name,
                "proven": False,
                "error": {"code": e.code, "what": e.what, "remedy": e.remedy},
                "findings": [],
            }
            for name, e in self.errors.items()
        ]
        return {
            "schema_version": 1,
            "kind": "verification",
            **stamp(),
            "plan_hash": self.plan.hash(),
            "routers": routers,
        }


def verify_routers(
    space: Workspace, plan: Plan, *, moment: Moment = "end", from_captures: Path | None = None
) -> Verification:
    """Returns how the routers of a plan, read now or from saved outputs, compare with it.

    A router that could not be read, or is not there, is among the errors.

    Raises:
        UsageError, InputError, InventoryError: nothing can be read at all.
    """
    names = [p.router for p in plan.routers]
    findings: dict[str, Sequence[Finding]] = {}
    errors: dict[str, Trouble] = {}
    sights: dict[str, Sight] = {}
    for read in read_routers(space, from_captures, only=set(names)):
        router = plan.router(read.name)
        if router is None:
            continue
        if read.state is None:
            errors[read.name] = read.error or NOTHING
        elif read.state.mixed:
            mixed = read.state.mixed[0]
            errors[read.name] = Trouble("SLP-E101", mixed.text, mixed.remedy)
        else:
            findings[read.name] = _findings(router, read, moment)
            sight = _sight(read, findings[read.name], moment)
            if sight is not None:
                sights[read.name] = sight
    if space.limit is None:
        for name in names:
            if name not in findings and name not in errors:
                errors[name] = Trouble("SLP-E102", "is in the plan, and was not there to be read")
    return Verification(plan, moment, findings, errors, sights)


def _findings(router: RouterPlan, read: Read, moment: Moment) -> Sequence[Finding]:
    assert read.state is not None
    if read.capture is not None and moment != "upgrade":
        return verify_captured(router, moments_of(read.capture))
    return verify(router, read.state, moment=moment, live=read.capture is None)


def _sight(read: Read, findings: Sequence[Finding], moment: Moment) -> Sight | None:
    """Returns what a run keeps of a look; what differs only where it is held against the end."""
    from slp_fleet.reading import Sight

    state = read.state
    if state is None or state.read_at is None:
        return None
    facts = {path: seen.value for path, seen in observe(state).items()}
    kept = tuple(findings) if moment == "end" else ()
    return Sight(state.read_at, "slp verify", facts, True, kept)
