"""Plans of any number, written while they are made, and read again one by one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from nornir_slp.documents import stamp
from nornir_slp.gathered import Gathered
from nornir_slp.json_stream import items_of
from nornir_slp.saved_files import json_text, replacing
from slp_core.plan import RouterPlan, digest

Span = tuple[int, int]
"""Where a plan lies in its file: first byte and length."""


def write_plans(
    path: Path, plans: Iterable[RouterPlan], *, private: bool = False
) -> tuple[Gathered[Span], str]:
    """Writes the plan of a fleet, one router in memory at a time; returns totals and its hash.

    The file is the one that ``documents.save`` writes, sealed alike: whole, or not at all.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    found: Gathered[Span] = Gathered()
    seal = hashlib.sha256(b"[")
    with replacing(path, private=private) as page:
        page.write(b'{\n "schema_version": 1,\n "routers": [')
        for plan in plans:
            text = json_text(plan.to_json()).rstrip("\n")
            page.write(b",\n  " if found.routers else b"\n  ")
            start = page.tell()
            page.write(text.replace("\n", "\n  ").encode())
            seal.update(b"," if found.routers else b"")
            seal.update(json.dumps(digest(json.loads(text))).encode())
            found.add(plan, (start, page.tell() - start))
        seal.update(b"]")
        ends = {**stamp(), "sealed": seal.hexdigest()}
        page.write(b"\n ]," if found.routers else b"],")
        page.write(json_text(ends).lstrip("{").encode())
    return found, seal.hexdigest()


def plan_at(file: BinaryIO, span: Span) -> RouterPlan:
    """Returns the plan that lies there in an open plan file."""
    file.seek(span[0])
    return RouterPlan.model_validate_json(file.read(span[1]))


def plans_in(path: Path) -> Iterator[RouterPlan]:
    """Yields the plans of a file that ``write_plans`` has written, one at a time."""
    for data in items_of(path, "routers"):
        yield RouterPlan.model_validate(data)
