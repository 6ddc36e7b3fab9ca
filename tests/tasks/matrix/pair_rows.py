"""Upgrade in service: a chassis with two processors, from added to back again."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.issu_activate import issu_activate
from slp_tasks.steps.rollback import rollback
from slp_tasks.steps.stage_image import stage_image
from tasks.matrix.image_rows import image
from tasks.matrix.row import Row, World

_SCENARIO = yaml.safe_load(files("slp_sim").joinpath("scenarios", "issu.yaml").read_text("utf-8"))
LAB = {"images": _SCENARIO["images"], "epoch": _SCENARIO["epoch"]}
WAS, NEW = "17.6.5", "17.9.4"
NAME = "asr1000rpx86-universalk9.17.09.04.SPA.bin"
SUMMARY, REDUNDANCY = "show install summary", "show redundancy"
VERSION = "show version"
RUNS_NEW, RUNS_OLD = r"Version 17\.9\.4", r"Version 17\.6\.5"
HOT = r"(?i)standby hot"
COMMAND = ("install activate issu",)
TO = {"release": NEW}


def chassis(**changes: Any) -> dict[str, Any]:
    """The first router of the shipped scenario, changed as asked."""
    row = _SCENARIO["routers"][0]
    return {**row, "name": "r1", "router": row["router"] | changes}


def single() -> dict[str, Any]:
    """The same with one processor."""
    spec = {k: v for k, v in chassis()["router"].items() if k != "standby"}
    return {**chassis(), "router": spec}


def added(world: World) -> None:
    """The release is added."""
    world.did(stage_image, image=image(world, NAME))
    world.did(install_add, file=f"bootflash:{NAME}", release=NEW)


def activated(world: World) -> None:
    """Both processors run the release, not committed."""
    added(world)
    world.did(issu_activate, release=NEW)


def committed(world: World) -> None:
    """Both processors run the release, and keep it."""
    activated(world)
    world.did(install_commit, release=NEW)


def booted(world: World) -> None:
    """The release was activated with a reload of both."""
    added(world)
    world.did(install_activate, release=NEW)


def issu(state: str, prepare: Any, **more: Any) -> Row:
    """Returns a row of an activation in service."""
    router = more.pop("router", None) or chassis()
    return Row("issu_activate", state, issu_activate, router, TO, prepare=prepare,
               lab=LAB, **more)  # fmt: skip


ROWS = [
    issu("added", added, sends=COMMAND, events=(f"issu activate {NEW}",),
         shows={VERSION: RUNS_NEW, REDUNDANCY: HOT, SUMMARY: r"IMG +U +17\.09\.04"}),
    issu("not added", None, refused="was not added before", shows={VERSION: RUNS_OLD}),
    issu("activated", activated, shows={VERSION: RUNS_NEW, REDUNDANCY: HOT}),
    issu("activated", booted, case="by-reload", shows={VERSION: RUNS_NEW}),
    issu("committed", committed, shows={SUMMARY: r"IMG +C +17\.09\.04"}),
    issu("standby not hot", added, router=chassis(faults=["F11"]), refused="is not hot",
         shows={VERSION: RUNS_OLD}),
    issu("one processor", added, router=single(), refused="ISSU is not possible",
         shows={VERSION: RUNS_OLD}),
    issu("another upgrade under way", None, router=chassis(faults=["F09-issu"]),
         refused="another release is under way", shows={VERSION: RUNS_OLD}),
    Row("install_activate", "added", install_activate, chassis(), TO, case="pair",
        prepare=added, lab=LAB, sends=("install activate auto-abort-timer 120",),
        shows={VERSION: RUNS_NEW}),
    Row("install_commit", "activated", install_commit, chassis(), TO, case="in-service",
        prepare=activated, lab=LAB, sends=("install commit",), events=(f"install commit {NEW}",),
        shows={SUMMARY: r"IMG +C +17\.09\.04"}),
    Row("rollback", "activated", rollback, chassis(), {"release": WAS}, case="in-service",
        prepare=activated, lab=LAB, sends=("install abort issu",),
        shows={VERSION: RUNS_OLD, REDUNDANCY: HOT}),
]  # fmt: skip
