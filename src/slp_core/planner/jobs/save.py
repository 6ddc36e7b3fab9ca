"""Saves the configuration, and does nothing else."""

from __future__ import annotations

from typing_extensions import override

from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.planner.situation import Situation
from slp_core.steps.around import SaveConfigParams


class SaveJob(Job):
    """The running configuration is saved."""

    facts = JobFacts(name="save", any_model=True, verifies=False)

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        steps.add(SaveConfigParams(), ("UP-3",))
