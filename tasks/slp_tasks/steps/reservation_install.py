"""Reservation: install an updated SLR code before the upgrade (SLRUP-3, SLRUP-5)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.state import Reservation, same_tag
from slp_core.steps.reservation import ReservationInstallParams
from slp_tasks.importing import handed, remote_path
from slp_tasks.look import RESERVATION, STATUS, VERSION, look, udi_notes
from slp_tasks.preconditions import BEFORE_SLP
from slp_tasks.sending import carry_in, incoming_file, send
from slp_tasks.step import Acted, Confirm, Notes, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out

CODE_FILE = "confirmation_code.txt"
_INSTALLED = re.compile(r"install file successful|Confirmation code:", re.IGNORECASE)


class ReservationInstall(Step[ReservationInstallParams]):
    """Installs a code that fits this router, unless the reservation holds what it must."""

    params = ReservationInstallParams

    def probe(self, ctx: StepContext[ReservationInstallParams]) -> Probe:
        state = look(ctx, VERSION, STATUS, RESERVATION)
        reservation = state.licensing.reservation if state.licensing else None
        seen: Notes = udi_notes(state.udi)
        if not _missing(ctx, reservation):
            return Probe("done", _said(reservation), seen=seen | _keep_code(ctx, reservation))
        if state.licensing is not None and state.licensing.slp:
            return Probe("blocked", BEFORE_SLP, seen=seen, code=StepFailed.code)
        name = ctx.params.file
        try:
            incoming_file(ctx, name, state.udi)
        except InputError as error:
            return Probe("blocked", error.what, seen=seen, code=error.code)
        seen["sends"] = [ctx.line]
        return Probe("ready", f"installs {name}", seen=seen)

    def act(self, ctx: StepContext[ReservationInstallParams]) -> Acted:
        remote = remote_path(ctx)
        carry_in(ctx, handed(ctx), remote)
        said = send(ctx, ctx.line, timeout=300)
        if not _INSTALLED.search(said):
            raise StepFailed(
                "the router did not accept the reservation code",
                where=ctx.plan.router,
                remedy="make sure that the code was generated for this router's reservation",
            )
        return Acted(changed=True, detail="reservation code installed")

    def confirm(self, ctx: StepContext[ReservationInstallParams]) -> Confirm:
        state = look(ctx, RESERVATION)
        reservation = state.licensing.reservation if state.licensing else None
        missing = _missing(ctx, reservation)
        if missing:
            return Confirm("failed", f"the reservation does not hold {', '.join(missing)}")
        code = _keep_code(ctx, reservation)
        if not code:
            return Confirm("pending", "no confirmation code is shown yet")
        return Confirm("confirmed", _said(reservation), seen=code)


def _missing(
    ctx: StepContext[ReservationInstallParams], reservation: Reservation | None
) -> list[str]:
    held = [x.tag for x in (reservation.licenses or ())] if reservation else []
    wanted = ctx.params.tags
    missing = [t for t in wanted if not any(_same(t, h) for h in held)]
    return missing if wanted or held else ["any licence"]


def _same(one: str, other: str) -> bool:
    """Tags may be cut, or stand without their ``regid`` frame."""

    def short(tag: str) -> str:
        return tag.rpartition(".cisco.")[2].partition(",")[0]

    return same_tag(one, other) or short(one) == short(other)


def _keep_code(
    ctx: StepContext[ReservationInstallParams], reservation: Reservation | None
) -> Notes:
    """Notes the code, and writes it where the person finds it who enters it in CSSM (SLRUP-4).

    It proves an installation and opens nothing: it may stand in notes.
    """
    code = reservation.confirmation_code if reservation else None
    if not code:
        return {}
    ctx.files.write("out", CODE_FILE, f"{code}\n".encode())
    return {"confirmation_code": code}


def _said(reservation: Reservation | None) -> str:
    code = reservation.confirmation_code if reservation else None
    ends = f"; its confirmation code ends in {code[-2:]}" if code else ""
    return f"the reservation holds what was asked for{ends} (in full in out/{CODE_FILE})"


def reservation_install(
    task: Task,
    file: str,
    files: Path,
    tags: tuple[str, ...] = (),
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: installs the reservation code ``<files>/<host>/in/<file>``."""
    return carry_out(
        task,
        ReservationInstall(),
        {"file": file, "tags": list(tags)},
        files=files / folder_name(task.host.name),
        **options,
    )
