"""Usage reports leave a router, and their acknowledgements or a policy come back (REP)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from typing_extensions import override

from slp_core.plan import PersonTask
from slp_core.planner.check_reporting import check_collected
from slp_core.planner.collecting import ACK_FILE, POLICY_FILE, Steps
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.planner.predict import pushed
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.planner.usage_steps import import_step, policy_step, save_step
from slp_core.rules.concern import Concern
from slp_core.rules.reporting import synchronised
from slp_core.steps.around import PersonParams
from slp_core.steps.authorization import Scope
from slp_core.steps.usage import UsageSyncParams, What


class UsageSaveJob(Job):
    """Usage reports leave as a file.

    Attributes:
        what: ``days`` and ``rum-id`` with their ``number``.
        by: the CLI, or the REST interface where asked for.
    """

    facts = JobFacts(name="usage-save", licensing="slp", verifies=False)

    what: What = "unreported"
    number: int | None = None
    by: Literal["rest"] | None = None

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        yield from check_collected(s)

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        reasons = ("REP-7", s.topology.rule)
        save_step(steps, reasons, what=self.what, number=self.number, by=self.by)


class UsageImportJob(Job):
    """A person brings an acknowledgement or a policy, and the router takes it.

    Attributes:
        by: the CLI, or the REST interface where asked for.
    """

    facts = JobFacts(name="usage-import", licensing="slp")

    kind: Literal["ack", "policy"] = "ack"
    by: Literal["rest"] | None = None

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        rule, by = s.topology.rule, self.by
        if self.kind == "policy":
            _download(steps, ("POL-1", rule), POLICY_FILE, "policy", "Reporting Policy")
            policy_step(steps, (rule,), by=by)
        else:
            of = f" of the report of {s.udi_text}"
            files = "Usage Data Files"
            _download(steps, ("REP-9", rule), ACK_FILE, "acknowledgement", files, of)
            import_step(steps, (rule,), by=by)

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        if self.kind == "policy":
            why = "what the policy says stands in the file alone"
            p.unobservable("policy.name", ("POL-1",), why)
        else:
            p.newly_issued("reporting.last_ack", ("REP-7", "REP-9"), renewed=True)


def _download(
    steps: Steps, reasons: tuple[str, ...], file: str, name: str, page: str, of: str = ""
) -> None:
    """Adds the person who downloads a file from the reports of CSSM."""
    steps.add(
        PersonParams(provides=(file,), needs=()),
        reasons,
        title=f"Download the {name}",
        person=PersonTask(
            where=f"CSSM: Reports > {page}",
            instructions=(f"Download the {name}{of}.", f"Drop it as {file}."),
        ),
    )


class UsageSyncJob(Job):
    """The router reports usage now."""

    facts = JobFacts(name="usage-sync", licensing="slp", concerns=("READY-2", "READY-3", "UP-5"))

    scope: Scope | None = None

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if not synchronised(s.state):
            reasons = ("REP-7", "REP-9", s.topology.rule)
            steps.add(UsageSyncParams(scope=self.scope or s.scope), reasons)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        yield from check_collected(s)
        if not s.connected:
            yield Concern(
                s.topology.rule,
                "blocker",
                f"a router that reports by {s.topology.kind} does not push reports",
                "slp usage save, or let the collector fetch them",
                overridable=True,
            )

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        p.newly_issued("reporting.last_ack", ("REP-7", "REP-9"), renewed=True)
        pushed(s, p)
