"""A router delivered with SLP goes back before it, over SSH: registered again, or not proven."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.office import Office
from kit.routers import slp_router
from kit.ssh_desk import desk
from slp_sim.router.agent import migrate

IMAGE = {
    "name": "isr4300-universalk9.16.12.04.SPA.bin",
    "release": "16.12.4",
    "platform": "isr4300",
    "size": 612345678,
}


@pytest.mark.slow
@pytest.mark.parametrize("evaluates", [True, False])
def test_down_2_comes_up_in_evaluation_and_is_registered_by_the_old_procedure(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    evaluates: bool,
) -> None:
    if not evaluates:
        back = migrate._back_from_slp

        def traditional(agent: Any) -> None:
            back(agent)
            agent.model = "csl"

        monkeypatch.setattr(migrate, "_back_from_slp", traditional)
    target = {
        "release": "16.12.4",
        "image": IMAGE["name"],
        "delivered_with": "slp",
        "topology": {"kind": "direct", "transport": "callhome", "token": "env:SLP_TOKEN"},
    }
    router = slp_router(pid="ISR4351/K9", release="17.6.5")
    with desk(tmp_path, "scrapli", {**router, "target": target}, images=[IMAGE]) as made:
        at = Office(made.lab, tmp_path, capsys)
        planned = at.slp("plan", "--output", "plan.json")
        assert planned.code == 0, planned.out + planned.err
        at.slp("apply", "plan.json", "--yes")
        (ended,) = at.run()["routers"]
        assert (ended["state"] == "proven") is evaluates, ended
        assert ("registered" in at.events()) is evaluates
