"""Sets the throughput that export control counts, and what belongs to it (THR)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from typing_extensions import override

from slp_core.errors import UsageError
from slp_core.plan import Prediction
from slp_core.planner.check_slac import check_throughput
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import AUTHORIZATION, Job, JobFacts
from slp_core.planner.predict_throughput import predict_wanted
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.planner.steps import hseck9_line_wanted, runs_at, throughput_step
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.rules.throughput import same_level, wanted_kbps
from slp_core.steps.around import SaveConfigParams
from slp_core.steps.image import ReloadParams
from slp_core.targets import Target

_LEVEL: Final = "license_level"


class ThroughputJob(Job):
    """The target's throughput, platform level and boot level.

    Attributes:
        reload: saves and reloads at once, so that everything counts.
    """

    facts = JobFacts(name="throughput", saves=True, moves=AUTHORIZATION)

    reload: bool = False

    @override
    def check_target(self, target: Target, *, where: str) -> None:
        if not (target.throughput or target.platform_level or target.boot_level):
            raise UsageError(
                "no throughput is named", where=where, remedy="give LEVEL or --boot-level"
            )

    @override
    def sets(self, target: Target) -> dict[str, Any]:
        names = ("throughput", "platform_level", "boot_level")
        return {name: getattr(target, name) for name in names}

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if _stands(s):
            return
        throughput_step(s, steps)
        if self.reload:
            steps.add(SaveConfigParams(), ("UP-3",), title="Save the throughput")
            steps.add(
                ReloadParams(save=False, release=None),
                ("THR-1",),
                title="Reload to apply the throughput",
                why="boot level and crypto throughput count from the next boot on",
            )

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        wanted = s.target.throughput
        if wanted is None:
            return
        if wanted_kbps(wanted, s.rules) is None:
            yield Concern("THR-4", "warning", f"{wanted!r} is no figure that could be judged")
        yield from check_throughput(s)

    @override
    def predictions(self, s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
        predictions, level = super().predictions(s, before), s.target.boot_level
        if s.model is not Model.CLASSIC or level is None:
            return predictions
        kept = tuple(p for p in predictions if p.path != _LEVEL)
        if self.reload:
            return (*kept, Prediction(path=_LEVEL, kind="equals", value=level, rules=("B9-1",)))
        why = "a boot level counts from the next boot on"
        return (*kept, Prediction(path=_LEVEL, kind="unobservable", why=why, rules=("B9-1",)))

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        predict_wanted(s, p, reloaded=self.reload)


def _stands(s: Situation) -> bool:
    """Tells whether the router runs at all that the target names."""
    t = s.target
    level = s.state.throughput.level if s.state.throughput else None
    boot_line = f"license boot level {t.boot_level}"
    return (
        (t.throughput is None or runs_at(s, t.throughput))
        and (t.platform_level is None or same_level(level, t.platform_level))
        and (t.boot_level is None or any(x.strip() == boot_line for x in s.state.config or ()))
        and not hseck9_line_wanted(s)
    )
