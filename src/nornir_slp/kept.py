"""Plans and assessments in the store of the inventory: private, by hash and by moment."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from nornir_slp.gathered import Gathered
from nornir_slp.plan_file import Span, write_plans
from nornir_slp.saved_files import json_text
from nornir_slp.store import LATEST
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError, StoreError, UsageError
from slp_core.plan import RouterPlan
from slp_core.private_files import private_folder, write_private
from slp_core.state import Frozen

if TYPE_CHECKING:
    from nornir_slp.documents import Assessment

_FOLDER = "plans"
_SHORT = 12
_LEAST = 4
"""Characters of a hash that name a plan, at least: fewer are rather a slip."""


class KeptPlan(Frozen):
    """What ``slp plans`` says of a plan in the store; the plan itself lies beside it."""

    hash: str
    made: datetime
    routers: int
    blocked: int
    target: str = ""

    @property
    def short(self) -> str:
        """The beginning of the hash, as people read and type it."""
        return self.hash[:_SHORT]


def keep_plans(space: Workspace, plans: Iterable[RouterPlan]) -> tuple[Path, Gathered[Span]]:
    """Writes plans into the store, one router in memory at a time.

    Returns:
        Where they lie, and their groups and totals.

    Raises:
        StoreError: the store cannot be written.
    """
    targets: Counter[str] = Counter()
    with _folder(space) as folder:
        part = folder / f".{secrets.token_hex(4)}.part"
        try:
            gathered, seal = write_plans(part, _counted(plans, targets), private=True)
            path = folder / f"{seal}.json"
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        about = KeptPlan(
            hash=seal,
            made=datetime.now().astimezone(),
            routers=gathered.routers,
            blocked=gathered.blocked,
            target=", ".join(f"{n} × {what}" for what, n in targets.most_common(3)),
        )
        write_private(folder / f"{seal}.about", json_text(about.to_json()))
    return path, gathered


def plans_of(space: Workspace) -> list[KeptPlan]:
    """Returns the plans in the store, the latest first."""
    kept = []
    for path in (space.store_path / _FOLDER).glob("*.about"):
        try:
            kept.append(KeptPlan.model_validate_json(path.read_text(encoding="utf-8")))
        except (OSError, ValidationError):  # a note that is damaged hides no other plan
            continue
    return sorted(kept, key=lambda plan: plan.made, reverse=True)


def plan_named(space: Workspace, name: str) -> Path | None:
    """Returns where the plan of this name lies: ``latest``, or the beginning of its hash.

    Raises:
        UsageError: several begin so.
    """
    kept = plans_of(space)
    if name in LATEST:
        return _path(space, kept[0]) if kept else None
    named = [p for p in kept if p.hash.startswith(name)] if len(name) >= _LEAST else []
    if len(named) > 1:
        raise UsageError(
            f"several plans begin with {name!r}",
            remedy=f"one of {', '.join(p.short for p in named[:5])}",
        )
    return _path(space, named[0]) if named else None


def find_plan(space: Workspace, name: str) -> Path:
    """Returns the file of a plan: a path, ``latest``, or the beginning of a hash in the store.

    Raises:
        UsageError: there is none.
    """
    path = Path(name)
    if path.exists() or path.suffix == ".json" or os.sep in name:
        return path
    found = plan_named(space, name)
    if found is None:
        raise UsageError(
            f"there is no plan {name!r}",
            where=str(space.store_path),
            remedy="slp plans lists those in the store; slp plan makes one",
        )
    return found


def keep_assessment(space: Workspace, found: Assessment) -> str:
    """Keeps an assessment beside the runs and returns its id.

    Raises:
        StoreError: the store cannot be written.
    """
    from slp_fleet.assessments import keep

    return keep(space.store_path, found.to_json())


def assessment_named(space: Workspace, name: Path | None) -> Path | None:
    """Returns the file of an assessment: a path, ``latest``, or an id in the store.

    Raises:
        UsageError: none is kept.
    """
    if name is None or name.exists() or name.suffix == ".json" or name.parent != Path():
        return name
    from slp_fleet.assessments import listed, path_of

    ids = listed(space.store_path)
    known = ids[0] if str(name) in LATEST and ids else str(name)
    if known not in ids:
        raise UsageError(
            f"there is no assessment {str(name)!r}",
            where=str(space.store_path),
            remedy="slp assess makes one",
        )
    return path_of(space.store_path, known)


def refuse_overwriting(path: Path | None, *, force: bool) -> None:
    """Refuses to write over a document that is there already: it may be what was approved.

    Raises:
        UsageError: it is there, and ``--force`` was not given.
    """
    if path is not None and path.exists() and not force:
        raise UsageError(
            "is there already, and is not overwritten",
            where=str(path),
            remedy="give another --output, or --force",
        )


def _path(space: Workspace, plan: KeptPlan) -> Path:
    return space.store_path / _FOLDER / f"{plan.hash}.json"


def _counted(plans: Iterable[RouterPlan], targets: Counter[str]) -> Iterator[RouterPlan]:
    for plan in plans:
        words: Mapping[str, str | None] = {
            "release": plan.target.release,
            "topology": plan.target.topology.kind,
        }
        targets[" ".join(w for w in words.values() if w)] += 1
        yield plan


@contextmanager
def _folder(space: Workspace) -> Iterator[Path]:
    """Gives the private folder of plans; what the disk refuses is an error of the store."""
    folder = space.store_path / _FOLDER
    try:
        yield private_folder(folder)
    except OSError as error:
        raise _unwritable(folder, error.strerror) from error
    except InputError as error:
        if isinstance(error.__cause__, OSError) and str(folder) in (error.where or ""):
            raise _unwritable(folder, error.__cause__.strerror) from error
        raise


def _unwritable(folder: Path, why: str | None) -> StoreError:
    return StoreError(
        f"the plan cannot be kept: {why}",
        where=str(folder),
        remedy="free space there, or use another --store",
    )
