"""A router delivered with SLP goes back before it, over SSH: registered again, or not proven."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
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


@pytest.mark.parametrize("renews", [True, False])
def test_down_1_a_router_with_trust_is_registered_only_after_its_renewal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renews: bool
) -> None:
    if not renews:
        monkeypatch.setattr(migrate.classic, "renew_after_downgrade", lambda _: None)
    router = slp_router(pid="ISR4351/K9", release="17.6.5")
    trust = {
        "installed_at": "epoch-40d",
        "smart_account": "Eg-SA-01",
        "virtual_account": "Eg-VA-01",
    }
    router["router"]["licensing"] = {
        **router["router"]["licensing"], "trust": trust, "transport": "smart",
    }  # fmt: skip
    with bench(tmp_path, router, images=[IMAGE]) as made:
        source = str(tmp_path / "images" / str(IMAGE["name"]))
        plan = made.plan(
            release="16.12.4",
            image={"name": IMAGE["name"], "source": source, "size": IMAGE["size"]},
            delivered_with="slp",
            topology={"kind": "direct", "transport": "smart", "token": "env:SLP_TOKEN"},
        )
        assert plan.blockers == ()
        ended = made.migrate(plan)
        wrong = [e for _, e in ended if e not in ("done", "skipped")]
        assert (wrong == []) is renews, ended
        if not renews:
            assert "MODEL-REGISTERED" in wrong[0]
