"""Configures how a router reports."""

from __future__ import annotations

from typing_extensions import override

from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import TRANSPORT, Job, JobFacts
from slp_core.planner.predict import set_up
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.planner.steps import topology_stands, topology_step


class TopologyJob(Job):
    """The target's topology."""

    facts = JobFacts(
        name="topology",
        licensing="slp",
        reports_as_now=False,
        concerns=("UP-6", "READY-3", "TOPO-"),
        saves=True,
        moves=TRANSPORT,
    )

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if not topology_stands(s):
            topology_step(s, steps)

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        set_up(s, p)
