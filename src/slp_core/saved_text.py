"""The text of a saved output, however a terminal program or an editor saved it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from slp_core.errors import InputError
from slp_core.reading import read_bytes

_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf": "7-Zip",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BINARY = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]|\ufffd")
_MUCH = 0.02
"""A terminal log may hold single control characters; a binary file is full of them."""


def read_saved(path: Path) -> str:
    """Returns the text of a saved output: UTF-8, or UTF-16 as Windows programs save it.

    Raises:
        InputError: it is no file, cannot be read, is too large, packed, or no text.
    """
    data = read_bytes(path)
    for head, program in _PACKED.items():
        if data.startswith(head):
            raise InputError(f"is packed ({program})", where=str(path), remedy="unpack it first")
    text = _decoded(data)
    strange = sum(1 for _ in _BINARY.finditer(text))
    if strange > max(8, len(text) * _MUCH):
        raise InputError(
            "is no text", where=str(path), remedy="save the router's output as plain text (UTF-8)"
        )
    return text


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace")
    head = data[:4096]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nulls = head[start::2]
        if len(nulls) > 1 and nulls.count(0) > 0.8 * len(nulls):
            return data.decode(encoding, errors="replace")
    return data.decode("utf-8-sig", errors="replace")
