"""The stop on the way past 17.10: a release that records PAK licences (B9-3)."""

from __future__ import annotations

from dataclasses import replace

from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.planner.steps import upgrade_steps
from slp_core.release import Release
from slp_core.rules import classic as rules
from slp_core.rules.boot_level import permanent_licences
from slp_core.rules.upgrade import assumed_image
from slp_core.targets import Image


def stop_is_due(s: Situation) -> bool:
    """Tells whether the way to the target leaves the record of PAK licences behind."""
    if not s.upgrade or s.goal is None:
        return False
    paks = permanent_licences(s.state)
    return rules.skips_snapshot(rules.mode_of(s.state), s.state.release, s.goal, paks)


def named_stop(s: Situation) -> tuple[Release, Image] | None:
    """Returns the release and the image to stop at: the target's, else that of the rule data."""
    wanted = s.target.stop
    if wanted is not None and wanted.image is not None and wanted.release is not None:
        return Release.parse(wanted.release), wanted.image
    release = Release.parse(wanted.release) if wanted and wanted.release else s.rules.snapshot_stop
    name = assumed_image(s.platform, release, s.state) if s.platform and release else None
    return (release, Image(name=name)) if release and name else None


def stop_of(s: Situation) -> tuple[Release, Image] | None:
    """Returns where the upgrade stops on its way; ``None`` where it need not, or cannot."""
    stop = named_stop(s) if stop_is_due(s) else None
    return stop if stop is not None and rules.takes_snapshot(stop[0]) else None


def stop_steps(s: Situation, steps: Steps) -> Situation:
    """Adds the first of two upgrades; returns the situation in which the second begins.

    Each step says beyond which release it is done with: applied again, nothing leads back.
    """
    stop = stop_of(s)
    if stop is None:
        return s
    release, image = stop
    first = replace(s, goal=release, image=image, image_given=True)
    begin = len(steps.specs)
    upgrade_steps(first, steps, ("B9-3",), moment="stop")
    goal = s.goal.short if s.goal else None
    steps.specs[begin:] = [x.told(beyond=goal) for x in steps.specs[begin:]]
    state = s.state.model_copy(update={"release": release})
    return replace(s, state=state, boot=first.boots_after)
