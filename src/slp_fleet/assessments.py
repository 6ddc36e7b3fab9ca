"""Assessments kept beside the runs: one private JSON file each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slp_core.errors import StoreError, UsageError
from slp_core.private_files import write_private
from slp_fleet.store import masked

_FOLDER = "assessments"


def keep(root: Path, data: Mapping[str, Any]) -> str:
    """Writes an assessment, masked, and returns its id.

    Raises:
        StoreError: the file cannot be written.
    """
    made = f"{datetime.now(UTC):%y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    path = root / _FOLDER / f"{made}.json"
    try:
        write_private(path, json.dumps(masked(dict(data)), ensure_ascii=False, indent=1))
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
