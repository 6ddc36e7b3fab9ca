"""What a terminal needs of plans that are made one after the other: groups of alike, and totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from slp_core.plan import Plan, RouterPlan, digest

NAMES = 8
"""Routers named in a group's heading."""

Place = TypeVar("Place")


@dataclass
class Group(Generic[Place]):
    """Routers whose plans differ in nothing but what is the router's own.

    Attributes:
        place: where the plan lies that stands for all.
        names: of the first of them.
    """

    place: Place
    names: list[str] = field(default_factory=list)
    pids: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, plan: RouterPlan) -> None:
        """Counts one more router."""
        self.count += 1
        if len(self.names) < NAMES:
            self.names.append(plan.router)
        if plan.udi is not None:
            self.pids.add(plan.udi.pid)


@dataclass
class Gathered(Generic[Place]):
    """Groups and counts; of the plans themselves nothing is kept but where they lie."""

    groups: dict[str, Group[Place]] = field(default_factory=dict)
    routers: int = 0
    migrating: int = 0
    changing: int = 0
    idle: int = 0
    blocked: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    blocked_by: Counter[str] = field(default_factory=Counter)

    def add(self, plan: RouterPlan, place: Place) -> None:
        """Counts a plan, and puts it beside those that are alike."""
        self.routers += 1
        if plan.blockers:
            self.blocked += 1
            self.blocked_by.update({n.rule for n in plan.blockers})
        elif not plan.steps:
            self.idle += 1
        else:
            self.migrating += _migrates(plan)
            self.changing += not _migrates(plan)
            self.kinds.update(s.kind for s in plan.steps)
        self.groups.setdefault(_likeness(plan), Group(place)).add(plan)

    @property
    def largest_first(self) -> list[Group[Place]]:
        """The groups, the largest first."""
        return sorted(self.groups.values(), key=lambda g: -g.count)

    @property
    def totals(self) -> str:
        """The last line: how many routers will be changed, need nothing, or are blocked."""
        reloads = sum(self.kinds[k] for k in ("install_activate", "issu_activate", "reload"))
        change = f"{self.changing} to change, " if self.changing else ""
        migrate = f"{self.migrating} to migrate, " if self.migrating or not change else ""
        told = (
            (sum(self.kinds.values()), "step", "steps"),
            (reloads, "reload", "reloads"),
            (self.kinds["person"], "step of a person", "steps of a person"),
        )
        rules = [f"{rule} {n}" for rule, n in self.blocked_by.most_common()]
        by = f" ({', '.join(rules)})" if self.routers > 1 and rules else ""
        work = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in told)
        return (
            f"Plan: {migrate}{change}{self.idle} need{'s' * (self.idle == 1)} nothing, "
            f"{self.blocked} blocked{by}; {work}."
        )


def gathered(plan: Plan) -> Gathered[RouterPlan]:
    """Returns the groups and counts of a plan that is in memory."""
    return gather(plan.routers)


def gather(plans: Iterable[RouterPlan]) -> Gathered[RouterPlan]:
    """Returns the groups and counts of plans that are in memory."""
    found: Gathered[RouterPlan] = Gathered()
    for plan in plans:
        found.add(plan, plan)
    return found


def _migrates(plan: RouterPlan) -> bool:
    """Tells whether the router leaves another model for SLP."""
    return plan.model != "MODEL-SLP" and any(
        p.path == "model" and p.kind == "equals" and p.value == "MODEL-SLP"
        for p in plan.predictions
    )


def _likeness(plan: RouterPlan) -> str:
    own = [re.escape(x) for x in (plan.router, plan.udi.sn if plan.udi else plan.router)]
    words = re.compile(rf"(?<![\w-])(?:{'|'.join(own)})(?![\w-])")

    def common(text: str) -> str:
        return words.sub("…", text)

    return digest(
        {
            "model": plan.model,
            "platform": plan.platform,
            "release": plan.release,
            "target": [plan.target.release, plan.target.topology.to_json()],
            "changes": [common(c) for c in plan.changes],
            "steps": [[s.kind, common(s.title), list(s.reasons)] for s in plan.steps],
            "open": [[p.path, p.kind] for p in plan.predictions if p.kind != "equals"],
            "notices": [[n.rule, n.severity, common(n.text), n.allowed] for n in plan.notices],
        }
    )
