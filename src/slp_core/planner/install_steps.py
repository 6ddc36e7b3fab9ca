"""The steps of install mode, also for a router that leaves bundle mode by the upgrade (UP-2)."""

from __future__ import annotations

from typing import TypeVar

from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.steps.around import SaveConfigParams, TakenBack
from slp_core.steps.image import (
    BootVariableParams,
    InstallActivateParams,
    InstallAddParams,
    InstallCommitParams,
    IssuActivateParams,
)

T = TypeVar("T", bound=TakenBack)


def add_step(s: Situation, steps: Steps, *, file: str, release: str) -> None:
    """Adds the step that unpacks the image; a later run finds it done."""
    steps.add(
        InstallAddParams(file=file, release=release),
        ("UP-2",),
        why=f"{release} is added already: nothing is to do" if s.added else "",
    )


def activation_steps(s: Situation, steps: Steps, *, file: str, release: str) -> None:
    """Adds what brings the new release up: one by one, in one command, or in service.

    A router that is converted boots ``packages.conf`` first from then on; what booted before stays
    as the second choice. Committing is a step of its own (``commit_step``).
    """
    one_shot = s.one_shot
    if not one_shot:
        add_step(s, steps, file=file, release=release)
    if s.converts:
        steps.add(
            BootVariableParams(file=f"{s.filesystem}packages.conf", later=one_shot),
            ("UP-2",),
            title="Boot packages.conf from now on",
            why="bundle mode becomes install mode; the old image stays as the second choice",
        )
        steps.add(SaveConfigParams(), ("UP-2",), title="Save the boot variable")
    if s.target.install == "issu":
        steps.add(
            undone(s, IssuActivateParams(release=release)),
            ("UP-2", "UP-4"),
            why="standby first, switchover, then the other processor; rolls back by itself after "
            "120 minutes unless committed",
        )
        return
    minutes = s.target.auto_abort_minutes
    steps.add(
        InstallActivateParams(release=release, file=file)
        if one_shot
        else undone(s, InstallActivateParams(release=release, auto_abort_minutes=minutes)),
        ("UP-2", "UP-4"),
        why=_why(s, minutes, one_shot=one_shot),
    )


def commit_step(steps: Steps, release: str) -> None:
    """Adds the step that keeps the new release."""
    steps.add(InstallCommitParams(release=release), ("UP-4",))


def undone(s: Situation, params: T) -> T:
    """Returns the parameters of a step whose failure the run takes back by itself, if it does."""
    return params.model_copy(update={"roll_back": True}) if s.takes_back else params


def _why(s: Situation, minutes: int, *, one_shot: bool) -> str:
    if one_shot:
        return "committed at once: it never rolls back by itself"
    if s.converts:
        return "nothing is committed before: the way back is the old boot variable"
    return f"rolls back by itself after {minutes} minutes unless committed"
