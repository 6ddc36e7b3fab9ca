"""Install, third part: keep the new release, before the router rolls back by itself (F07)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.rules.upgrade import rollback_timer
from slp_core.state import RouterState
from slp_core.steps.image import InstallCommitParams
from slp_tasks.installing import ANSWERS, check, packages_of
from slp_tasks.look import INSTALL, VERSION, look, reached
from slp_tasks.sending import send
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class InstallCommit(Step[InstallCommitParams]):
    """Commits the release that runs."""

    params = InstallCommitParams

    def probe(self, ctx: StepContext[InstallCommitParams]) -> Probe:
        release = ctx.params.release
        state = look(ctx, VERSION, INSTALL)
        if not reached(state, release):
            return Probe("blocked", _rolled_back(state, release), code=StepFailed.code)
        if _committed(state, release):
            return Probe("done", f"{release} is committed already")
        return Probe("ready", f"commits {release}", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[InstallCommitParams]) -> Acted:
        said = send(ctx, ctx.line, ANSWERS, timeout=ctx.step.deadline_s)
        check(ctx, said, ctx.line)
        return Acted(True, f"{ctx.params.release} committed")

    def confirm(self, ctx: StepContext[InstallCommitParams]) -> Confirm:
        release = ctx.params.release
        state = look(ctx, VERSION, INSTALL)
        if not reached(state, release):
            return Confirm("failed", _rolled_back(state, release), code=StepFailed.code)
        if not _committed(state, release):
            return Confirm("pending", f"{release} is not shown as committed yet", retry_in=15)
        return Confirm("confirmed", f"{release} is committed; no roll-back is due")


def _committed(state: RouterState, release: str) -> bool:
    packages = packages_of(state, release)
    if not packages:  # bundle mode, or a release whose summary is unknown: nothing to commit
        return not (state.install and state.install.packages)
    return all(p.state == "C" for p in packages) and rollback_timer(state) is None


def _rolled_back(state: RouterState, release: str) -> str:
    found = state.release.short if state.release else "an unknown release"
    return (
        f"the router runs {found} again: {release} was activated, not committed in time, "
        "and rolled back by itself (auto-abort timer, F07)"
    )


def install_commit(task: Task, release: str, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: commits the running release."""
    return carry_out(
        task,
        InstallCommit(),
        {"release": release},
        **options,
    )
