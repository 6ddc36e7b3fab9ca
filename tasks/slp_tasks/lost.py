"""Looks of a step whose session was lost: has the router booted anew, though nothing reloads it?"""

from __future__ import annotations

from datetime import datetime, timedelta

from slp_core.errors import StepFailed
from slp_core.losses import COUNT, SINCE, booted_sentence
from slp_tasks.look import VERSION, look
from slp_tasks.step import Confirm, Probe, Step, StepContext
from slp_tasks.waited import BOOT

_UPTIME_SHOWN_TO = timedelta(seconds=60)


def probe(step: Step, ctx: StepContext) -> Probe:
    """Returns what the step's probe finds; blocked where its act may have crashed the router."""
    said = _booted_anew(ctx)
    if said is not None:
        return Probe("blocked", said[0], code=StepFailed.code, remedy=said[1])
    return step.probe(ctx)


def confirm(step: Step, ctx: StepContext) -> Confirm:
    """Returns what the step's confirm finds; failed where its act may have crashed the router.

    An act that returned did not: what was done to a router that only waited tells ``waited``.
    """
    said = None if BOOT in ctx.notes and COUNT not in ctx.notes else _booted_anew(ctx)
    if said is not None:
        return Confirm("failed", said[0], code=StepFailed.code, remedy=said[1])
    return step.confirm(ctx)


def _booted_anew(ctx: StepContext) -> tuple[str, str] | None:
    """Returns why the step stops; nothing where the boot is the one in which it acted.

    By what the router itself reports. Uptime is printed to the minute, so a boot that began within
    a minute of the loss may be the one before.
    """
    lost = ctx.notes.get(SINCE)
    if not lost or ctx.step.facts.disruptive:
        return None
    boot = look(ctx, VERSION).boot
    if boot is None or boot.uptime_s is None:
        return None
    began = ctx.clock.now() - timedelta(seconds=boot.uptime_s)
    if began - _UPTIME_SHOWN_TO <= datetime.fromisoformat(str(lost)):
        return None
    return booted_sentence(ctx.notes, boot.reload_reason or boot.returned_by)
