"""Files that a person hands over with the command: one a router, found by name or content."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from slp_core.errors import InputError, UsageError
from slp_core.files import read_license_path
from slp_core.plan import Plan, RouterPlan, StepKind, StepSpec

if TYPE_CHECKING:
    from slp_fleet.api import Fleet

_AGAIN = "download it again from CSSM and confirm once more"


def asks_for_file(plan: RouterPlan) -> StepSpec | None:
    """Returns the first step of a plan that waits for a file of a person."""
    kinds = (s for s in plan.steps if s.kind is StepKind.PERSON)
    return next((s for s in kinds if s.params.get("provides")), None)


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
    wanted = step.params["provides"][0] if step else ""
    own = folder / plan.router
    if (own / wanted).is_file():
        return own / wanted
    named = sorted(own.iterdir()) if own.is_dir() else sorted(folder.glob(f"{plan.router}.*"))
    candidates = [p for p in named if p.is_file()] or _by_content(plan, folder)
    if len(candidates) == 1:
        return candidates[0]
    told = "several files fit it" if candidates else "no file is for it"
    raise InputError(
        told, where=f"{folder}: {plan.router}", remedy=f"name it {plan.router}/{wanted}"
    )


def _by_content(plan: RouterPlan, folder: Path) -> list[Path]:
    """Returns the files whose own text names the router."""
    if plan.udi is None:
        return []
    found = []
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        try:
            read = read_license_path(path)
        except InputError:
            continue
        if read.udis and read.fits(plan.udi):
            found.append(path)
    return found


def refuse_wrong_file(plan: RouterPlan, step: str, file: Path) -> None:
    """Looks at a file before it is taken; a step that asks for none takes whatever is given.

    Raises:
        InputError: it cannot be read, is no licence file, or is another router's (F25).
    """
    spec = next((s for s in plan.steps if step in (s.id, s.id.split("-", 1)[0])), None)
    if spec is None or not spec.params.get("provides"):
        return
    where = f"{file}, for {plan.router}"
    try:
        found = read_license_path(file)
    except InputError as error:
        readable = not isinstance(error.__cause__, OSError)
        raise InputError(error.what, where=where, remedy=_AGAIN if readable else None) from error
    if plan.udi is not None and not found.fits(plan.udi):
        other = found.udis[0]
        raise InputError(
            f"it is for PID {other.pid}, serial number {other.sn}, not for this router "
            f"(PID {plan.udi.pid}, serial number {plan.udi.sn})",
            where=where,
            remedy=_AGAIN,
        )


def hand_over(fleet: Fleet, run_id: str, plan: Plan, files: dict[str, Path]) -> None:
    """Answers the steps that wait for these files, as ``slp confirm --file`` would."""
    for router in plan.routers:
        step, file = asks_for_file(router), files.get(router.router)
        if step is not None and file is not None:
            fleet.confirm(run_id, router.router, step.id, by=getpass.getuser(), file=file)
