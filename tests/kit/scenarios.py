"""The migrations of the guide as plans and states, read from the captures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_core.targets import Target, load_target

DATA = Path(__file__).parents[1] / "captures" / "data"
MIGRATIONS = (
    "s1_isr4461_registered",
    "s2_isr1k_slr_export",
    "s3_csr1000v_slr_gt250m",
    "s4_isr4351_eval",
    "s5_isr1k_pak",
    "s6_isr4351_rtu",
)
RESERVATION_NOT_UPDATED = "s3_csr1000v_slr_gt250m before SLRUP"
"""The same router, before a person added HSECK9 to its reservation."""

ALL = (*MIGRATIONS, RESERVATION_NOT_UPDATED)


@cache
def state_of(scenario: str, phase: str) -> RouterState:
    """Returns the state that a phase of a scenario shows."""
    folder = DATA / scenario.partition(" ")[0]
    captured = read_router(folder / phase)
    outputs = dict(captured.outputs)
    if scenario == RESERVATION_NOT_UPDATED and phase == "pre":
        path = folder / phase / "show-license-reservation.txt"
        outputs["show license reservation"] = path.read_text(encoding="utf-8")
    return assemble("edge", outputs, facts=_yaml(folder / "router.yaml"))


@cache
def moments_of(scenario: str) -> dict[str, RouterState]:
    """Returns what the outputs of each moment after a migration show, by its name."""
    folder = DATA / scenario.partition(" ")[0]
    who = {k: v for k, v in _yaml(folder / "router.yaml").items() if k in ("pid", "serial")}
    saved = read_router(folder / "post").moments
    return {moment: assemble("edge", texts, facts=who) for moment, texts in saved.items()}


@cache
def target_of(scenario: str) -> Target:
    """Returns where a scenario takes its router."""
    folder = DATA / scenario.partition(" ")[0]
    return load_target(_yaml(folder / "target.yaml"), where=scenario, base=folder)


@cache
def plan_of(scenario: str) -> RouterPlan:
    """Returns the plan made from what a scenario shows before."""
    return make_plan(state_of(scenario, "pre"), target_of(scenario))


def _yaml(path: Path) -> dict[str, object]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded
