"""The steps of install mode, also for a router that leaves bundle mode by the upgrade (UP-2)."""

from __future__ import annotations

from slp_core.plan import StepKind
from slp_core.planner.collecting import HOUR, Steps
from slp_core.planner.situation import Situation

_ONE_SHOT_S = 1.5 * HOUR


def install_steps(s: Situation, steps: Steps, *, name: str, file: str, release: str | None) -> None:
    """Adds adding, activating and committing: one by one, or in one command where asked for.

    A router that is converted boots ``packages.conf`` first from then on; what booted before stays
    as the second choice.
    """
    one_shot = s.target.install == "one-shot"
    if not one_shot:
        steps.add(
            StepKind.INSTALL_ADD,
            f"Add {name}",
            ("UP-2",),
            params={"file": file, "release": release},
        )
    if s.converts:
        steps.add(
            StepKind.BOOT_VARIABLE,
            "Boot packages.conf from now on",
            ("UP-2",),
            why="bundle mode becomes install mode; the old image stays as the second choice",
            params={"file": f"{s.filesystem}packages.conf", "later": one_shot},
        )
        steps.add(StepKind.SAVE_CONFIG, "Save the boot variable", ("UP-2",))
    minutes = s.target.auto_abort_minutes
    how = {"file": file} if one_shot else {"auto_abort_minutes": minutes}
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
    steps.add(StepKind.INSTALL_COMMIT, f"Commit {release}", ("UP-4",), params={"release": release})


def _why(s: Situation, minutes: int, *, one_shot: bool) -> str:
    if one_shot:
        return "committed at once: it never rolls back by itself"
    if s.converts:
        return "nothing is committed before: the way back is the old boot variable"
    return f"rolls back by itself after {minutes} minutes unless committed"
