"""Stage: the image lies on the router's flash, whole, proven by its hash (F05, F21, F22, F23)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import (
    CommandRejected,
    InputError,
    SlpError,
    StepFailed,
    TransferFailed,
)
from slp_core.plan import Image, StepKind
from slp_core.state import RouterState
from slp_tasks.look import VERSION, configuration, has_filesystem_file, look
from slp_tasks.sending import digest_of, digest_on_router, error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_URL = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_MAKE_ROOM = "make room (`install remove inactive`), then `slp retry`"
ROOM = "remove-inactive"
"""Key of ``Target.allow`` by which an operator lets room be made."""


@dataclass(frozen=True)
class _Proof:
    """How the image is known to be whole."""

    kind: Literal["md5", "sha512", "size"]
    value: str


class StageImage:
    """Params: ``image`` (``Image``), ``filesystem``."""

    def probe(self, ctx: StepContext) -> Probe:
        image, filesystem = _image(ctx), _filesystem(ctx)
        state = look(ctx, VERSION, f"dir {filesystem}")
        if _is_whole(ctx, state, image, filesystem):
            return Probe("done", f"{image.name} is on {filesystem} already, proven by its hash")
        source = image.source
        if source is None:
            return Probe(
                "blocked",
                f"{image.name} is not on {filesystem} (whole), and the target names no source",
            )
        if not _URL.match(source) and not Path(source).is_file():
            return Probe(
                "blocked", f"the image {source} is not on this machine", code=InputError.code
            )
        if _runs_from(state, image):
            return Probe("blocked", f"the router runs from another file called {image.name}")
        lacking = _lacking_room(state, image, filesystem)
        if lacking is not None and ROOM not in ctx.plan.target.allow:
            return Probe("blocked", lacking, code=StepFailed.code, remedy=_MAKE_ROOM)
        sends = [*_source_lines(ctx), _how(ctx)]
        return Probe("ready", f"copies {image.name} to {filesystem}", seen={"sends": sends})

    def act(self, ctx: StepContext) -> Acted:
        image, filesystem = _image(ctx), _filesystem(ctx)
        removed = _make_room(ctx, image, filesystem)
        for again in (False, True):
            _copy(ctx, image, filesystem)
            state = look(ctx, f"dir {filesystem}")
            if _is_whole(ctx, state, image, filesystem):
                note = " (the first copy was cut)" if again else ""
                return Acted(True, f"{image.name} copied and proven{note}", {"removed": removed})
            send(ctx, f"delete /force {filesystem}{image.name}", timeout=120)
        raise TransferFailed(
            f"{image.name} arrived damaged twice and was removed again",
            where=ctx.plan.router,
            remedy="check the path to the router and the image's own hash",
        )

    def confirm(self, ctx: StepContext) -> Confirm:
        image, filesystem = _image(ctx), _filesystem(ctx)
        size = has_filesystem_file(look(ctx, f"dir {filesystem}"), image.name)
        wanted = image.size
        if size is None:
            return Confirm("failed", f"{image.name} is not on {filesystem} any more")
        if wanted and size and size != wanted:
            return Confirm("failed", f"{image.name} has {size:,} bytes instead of {wanted:,}")
        return Confirm("confirmed", f"{image.name} is on {filesystem}, proven by its hash")


def _image(ctx: StepContext) -> Image:
    return Image.model_validate(ctx.step.params["image"])


def _filesystem(ctx: StepContext) -> str:
    return str(ctx.step.params.get("filesystem") or "bootflash:")


def _proofs(image: Image) -> tuple[_Proof, ...]:
    """Returns what proves the image, strongest first; a local file proves itself."""
    found: list[_Proof] = []
    if image.sha512:
        found.append(_Proof("sha512", image.sha512.lower()))
    if image.md5:
        found.append(_Proof("md5", image.md5.lower()))
    if not found and image.source and Path(image.source).is_file():
        local = Path(image.source)
        found += [_Proof("sha512", digest_of(local, "sha512")), _Proof("md5", digest_of(local))]
    if not found and image.size:
        found.append(_Proof("size", str(image.size)))
    return tuple(found)


def _is_whole(ctx: StepContext, state: RouterState, image: Image, filesystem: str) -> bool:
    size = has_filesystem_file(state, image.name)
    if size is None:
        return False
    for proof in _proofs(image):
        if proof.kind == "size":
            return str(size) == proof.value
        try:
            found = digest_on_router(ctx, f"{filesystem}{image.name}", proof.kind)
        except CommandRejected:  # older releases compute MD5 only
            continue
        return found == proof.value
    raise InputError(
        f"nothing proves that {image.name} is whole",
        where=ctx.plan.router,
        remedy="give image.sha512, image.md5 or at least image.size in the target",
    )


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


def _make_room(ctx: StepContext, image: Image, filesystem: str) -> bool:
    """Removes inactive packages where the operator allowed it and room is lacking."""
    if ROOM not in ctx.plan.target.allow:
        return False
    state = look(ctx, f"dir {filesystem}")
    if _lacking_room(state, image, filesystem) is None:
        return False
    send(ctx, "install remove inactive", (Answer("[y/n]", "y"),), timeout=600)
    return True


def _how(ctx: StepContext) -> str:
    image, filesystem = _image(ctx), _filesystem(ctx)
    if image.source and _URL.match(image.source):
        vrf = image.vrf
        return f"copy {image.source} {filesystem}{image.name}" + (f" vrf {vrf}" if vrf else "")
    return f"scp {image.source} {filesystem}{image.name}"


def _source_lines(ctx: StepContext) -> list[str]:
    """Returns what must be configured before the router copies from a URL (F23)."""
    image = _image(ctx)
    if not (image.source and _URL.match(image.source) and image.source_interface):
        return []
    scheme = image.source.partition(":")[0].lower()
    client = {"https": "http"}.get(scheme, scheme)
    kind = "http client" if client == "http" else client
    line = f"ip {kind} source-interface {image.source_interface}"
    return [] if line in configuration(ctx) else [line]


def _copy(ctx: StepContext, image: Image, filesystem: str) -> None:
    """Copies once; a failure is told with the numbers that explain it."""
    try:
        if image.source and _URL.match(image.source):
            answers = (
                Answer(f"Destination filename [{image.name}]?", ""),
                Answer("[confirm]", ""),
            )
            lines = _source_lines(ctx)
            if lines:
                ctx.session.configure(lines)
            said = send(ctx, _how(ctx), answers, timeout=ctx.step.deadline_s)
            _check_copy(ctx, said)
            return
        ctx.session.put(
            Path(str(image.source)),
            f"{filesystem}{image.name}",
            timeout=ctx.clock.patience(ctx.step.deadline_s),
        )
    except TransferFailed as error:
        raise _explained(ctx, error, image, filesystem) from error


def _check_copy(ctx: StepContext, said: str) -> None:
    error = error_line(said)
    if error is not None:
        raise TransferFailed(
            f"the router could not copy the image: {error}",
            where=ctx.plan.router,
            remedy="check its URL, and name `vrf` or `source_interface` beside it in the target's "
            "image if the router needs them; then plan again",
        )


def _explained(ctx: StepContext, error: TransferFailed, image: Image, filesystem: str) -> SlpError:
    """Returns why a copy failed; where flash is full, with the numbers, and removes the stump."""
    state = look(ctx, f"dir {filesystem}")
    stump = has_filesystem_file(state, image.name)
    lacking = _lacking_room(state, image, filesystem)
    if stump is not None:
        send(ctx, f"delete /force {filesystem}{image.name}", timeout=120)
    if lacking is None:
        return error
    return StepFailed(
        f"the image does not fit: {lacking}",
        where=ctx.plan.router,
        remedy=_MAKE_ROOM,
    )


def stage_image(
    task: Task, image: dict[str, Any], filesystem: str = "bootflash:", **options: Any
) -> Result:
    """Nornir task: brings ``image`` (see ``slp_core.plan.Image``) to the host's flash."""
    return carry_out(
        task,
        StageImage(),
        StepKind.STAGE_IMAGE,
        {"image": image, "filesystem": filesystem},
        deadline_s=7200,
        **options,
    )
