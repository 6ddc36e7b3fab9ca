"""A lab of one's own chassis with two processors: the second one comes along, as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.rehearsed import printed, typed
from slp_cli.ui import Ui
from slp_core.captures import slug
from slp_lab.from_captures import rehearse
from slp_sim.lab import Lab
from slp_sim.router.spec import StandbySpec
from slp_sim.scenario import load_scenario


def shown_by(standby: dict[str, Any]) -> dict[str, str]:
    """Returns what the first router of the shipped scenario prints, with this second processor."""
    made = load_scenario("issu")
    entry = next(r for r in made.routers if r.name == "agg1")
    spec = entry.router.model_copy(update={"standby": StandbySpec(**standby)})
    alone = made.model_copy(update={"routers": [entry.model_copy(update={"router": spec})]})
    return printed(Lab.from_scenario(alone, password="x" * 12, secrets={}), "agg1")


@pytest.mark.parametrize(
    ("standby", "state", "release"),
    [({"sync_s": 60}, "STANDBY HOT", "17.6.5"), ({"release": "17.3.4"}, "STANDBY COLD", "17.3.4")],
    ids=["equal", "unequal"],
)
def test_the_second_processor_comes_along(
    tmp_path: Path, standby: dict[str, Any], state: str, release: str
) -> None:
    folder = tmp_path / "captures" / "agg1"
    folder.mkdir(parents=True)
    for command, text in shown_by(standby).items():
        (folder / f"{slug(command)}.txt").write_text(text)
    target = {"release": "17.9.4", "install": "issu", "topology": {"kind": "direct"}}
    (folder / "target.yaml").write_text(yaml.safe_dump(target))
    scenario = rehearse(Ui(), folder.parent).scenario
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(scenario, sort_keys=False))
    lab = Lab.from_scenario(load_scenario(tmp_path / "mine.yaml"), password="x" * 12, secrets={})
    found = typed(lab, "agg1").redundancy
    assert found is not None
    assert (found.peer_state or "").strip() == state
    assert found.peer_release is not None
    assert found.peer_release.short == release
