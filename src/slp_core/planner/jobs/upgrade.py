"""Upgrades a router, and nothing else: licensing is not configured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from typing_extensions import override

from slp_core.errors import UsageError
from slp_core.plan import Prediction
from slp_core.planner.authorization_steps import slac_line_steps
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.planner.make import steps_and_predictions
from slp_core.planner.notices import concerns_of
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_steps
from slp_core.planner.steps import staging_steps, upgrade_by_stop, upgrade_steps
from slp_core.planner.usage_steps import reports_first
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.rules.upgrade import no_release
from slp_core.targets import Target

_LATER: Final = ("TOKEN-", "READY-1", "READY-2", "READY-3", "SLAC-8", "SLAC-10", "TOPO-")
"""What concerns a later step; it is said when that step is asked for."""


class UpgradeJob(Job):
    """The target's release and image."""

    facts = JobFacts(
        name="upgrade",
        any_model=True,
        aims_at=(
            *("release", "image", "stop", "hseck9", "hseck9_balance", "slac_line"),
            *("auto_abort_minutes", "boot", "install", "reload", "rollback", "delivered_with"),
        ),
        reports_as_now=False,
        verifies=False,  # it has its own look
        changes=True,
    )

    @override
    def check_target(self, target: Target, *, where: str) -> None:
        if target.release is None:
            raise UsageError(
                "no release is named to upgrade to",
                where=where,
                remedy="give --release or --image, or data.slp.target in the inventory",
            )

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if s.stages_only:
            staging_steps(s, steps)
        elif s.upgrade:
            slac_line_steps(s, steps)
            reasons = (s.transport.rule,) if s.migrates else ()
            if s.model is Model.CLASSIC:
                upgrade_steps(stop_steps(s, steps), steps, reasons)
            else:
                upgrade_by_stop(s, steps, reasons)

    @override
    def shared_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.target.release is None:
            yield no_release("no release is named", "give --release or --image")
        yield from (c for c in concerns_of(s) if not c.rule.startswith(_LATER))

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.slac.need == "reservation":
            yield Concern(
                s.slac.rule,
                "blocker",
                f"{s.slac.why}: this upgrade alone would leave it behind",
                "slp slr first, or slp plan for the whole way",
                overridable=True,
            )
        if reports_first(s) and s.reports_now is not None:
            yield Concern(
                "REP-8",
                "warning",
                "the storage of usage reports changes on the way",
                "slp usage sync, or save, first",
            )

    @override
    def predictions(self, s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
        return tuple(p for p in steps_and_predictions(s, before)[1] if p.moment != "end")
