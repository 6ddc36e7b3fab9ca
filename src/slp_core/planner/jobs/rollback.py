"""Rolls back an upgrade that is not committed, or the boot variable (UP-4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from typing_extensions import override

from slp_core import typed
from slp_core.plan import Prediction
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.rollback import WayBack, way_back
from slp_core.steps.image import RollbackParams


class RollbackJob(Job):
    """The release from before comes back, as far as the router shows a way.

    Attributes:
        release: to go back to; by default what is committed or booted before.
        boot: files that booted before, in boot order; by default as the router shows.
    """

    facts = JobFacts(name="rollback", any_model=True, reports_as_now=False, concerns_idle=True)

    release: typed.Release | None = None
    boot: tuple[typed.BootFile, ...] = ()

    def _way(self, s: Situation) -> WayBack | None:
        return way_back(s.state, release=self.release, boot=self.boot)

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        way = self._way(s)
        if way is None:
            return
        reloads = "and reload" if way.reloads else "without a reload"
        steps.add(
            RollbackParams(release=way.release, boot=way.boot),
            ("UP-4",),
            title=f"Roll back to {way.release}"
            if way.release
            else f"Restore the boot variable, {reloads}",
            why=way.why,
        )

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        way = self._way(s)
        if way is None:
            yield Concern(
                "UP-4",
                "note",
                f"nothing is left to take back: {s.state.release or 'what runs'} is committed, or "
                "nothing else is known to have booted before",
                "a plan with the old release as its target leads back (slp upgrade --release)",
            )
        elif not way.reloads and way.boot:
            yield Concern(
                "UP-4",
                "warning",
                "no release is in the name of the file that booted before: the router is not "
                "reloaded",
                "name it: --release",
            )

    @override
    def predictions(self, s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
        p = Predictions(before)  # of the licensing nobody knows what the release of before makes
        for path in ("udi.pid", "udi.sn", "hostname"):
            p.unchanged(path, ("UP-4",))
        way = self._way(s)
        if way is not None and way.release is not None:
            p.equals("release", way.release, ("UP-4",))
        return p.values()
