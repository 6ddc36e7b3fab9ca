"""Files that a person hands over with the command: one a router, found by name or content."""

from __future__ import annotations

import getpass
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from slp_core.errors import InputError, UsageError
from slp_core.files import read_license_path
from slp_core.folders import folder_name
from slp_core.handed import kind_taken, missing_files, refusal
from slp_core.plan import Plan, RouterPlan, StepSpec

if TYPE_CHECKING:
    from slp_fleet.api import Fleet

_AGAIN = "download it again from CSSM and confirm once more"


def asks_for_file(plan: RouterPlan) -> StepSpec | None:
    """Returns the first step of a plan that waits for a file of a person."""
    return next((s for s in plan.steps if s.params.asks_for()), None)


def find_files(plan: Plan, file: Path | None, folder: Path | None) -> dict[str, Path]:
    """Returns the file of each router that asks for one; none where none was given.

    Args:
        file: for a single router.
        folder: holds ``ROUTER/NAME``, ``ROUTER.*``, or files that name the router's serial number.

    Raises:
        UsageError: one file for several routers.
        InputError: a router's file is not there.
    """
    if file is not None and folder is not None:
        raise UsageError("--file and --from exclude each other")
    open_plans = {p.router: p for p in plan.routers if not p.blockers and asks_for_file(p)}
    if file is not None:
        if len(open_plans) > 1:
            raise UsageError(
                f"one file for {len(open_plans)} routers", remedy="give --from FOLDER, or --limit"
            )
        if not file.is_file():
            raise InputError("there is no such file", where=str(file))
        return dict.fromkeys(open_plans, file)
    if folder is None:
        return {}
    if not folder.is_dir():
        raise InputError("is no folder", where=str(folder))
    return {name: _find(p, folder) for name, p in open_plans.items()}


def _find(plan: RouterPlan, folder: Path) -> Path:
    step = asks_for_file(plan)
    wanted = step.params.asks_for()[0] if step else ""
    name = folder_name(plan.router)
    own = folder / name
    if (own / wanted).is_file():
        return own / wanted
    named = sorted(own.iterdir()) if own.is_dir() else sorted(folder.glob(f"{escape(name)}.*"))
    candidates = [p for p in named if p.is_file()] or _by_content(plan, folder, wanted)
    if len(candidates) == 1:
        return candidates[0]
    told = "several files fit it" if candidates else "no file is for it"
    raise InputError(told, where=f"{folder}: {plan.router}", remedy=f"name it {name}/{wanted}")


def _by_content(plan: RouterPlan, folder: Path, wanted: str) -> list[Path]:
    """Returns the files whose own text names the router, and that are what it asks for."""
    if plan.udi is None:
        return []
    found = []
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        try:
            read = read_license_path(path)
        except InputError:
            continue
        if read.udis and refusal(read, kind_taken(plan.steps, wanted), plan.udi) is None:
            found.append(path)
    return found


def refuse_wrong_file(plan: RouterPlan, step: str, file: Path) -> None:
    """Looks at a file before it is taken; a step that asks for none takes whatever is given.

    Raises:
        InputError: it cannot be read, is no licence file, is one of another kind, or is another
            router's (F25).
    """
    spec = asking_step(plan, step)
    if spec is None:
        return
    provides = spec.params.asks_for()
    name = provides[0] if len(provides) == 1 else file.name
    where = f"{file}, for {plan.router}"
    try:
        found = read_license_path(file)
    except InputError as error:
        readable = not isinstance(error.__cause__, OSError)
        raise InputError(error.what, where=where, remedy=_AGAIN if readable else None) from error
    refused = refusal(found, kind_taken(plan.steps, name), plan.udi)
    if refused is not None:
        raise InputError(refused[0], where=where, remedy=f"{refused[1]}. Else {_AGAIN}")


def refuse_missing_files(plan: RouterPlan, step: str, folder: Path) -> None:
    """Looks whether everything that a step asks for was dropped, where no file is handed over.

    Args:
        folder: the router's folder of the run.

    Raises:
        UsageError: a file is missing.
        InputError: one that lies there is not the right one.
    """
    spec = asking_step(plan, step)
    if spec is None:
        return
    dropped = folder / "in"
    there = [p.name for p in dropped.iterdir()] if dropped.is_dir() else []
    missing = missing_files(spec, there)
    if missing:
        raise UsageError(
            f"{plan.router}: {spec.id} asks for {', '.join(missing)}; nothing is confirmed",
            remedy="hand it over with --file FILE",
        )
    for name in spec.params.asks_for():
        refuse_wrong_file(plan, step, dropped / name)


def refuse_wrong_files(plan: Plan, files: dict[str, Path]) -> None:
    """Looks at the files of every router before anything is begun.

    Raises:
        InputError: one or more are not right; all of them are named.
    """
    told = []
    for router in plan.routers:
        step, file = asks_for_file(router), files.get(router.router)
        if step is None or file is None:
            continue
        try:
            refuse_wrong_file(router, step.id, file)
        except InputError as error:
            told.append(error)
    if len(told) == 1:
        raise told[0]
    if told:
        raise InputError(
            f"{len(told)} files cannot be right; nothing was begun\n"
            + "\n".join(f"  {e.where}: {e.what}" for e in told),
            remedy=_AGAIN,
        )


def asking_step(plan: RouterPlan, step: str) -> StepSpec | None:
    """Returns the step of that id or number where it asks for files."""
    spec = next((s for s in plan.steps if step in (s.id, s.id.split("-", 1)[0])), None)
    return spec if spec is not None and spec.params.asks_for() else None


def hand_over(fleet: Fleet, run_id: str, plan: Plan, files: dict[str, Path]) -> None:
    """Answers the steps that wait for these files, as ``slp confirm --file`` would."""
    for router in plan.routers:
        step, file = asks_for_file(router), files.get(router.router)
        if step is not None and file is not None:
            fleet.confirm(run_id, router.router, step.id, by=getpass.getuser(), file=file)
