"""What leaves a router for a person to carry: files byte for byte, and codes that it printed."""

from __future__ import annotations

import re
from pathlib import Path

from slp_core.errors import InputError, StepFailed, TransferFailed
from slp_core.files import LicenseFile, read_license_path
from slp_tasks.look import VERSION, look
from slp_tasks.sending import digest_of, digest_on_router
from slp_tasks.step import StepContext

LAST_RETURN = "show license tech support | include eturn code"
_CODE = re.compile(r"(Request|Return|return) code:\s*(?!<none>)(\S+)")


def outgoing(ctx: StepContext) -> Path:
    """Returns where the file stands that the step leaves on this side."""
    name = ctx.step.params.leaves()
    assert name is not None, "a step that leaves no file"
    return ctx.files.folder("out") / name


def on_flash(ctx: StepContext) -> str:
    """Returns where the step's file lies on the router."""
    return f"{ctx.flash}{outgoing(ctx).name}"


def bring_out(ctx: StepContext) -> str:
    """Copies the step's file off the router, proven by hash on both sides; returns its MD5 (F24).

    Raises:
        StepFailed: the router did not write it.
        TransferFailed: it changed on its way, twice.
    """
    remote, local = on_flash(ctx), outgoing(ctx)
    there = digest_on_router(ctx, remote)
    if there is None:
        raise StepFailed(f"{remote} was not written", where=ctx.plan.router)
    for _ in range(2):
        ctx.session.get(remote, local, timeout=ctx.clock.patience(600))
        if digest_of(local) == there:
            return there
    local.unlink(missing_ok=True)
    raise TransferFailed(
        f"{local.name} changed on its way: CSSM would reject its signature",
        where=ctx.plan.router,
        remedy="resume; the file on flash is left as it is",
    )


def is_brought_out(ctx: StepContext) -> bool:
    """Tells whether the step's file is here as it left the router: by our note, or by both sides.

    Without a note, as on a task's second run, the router's own hash decides.
    """
    local = outgoing(ctx)
    if not local.is_file():
        return False
    there = ctx.notes.get("md5") or digest_on_router(ctx, on_flash(ctx))
    return digest_of(local) == there


def outgoing_file(ctx: StepContext, kind: str, called: str) -> LicenseFile:
    """Returns what the file in ``out/`` is.

    Raises:
        InputError: it cannot be this router's; ``called`` names what it should be.
    """
    local = outgoing(ctx)
    found = read_license_path(local)
    udi = ctx.plan.udi or look(ctx, VERSION).udi
    if found.kind != kind:
        raise InputError(f"it is no {called}", where=f"out/{local.name}")
    if udi is not None and not found.fits(udi):
        raise InputError(f"it is the {called} of another router", where=f"out/{local.name}")
    return found


def code_in(said: str) -> str | None:
    """Returns the request or return code that a router printed; it belongs in a file alone."""
    match = _CODE.search(said)
    return match[2] if match else None


def keep_code(ctx: StepContext, code: str) -> None:
    """Writes a code where the person finds it who enters it in CSSM."""
    local = outgoing(ctx)
    ctx.files.write("out", local.name, f"{code}\n".encode())
