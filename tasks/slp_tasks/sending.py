"""Sending what changes a router: refused commands become errors, files are proven by hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from slp_core.errors import CommandRejected, InputError, TransferFailed
from slp_core.files import LicenseFile, read_license_path
from slp_core.handed import kind_taken, refusal
from slp_core.secrets import REDACTOR
from slp_core.state import Udi
from slp_tasks.session import Answer, rejection
from slp_tasks.step import StepContext

YES = Answer("[y/n]", "y")
_DIGEST = re.compile(r"=\s*([0-9a-f]{32,128})\b", re.IGNORECASE)
_ERROR = re.compile(r"^\s*%\s?Error[^\n]*", re.MULTILINE)


def send(
    ctx: StepContext,
    command: str,
    answers: Sequence[Answer] = (),
    *,
    timeout: float = 60.0,
    drop_ok: bool = False,
    hidden: bool = False,
) -> str:
    """Sends a command that changes something; returns what the router said.

    Args:
        timeout: seconds of the injected clock; never shorter than a busy machine needs.

    Raises:
        CommandRejected: the router does not take the command (F19).
    """
    said = ctx.session.dialogue(
        command,
        answers,
        timeout=max(timeout, ctx.clock.patience(timeout)),
        drop_ok=drop_ok,
        hidden=hidden,
    )
    refused = rejection(said)
    if refused is not None:
        raise CommandRejected(
            f"{REDACTOR.mask(command)!r} was refused: {REDACTOR.mask(refused)}",
            where=ctx.plan.router,
            remedy="see whether this release has the command",
        )
    return said


def digest_on_router(
    ctx: StepContext, path: str, kind: Literal["md5", "sha512"] = "md5", *, timeout: float = 900.0
) -> str | None:
    """Returns a file's hash as the router computes it; ``None`` where there is no such file.

    Raises:
        CommandRejected: this release does not compute that kind of hash.
    """
    said = ctx.session.run(f"verify /{kind} {path}", timeout=ctx.clock.patience(timeout))
    refused = rejection(said)
    if refused is not None:
        raise CommandRejected(f"`verify /{kind}` was refused: {refused}", where=ctx.plan.router)
    match = _DIGEST.search(said)
    return match[1].lower() if match and not _ERROR.search(said) else None


def digest_of(path: Path, kind: Literal["md5", "sha256", "sha512"] = "md5") -> str:
    """Returns the hash of a local file."""
    with path.open("rb") as file:
        return hashlib.file_digest(
            file, lambda: hashlib.new(kind, usedforsecurity=False)
        ).hexdigest()


def error_line(said: str) -> str | None:
    """Returns the ``%Error …`` line of an answer, if there is one."""
    match = _ERROR.search(said)
    return REDACTOR.mask(match[0].strip()) if match else None


def carry_in(ctx: StepContext, file: Path, remote: str) -> str:
    """Copies a small file to the router and proves it byte for byte; returns its MD5 (F24).

    Raises:
        TransferFailed: what arrived is not what was sent, twice.
    """
    wanted = digest_of(file)
    for _ in range(2):
        if digest_on_router(ctx, remote) == wanted:
            return wanted
        ctx.session.put(file, remote, timeout=ctx.clock.patience(600))
    if digest_on_router(ctx, remote) == wanted:
        return wanted
    raise TransferFailed(
        f"{remote} is not the file that was sent",
        where=ctx.plan.router,
        remedy="check free space, then resume",
    )


def incoming(ctx: StepContext, name: str) -> Path:
    """Returns the path of a file that a person dropped for this router."""
    return ctx.files.folder("in") / Path(name).name


def incoming_file(ctx: StepContext, name: str, udi: Udi | None) -> LicenseFile:
    """Returns what the dropped file is.

    Raises:
        InputError: it is missing, damaged, of another kind, or for another router (F25).
    """
    path = incoming(ctx, name)
    if not path.is_file():
        raise InputError(
            f"the file {path.name} is missing",
            where=str(path),
            remedy="drop it with `slp confirm RUN ROUTER STEP --file FILE`",
        )
    found = read_license_path(path)
    refused = refusal(found, kind_taken((ctx.step, *ctx.plan.steps), path.name), udi)
    if refused is not None:
        what, remedy = refused
        raise InputError(f"{path.name}: {what}", where=ctx.plan.router, remedy=remedy)
    return found
