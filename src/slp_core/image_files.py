"""Image files of this machine: what a target need not say of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from slp_core.reading import MAX_IMAGE, open_file
from slp_core.refusals import refusal


def described(image: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Returns what a local file adds to an image: its path, and what it lacks of size and hashes.

    Raises:
        PydanticCustomError: the file cannot be read.
    """
    try:
        stat = path.stat()
        size, md5, sha512 = _hashes(str(path), stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise refusal(
            f"the image {path} cannot be read: {error.strerror}",
            "check image.source; leave it out where the image is on flash already",
        ) from error
    facts = {"size": size, "md5": md5, "sha512": sha512}
    return {"source": str(path), **{k: v for k, v in facts.items() if not image.get(k)}}


@lru_cache(maxsize=64)
def _hashes(path: str, size: int, mtime_ns: int) -> tuple[int, str, str]:  # noqa: ARG001 - key
    md5, sha512 = hashlib.md5(usedforsecurity=False), hashlib.sha512()
    with open_file(Path(path), limit=MAX_IMAGE) as file:
        while block := file.read(1 << 20):
            md5.update(block)
            sha512.update(block)
    return size, md5.hexdigest(), sha512.hexdigest()
