"""The stop on the way from 3.x: a release that brings ROMMON, and takes a later one (ROMMON-2)."""

from __future__ import annotations

from dataclasses import replace

from slp_core.plan import PersonTask
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.release import Release
from slp_core.rules.firmware import stop_row
from slp_core.rules.schema import FirmwareStopRow
from slp_core.steps.around import PersonParams
from slp_core.steps.image import ReloadParams
from slp_core.targets import Image


def due(s: Situation) -> FirmwareStopRow | None:
    """Returns the rule data of the stop that this upgrade must make; ``None`` where it need not."""
    if not s.upgrade:
        return None
    return stop_row(s.state, s.platform.id if s.platform else None, s.goal, s.rules)


def firmware_stop(s: Situation) -> tuple[Release, Image] | None:
    """Returns where the upgrade stops for its ROMMON: the target's own stop, else the rule data's.

    ``None`` where it need not stop, or where the stop that is named will not do.
    """
    row = due(s)
    if row is None:
        return None
    wanted = s.target.stop
    release = Release.parse(wanted.release) if wanted and wanted.release else row.release
    if not row.release <= release <= row.last:
        return None
    name = s.platform.image_name(release) if s.platform else None
    image = wanted.image if wanted and wanted.image else Image(name=name) if name else None
    return (release, image) if image is not None else None


def stopping(s: Situation, release: Release, image: Image) -> Situation:
    """Returns the situation of the first of the two upgrades: by its image, as 3.x knows it."""
    target = s.target.model_copy(update={"boot": "keep", "install": "steps", "rollback": "ask"})
    return replace(s, goal=release, image=image, image_given=True, boot="bundle", target=target)


def stopped(s: Situation, release: Release) -> Situation:
    """Returns the situation in which the second upgrade begins."""
    state = s.state.model_copy(update={"release": release})
    return replace(s, state=state, boot="bundle")


def renewal_steps(s: Situation, steps: Steps, release: Release) -> None:
    """Adds what happens at the stop: it boots again, and a person installs the later ROMMON."""
    row = due(s)
    if row is None:
        return
    steps.add(
        ReloadParams(save=False, release=None),
        ("ROMMON-2",),
        title=f"Boot {release} once more",
        why="the first boot upgrades ROMMON, the second runs by it",
    )
    steps.add(
        PersonParams(),
        ("ROMMON-2", "ROMMON-1"),
        title="Install the later ROMMON",
        person=PersonTask(
            where="the router",
            instructions=(
                f"Copy the package of {row.package} to {s.filesystem}.",
                f"Type `upgrade rom-monitor filename {s.filesystem}<package> all`.",
                "Reload, and see the new version in `show rom-monitor R0`; then confirm.",
            ),
        ),
    )
