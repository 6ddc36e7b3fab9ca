"""Stage: the image lies on the router's flash, whole, proven by its hash (F05, F21, F22, F23)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import (
    InputError,
    SessionLost,
    StepFailed,
    TransferFailed,
)
from slp_core.state import RouterState
from slp_core.steps.image import StageImageParams, is_url
from slp_core.targets import Image
from slp_tasks.image_proof import is_whole
from slp_tasks.look import VERSION, configuration, has_filesystem_file, look
from slp_tasks.sending import error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_MAKE_ROOM = "make room (`install remove inactive`), then `slp retry`"
_DAMAGED = 2
"""How often a copy may have the right length and the wrong hash."""
ROOM = "remove-inactive"
"""Key of ``Target.allow`` by which an operator lets room be made."""


class StageImage(Step[StageImageParams]):
    """Copies what is not on flash, whole, and proves it."""

    params = StageImageParams

    def probe(self, ctx: StepContext[StageImageParams]) -> Probe:
        image, filesystem = ctx.params.image, ctx.params.filesystem
        state = look(ctx, VERSION, f"dir {filesystem}")
        if is_whole(ctx, state, image, filesystem):
            return Probe("done", f"{image.name} is on {filesystem} already, proven by its hash")
        source = image.source
        if source is None:
            return Probe(
                "blocked",
                f"{image.name} is not on {filesystem} (whole), and the target names no source",
            )
        if not is_url(source) and not Path(source).is_file():
            return Probe(
                "blocked", f"the image {source} is not on this machine", code=InputError.code
            )
        if _runs_from(state, image):
            return Probe("blocked", f"the router runs from another file called {image.name}")
        lacking = _lacking_room(state, image, filesystem)
        if lacking is not None and ROOM not in ctx.plan.target.allow:
            return Probe("blocked", lacking, code=StepFailed.code, remedy=_MAKE_ROOM)
        sends = [*_source_lines(ctx), ctx.line]
        part = has_filesystem_file(state, image.name)
        again = "" if part is None else f" anew: of another copy {_arrived(part, image)}"
        return Probe("ready", f"copies {image.name} to {filesystem}{again}", seen={"sends": sends})

    def act(self, ctx: StepContext[StageImageParams]) -> Acted:
        image, filesystem = ctx.params.image, ctx.params.filesystem
        if is_whole(ctx, look(ctx, f"dir {filesystem}"), image, filesystem):
            # An act before this one lost its session, and the copy went on without it (F21).
            return Acted(True, f"{image.name} copied and proven", {"removed": False, "cut": []})
        removed = _make_room(ctx, image, filesystem)
        began, told, damaged = ctx.clock.now(), list[str](), 0
        for _ in range(ctx.params.tries):
            spent = (ctx.clock.now() - began).total_seconds()
            if told and spent >= ctx.step.deadline_s:
                break
            cut = _copy(ctx, image, filesystem, max(ctx.step.deadline_s - spent, 60.0))
            state = look(ctx, f"dir {filesystem}")
            if is_whole(ctx, state, image, filesystem):
                note = f" (copy {len(told) + 1}; before it {'; '.join(told)})" if told else ""
                return Acted(
                    True, f"{image.name} copied and proven{note}", {"removed": removed, "cut": told}
                )
            size = has_filesystem_file(state, image.name)
            if size is None and cut is not None:
                raise cut  # nothing arrived: asking again would not help
            send(ctx, f"delete /force {filesystem}{image.name}", timeout=120)
            whole = image.size is None or size == image.size
            damaged += whole
            told.append("the whole length arrived" if whole else _arrived(size, image))
            if damaged >= _DAMAGED:
                raise TransferFailed(
                    f"{image.name} arrived damaged twice and was removed again",
                    where=ctx.plan.router,
                    remedy="check the path to the router and the image's own hash",
                )
        raise TransferFailed(
            f"{image.name} was cut {_times(len(told))} and removed again ({'; '.join(told)})",
            where=ctx.plan.router,
            remedy="check the path to the router, then `slp retry`; SCP cannot go on in the middle",
        )

    def confirm(self, ctx: StepContext[StageImageParams]) -> Confirm:
        image, filesystem = ctx.params.image, ctx.params.filesystem
        size = has_filesystem_file(look(ctx, f"dir {filesystem}"), image.name)
        wanted = image.size
        if size is None:
            return Confirm("failed", f"{image.name} is not on {filesystem} any more")
        if wanted and size and size != wanted:
            return Confirm("failed", f"{image.name} has {size:,} bytes instead of {wanted:,}")
        return Confirm("confirmed", f"{image.name} is on {filesystem}, proven by its hash")


def _runs_from(state: RouterState, image: Image) -> bool:
    running = state.boot.image if state.boot else None
    return bool(running) and re.split(r"[:/]", running or "")[-1] == image.name


def _lacking_room(state: RouterState, image: Image, filesystem: str) -> str | None:
    """Returns the sentence with the numbers where the image does not fit (F05)."""
    free = next((s.free for s in state.storage or () if s.free is not None), None)
    need = image.size
    if free is None or need is None:
        return None
    free += has_filesystem_file(state, image.name) or 0  # a damaged copy is overwritten
    if free >= need:
        return None
    return (
        f"{filesystem} has {free:,} bytes free, {image.name} needs {need:,}; "
        "nothing is deleted without being asked for"
    )


def _make_room(ctx: StepContext[StageImageParams], image: Image, filesystem: str) -> bool:
    """Removes inactive packages where the operator allowed it and room is lacking."""
    if ROOM not in ctx.plan.target.allow:
        return False
    state = look(ctx, f"dir {filesystem}")
    if _lacking_room(state, image, filesystem) is None:
        return False
    send(ctx, "install remove inactive", (Answer("[y/n]", "y"),), timeout=600)
    return True


def _source_lines(ctx: StepContext[StageImageParams]) -> list[str]:
    """Returns what must be configured before the router copies from a URL (F23)."""
    before = ctx.lines[:-1]
    return [] if not before or before[0] in configuration(ctx) else list(before)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _arrived(size: int | None, image: Image) -> str:
    of = f" of {image.size:,}" if image.size else ""
    return f"{size or 0:,}{of} bytes arrived"


def _copy(
    ctx: StepContext[StageImageParams], image: Image, filesystem: str, seconds: float
) -> TransferFailed | SessionLost | None:
    """Copies once; returns what cut it off, where the router says what arrived.

    A copy that the router itself makes and whose session dies is not judged here: it may still
    run, or be fine (F21). The step looks again, and the hash decides.

    Raises:
        StepFailed: flash is full, told with the numbers.
    """
    try:
        if is_url(image.source):
            answers = (
                Answer(f"Destination filename [{image.name}]?", ""),
                Answer("[confirm]", ""),
            )
            lines = _source_lines(ctx)
            if lines:
                ctx.session.configure(lines)
            said = send(ctx, ctx.line, answers, timeout=seconds)
            _check_copy(ctx, said)
            return None
        ctx.session.put(
            Path(str(image.source)),
            f"{filesystem}{image.name}",
            timeout=ctx.clock.patience(seconds),
        )
    except TransferFailed as error:
        full = _full(ctx, image, filesystem)
        if full is not None:
            raise full from error
        return error
    except SessionLost as error:
        if is_url(image.source):
            raise
        return error
    return None


def _check_copy(ctx: StepContext[StageImageParams], said: str) -> None:
    error = error_line(said)
    if error is not None:
        raise TransferFailed(
            f"the router could not copy the image: {error}",
            where=ctx.plan.router,
            remedy="check its URL, and name `vrf` or `source_interface` beside it in the target's "
            "image if the router needs them; then plan again",
        )


def _full(ctx: StepContext[StageImageParams], image: Image, filesystem: str) -> StepFailed | None:
    """Returns, with the numbers, that flash is full, and removes the stump; else ``None``."""
    state = look(ctx, f"dir {filesystem}")
    lacking = _lacking_room(state, image, filesystem)
    if lacking is None:
        return None
    if has_filesystem_file(state, image.name) is not None:
        send(ctx, f"delete /force {filesystem}{image.name}", timeout=120)
    return StepFailed(
        f"the image does not fit: {lacking}",
        where=ctx.plan.router,
        remedy=_MAKE_ROOM,
    )


def stage_image(
    task: Task,
    image: dict[str, Any],
    filesystem: str = "bootflash:",
    tries: int = 4,
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: brings ``image`` (see ``slp_core.targets.Image``) to the host's flash.

    Args:
        tries: how often a copy that is cut is made at most.
    """
    return carry_out(
        task,
        StageImage(),
        {"image": image, "filesystem": filesystem, "tries": tries},
        **options,
    )
