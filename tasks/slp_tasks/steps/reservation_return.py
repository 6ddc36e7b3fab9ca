"""Reservation before SLP, its end: the licences go back; the return code is kept for CSSM."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.folders import folder_name
from slp_core.steps.reservation import ReservationReturnParams
from slp_tasks.look import RESERVATION, STATUS, look
from slp_tasks.outgoing import LAST_RETURN, code_in, keep_code, outgoing
from slp_tasks.sending import error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.steps.reservation_request import reserved
from slp_tasks.task import PlannedOptions, carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"), Answer("[yes/no]:", "yes"))


class ReservationReturn(Step[ReservationReturnParams]):
    """Gives the reservation back, and keeps the return code.

    The licences leave the account only when a person has entered the code in CSSM.
    """

    params = ReservationReturnParams

    def probe(self, ctx: StepContext[ReservationReturnParams]) -> Probe:
        if reserved(look(ctx, STATUS, RESERVATION)):
            return Probe("ready", "gives the reservation back", seen={"sends": [ctx.line]})
        if not ctx.notes.get("sends") or outgoing(ctx).is_file():
            return Probe("done", "no reservation is installed")
        code = code_in(ctx.session.run(LAST_RETURN))
        if code is None:
            said = "the reservation is returned, its return code was not kept: take it from `show "
            return Probe("blocked", f"{said}license tech support` to CSSM", code=StepFailed.code)
        keep_code(ctx, code)
        return Probe("done", f"returned; the return code is in out/{outgoing(ctx).name}")

    def act(self, ctx: StepContext[ReservationReturnParams]) -> Acted:
        said = send(ctx, ctx.line, _ANSWERS, timeout=120)
        error, code = error_line(said), code_in(said)
        if error is not None:
            raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
        if code is not None:
            keep_code(ctx, code)
        return Acted(True, "reservation returned")

    def confirm(self, ctx: StepContext[ReservationReturnParams]) -> Confirm:
        if reserved(look(ctx, STATUS, RESERVATION)):
            return Confirm("pending", "the reservation is still shown as installed", retry_in=15)
        local = outgoing(ctx)
        if not local.is_file():
            return Confirm("failed", f"the return code is not in out/{local.name}")
        return Confirm("confirmed", f"returned; enter the code in out/{local.name} in CSSM")


def reservation_return(
    task: Task,
    files: Path,
    scope: Literal["local", "all"] = "local",
    file: str = "return_code.txt",
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: gives the host's reservation back; a person then enters
    ``<files>/<host>/out/<file>`` in CSSM.
    """
    return carry_out(
        task,
        ReservationReturn(),
        {"scope": scope, "file": file},
        files=files / folder_name(task.host.name),
        **options,
    )
