"""Install, first part: unpack the image (F04, F05)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import DeadlineExceeded, SessionLost, StepFailed
from slp_core.state import InstallPackage
from slp_core.steps.image import InstallAddParams
from slp_tasks.installing import ANSWERS, BUSY, INSTALLED_ALREADY, check, failure, package_of
from slp_tasks.look import INSTALL, VERSION, is_on_router, look, reached
from slp_tasks.sending import send
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class InstallAdd(Step[InstallAddParams]):
    """Adds what is on flash and not added yet."""

    params = InstallAddParams

    def probe(self, ctx: StepContext[InstallAddParams]) -> Probe:
        release = ctx.params.release
        state = look(ctx, VERSION, INSTALL)
        package = package_of(state, release)
        if package is not None or reached(state, release):
            return Probe("done", f"{release} is added already")
        if not is_on_router(ctx, ctx.params.file):
            said = f"{ctx.params.file} is not there"
            return Probe("blocked", said, code=StepFailed.code)
        return Probe("ready", f"adds {release}", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[InstallAddParams]) -> Acted:
        try:
            said = send(ctx, ctx.line, ANSWERS, timeout=ctx.step.deadline_s * 0.8)
        except (DeadlineExceeded, SessionLost):
            return Acted(True, "sent; the router goes on without the session")
        if BUSY.search(said):
            return Acted(False, "an install operation is in progress already; waits for its end")
        check(ctx, said, "install add")
        if failure(said) == INSTALLED_ALREADY and _package(ctx) is None:
            raise StepFailed(
                "install add refused: `Same Image File-No Change`, but the router does not list "
                f"{ctx.params.release}",
                where=ctx.plan.router,
                remedy="look at `show install summary`; `install remove inactive` clears what is "
                "left over, then `slp retry`",
            )
        return Acted(True, f"{ctx.params.release} added")

    def confirm(self, ctx: StepContext[InstallAddParams]) -> Confirm:
        state = look(ctx, INSTALL)
        if state.install is None:
            return Confirm("pending", "`show install summary` cannot be read", retry_in=30)
        package = package_of(state, ctx.params.release)
        if package is None:
            return Confirm("pending", "the router is still adding the image", retry_in=30)
        return Confirm("confirmed", f"{package.version} is added")


def _package(ctx: StepContext[InstallAddParams]) -> InstallPackage | None:
    return package_of(look(ctx, INSTALL), ctx.params.release)


def install_add(task: Task, file: str, release: str, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: adds the image ``file`` of the host's flash."""
    params = {"file": file, "release": release}
    return carry_out(task, InstallAdd(), params, **options)
