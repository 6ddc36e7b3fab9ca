"""Assessments kept beside the runs: one private JSON file each."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slp_core.errors import StoreError, UsageError
from slp_fleet.store import masked

_FOLDER = "assessments"


def keep(root: Path, data: Mapping[str, Any]) -> str:
    """Writes an assessment, masked, and returns its id.

    Raises:
        StoreError: the file cannot be written.
    """
    made = f"{datetime.now(UTC):%y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    folder = root / _FOLDER
    path = folder / f"{made}.json"
    part = folder / f".{made}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(masked(dict(data)), file, ensure_ascii=False, indent=1)
        part.rename(path)
    except OSError as error:
        raise StoreError(
            f"the assessment cannot be kept: {error.strerror}",
            where=str(path),
            remedy="free space there, or use another --store",
        ) from error
    return made


def listed(root: Path) -> list[str]:
    """Returns the ids of what was kept, the latest first."""
    return sorted((p.stem for p in (root / _FOLDER).glob("*.json")), reverse=True)


def path_of(root: Path, assessment_id: str) -> Path:
    """Returns the file of an assessment."""
    return root / _FOLDER / f"{Path(assessment_id).name}.json"


def load(root: Path, assessment_id: str) -> dict[str, Any]:
    """Returns an assessment.

    Raises:
        UsageError: there is none with this id, or it cannot be read.
    """
    path = path_of(root, assessment_id)
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"there is no assessment {assessment_id!r}", where=str(root), remedy="`slp assess`"
        ) from error
    return data
