"""What every step that reloads shares: the boot before, the drop, the new boot (F01, F02, F08)."""

from __future__ import annotations

from typing import Any

from slp_core.errors import DeadlineExceeded, StepFailed
from slp_core.state import RouterState
from slp_core.steps.around import TakenBack
from slp_tasks.look import Boot, boot_of, reached, udi_notes
from slp_tasks.sending import send
from slp_tasks.session import Answer
from slp_tasks.step import Confirm, Notes, Probe, StepContext

AGAIN_S = 20.0
FAILED = "failed"
FELL_BACK = (
    "look at its console, boot variable and the image; it is not reloaded again: plan anew "
    "(`slp plan`) once you know why"
)


def before_notes(ctx: StepContext, state: RouterState) -> Notes:
    """Returns what must be known before a reload: this boot, this release, this router.

    What an earlier try recorded stands: it is that boot that must be over.
    """
    kept: dict[str, Any] = {
        "boot": boot_of(state, ctx.clock.now()).as_notes(),
        "release": state.release.short if state.release else None,
        **udi_notes(state.udi),
    }
    return {**kept, **{k: ctx.notes[k] for k in ("boot", "release") if k in ctx.notes}}


def rebooted(ctx: StepContext, state: RouterState) -> bool:
    """Tells whether the router is in another boot than the one recorded before the act."""
    if "boot" not in ctx.notes:
        return False
    return boot_of(state, ctx.clock.now()).newer_than(Boot.from_notes(ctx.notes["boot"]))


def send_reload(ctx: StepContext, command: str, answers: tuple[Answer, ...], timeout: float) -> str:
    """Sends what makes the router reload; the loss of the session is the expected end (F02)."""
    try:
        return send(ctx, command, answers, timeout=timeout, drop_ok=True)
    except DeadlineExceeded:
        return ""  # whether it goes down is for the router to show


def after(ctx: StepContext, state: RouterState, release: str | None) -> Confirm:
    """Returns whether the router is back, in a new boot, with the right release (UP-4)."""
    if not rebooted(ctx, state):
        return Confirm("pending", "the boot before still answers", retry_in=AGAIN_S)
    found = state.release.short if state.release else "an unknown release"
    if release is not None and not reached(state, release):
        return noted_failure(
            ctx,
            f"after the reload the router runs {found}, not {release}: it fell back; "
            "nothing further is configured",
            remedy=FELL_BACK,
        )
    reason = state.boot.reload_reason or state.boot.returned_by if state.boot else None
    return Confirm(
        "confirmed",
        f"back in a new boot with {found}" + (f" ({reason})" if reason else ""),
        seen={"boot_after": boot_of(state, ctx.clock.now()).as_notes(), "release_after": found},
    )


def noted_failure(ctx: StepContext, why: str, *, remedy: str | None = None) -> Confirm:
    """Returns that a step failed; where the plan takes it back by itself, that step is next."""
    if _is_taken_back(ctx):
        return Confirm("confirmed", f"{why}; it is rolled back", seen={FAILED: why})
    return Confirm("failed", why, code=StepFailed.code, remedy=remedy)


def fell_back(ctx: StepContext, why: str, seen: Notes, *, remedy: str | None = None) -> Probe:
    """Returns that an earlier try failed; where the plan takes it back, that step is next."""
    if _is_taken_back(ctx):
        return Probe("done", f"{why}; it is rolled back", seen={**seen, FAILED: why})
    return Probe("blocked", why, seen=seen, code=StepFailed.code, remedy=remedy)


def _is_taken_back(ctx: StepContext) -> bool:
    """Tells whether a later step of the plan takes back what fails here."""
    return isinstance(ctx.step.params, TakenBack) and ctx.step.params.roll_back


def failed_before(ctx: StepContext) -> str | None:
    """Returns what an earlier step left to the roll-back; ``None`` where nothing failed."""
    reasons = (ctx.earlier[step].get(FAILED) for step in sorted(ctx.earlier))
    return next((str(reason) for reason in reasons if reason), None)
