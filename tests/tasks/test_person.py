"""A step of a person: it waits, looks at what was handed over, and sends nothing itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from slp_core.plan import RouterPlan, StepSpec, Udi
from slp_core.targets import Target, Topology
from tasks.matrix.authorization_rows import other_answer
from tasks.matrix.routers import slp
from tasks.matrix.row import World


def step(**params: Any) -> StepSpec:
    """Returns a step in which a person hands over ``slac.txt``."""
    return StepSpec(
        id="01-person",
        kind="person",
        title="Bring the SLAC",
        params={"provides": ["slac.txt"], **params},
        waits_for="person",
    )


def plan(made: Bench, spec: StepSpec) -> RouterPlan:
    """Returns a plan of this router that holds nothing but the step."""
    router = made.router()
    return RouterPlan(
        router="r1",
        model="MODEL-SLP",
        udi=Udi(pid=router.pid, sn=router.serial),
        target=Target(topology=Topology(kind="airgap")),
        steps=(spec,),
    )


def own(world: World) -> None:
    """The SLAC of this router lies here."""
    router, portal = world.made.router(), world.made.lab.portal
    tag = router.agent.hsec[0]
    world.drop(
        "slac.txt", portal.generate_slac(router.pid, router.serial, tag, home="Eg-SA-01/Eg-VA-01")
    )


@pytest.mark.parametrize(
    ("confirmed", "drop", "state", "says"),
    [
        (False, None, "waiting", "waits for a person: Bring the SLAC"),
        (False, own, "waiting", "waits for a person"),
        (True, None, "waiting", "slac.txt is missing"),
        (True, other_answer, "waiting", "FDO77777777"),
        (True, own, "done", "confirmed by a person"),
    ],
)
def test_f25_a_person_is_waited_for_until_what_is_handed_over_fits(
    tmp_path: Path, confirmed: bool, drop: Any, state: str, says: str
) -> None:
    with bench(tmp_path, slp("off")) as made:
        world = World(made, tmp_path)
        if drop is not None:
            drop(world)
            (tmp_path / "run").mkdir()
            (tmp_path / "files" / "r1").rename(tmp_path / "run" / "r1")
        spec = step()
        before = world.seen()
        for _ in range(2):
            found = made.phase(plan(made, spec), spec, "probe", confirmed=confirmed)
            assert (found["state"], says in found["detail"]) == (state, True), found["detail"]
        made.host().close_connections()
        assert world.lasting() == []
        assert world.seen() == before
