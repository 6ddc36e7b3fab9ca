"""The steps of install mode, also for a router that leaves bundle mode by the upgrade (UP-2)."""

from __future__ import annotations

from typing import Any

from slp_core.plan import StepKind
from slp_core.planner.collecting import HOUR, Steps
from slp_core.planner.situation import Situation

_ONE_SHOT_S = 1.5 * HOUR


def add_step(s: Situation, steps: Steps, *, name: str, file: str, release: str | None) -> None:
    """Adds the step that unpacks the image; a later run finds it done."""
    steps.add(
        StepKind.INSTALL_ADD,
        f"Add {name}",
        ("UP-2",),
        why=f"{release} is added already: nothing is to do" if s.added else "",
        params={"file": file, "release": release},
    )


def activation_steps(
    s: Situation, steps: Steps, *, name: str, file: str, release: str | None
) -> None:
    """Adds what brings the new release up: one by one, in one command, or in service.

    A router that is converted boots ``packages.conf`` first from then on; what booted before stays
    as the second choice. Committing is a step of its own (``commit_step``).
    """
    one_shot = s.target.install == "one-shot"
    if not one_shot:
        add_step(s, steps, name=name, file=file, release=release)
    if s.converts:
        steps.add(
            StepKind.BOOT_VARIABLE,
            "Boot packages.conf from now on",
            ("UP-2",),
            why="bundle mode becomes install mode; the old image stays as the second choice",
            params={"file": f"{s.filesystem}packages.conf", "later": one_shot},
        )
        steps.add(StepKind.SAVE_CONFIG, "Save the boot variable", ("UP-2",))
    if s.target.install == "issu":
        steps.add(
            StepKind.ISSU_ACTIVATE,
            f"Activate {release} in service",
            ("UP-2", "UP-4"),
            why="standby first, switchover, then the other processor; rolls back by itself after "
            "120 minutes unless committed",
            params={"release": release, **undone(s)},
        )
        return
    minutes = s.target.auto_abort_minutes
    how = {"file": file} if one_shot else {"auto_abort_minutes": minutes, **undone(s)}
    steps.add(
        StepKind.INSTALL_ACTIVATE,
        f"Add, activate and commit {release}, and reload"
        if one_shot
        else f"Activate {release} and reload",
        ("UP-2", "UP-4"),
        why=_why(s, minutes, one_shot=one_shot),
        params={"release": release, **how},
        deadline_s=_ONE_SHOT_S if one_shot else None,
    )


def commit_step(steps: Steps, release: str | None) -> None:
    """Adds the step that keeps the new release."""
    steps.add(StepKind.INSTALL_COMMIT, f"Commit {release}", ("UP-4",), params={"release": release})


def undone(s: Situation) -> dict[str, Any]:
    """Returns the parameters of a step whose failure the run takes back by itself."""
    return {"roll_back": True} if s.takes_back else {}


def _why(s: Situation, minutes: int, *, one_shot: bool) -> str:
    if one_shot:
        return "committed at once: it never rolls back by itself"
    if s.converts:
        return "nothing is committed before: the way back is the old boot variable"
    return f"rolls back by itself after {minutes} minutes unless committed"
