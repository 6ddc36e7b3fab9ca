"""Whether an image on a router's flash is whole: by its hash, as the router computes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from slp_core.errors import CommandRejected, InputError
from slp_core.state import RouterState
from slp_core.targets import Image
from slp_tasks.look import has_filesystem_file
from slp_tasks.sending import digest_of, digest_on_router
from slp_tasks.step import StepContext


@dataclass(frozen=True)
class _Proof:
    """How the image is known to be whole."""

    kind: Literal["md5", "sha512", "size"]
    value: str


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


def is_whole(ctx: StepContext, state: RouterState, image: Image, filesystem: str) -> bool:
    """Tells whether the image lies there with the strongest hash that is known of it.

    Raises:
        InputError: nothing is known that would prove it.
    """
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
