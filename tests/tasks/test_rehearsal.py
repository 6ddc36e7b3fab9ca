"""A dry run shows every line that the run then sends, and sends nothing itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import metro
from kit.step_params import least_params
from slp_core.secrets import REDACTOR
from slp_core.steps.base import step_kinds
from slp_core.targets import load_target
from slp_tasks.connection.terminal import Terminal

FAMILIES = ("s1_registered", "s2_slr", "s3_slr_gt250m", "s4_evaluation", "s5_pak")
_LOOKS = re.compile(
    r"^(show|dir|verify|terminal|configure terminal|end$|more|delete|telnet|disconnect$)"
)
_QUIET = {"preflight", "backup", "verify", "person",
          "dlc_wait", "dlc_done", "slac_wait", "rollback"}  # fmt: skip


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line that changes something, as it is typed on a router."""
    lines: list[str] = []
    dialogue = Terminal.dialogue

    def recorded(self: Terminal, command: str, *rest: Any, **more: Any) -> str:
        if not _LOOKS.match(command):
            lines.append(command)
        return dialogue(self, command, *rest, **more)

    monkeypatch.setattr(Terminal, "dialogue", recorded)
    return lines


def rehearsed(made: Bench, plan: Any) -> list[str]:
    """Goes through a plan as a dry run does, and returns the lines that it shows."""
    shown: list[str] = []
    for step in plan.steps:
        found = made.phase(plan, step, "probe", dry_run=True)
        made.host(plan.router).close_connections()
        assert found["state"] in ("done", "ready"), (step.id, found)
        if found["state"] == "ready":
            shown += found["seen"].get("sends") or []
    made.notes.clear()
    return shown


def shown_as(line: str) -> str:
    return re.sub(r"(idtoken )\S+", r"\1TOKEN", line)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_migration_sends_no_line_that_its_dry_run_did_not_show(
    tmp_path: Path, family: str, typed: list[str]
) -> None:
    with bench(tmp_path, {"name": "r1", "family": family}) as made:
        plan = made.plan()
        before = made.caused()
        typed.clear()
        shown = rehearsed(made, plan)
        assert typed == [], "a dry run sent something"
        assert made.caused() == before
        ended = made.migrate(plan)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        sent = [shown_as(line) for line in typed]
        assert [line for line in sent if line not in shown] == []
        assert "good-token-0001" not in REDACTOR.mask(" ".join(shown))


@pytest.mark.parametrize("wanted", ["register", "smart"])
def test_the_classic_way_sends_no_line_that_its_dry_run_did_not_show(
    tmp_path: Path, wanted: str, typed: list[str]
) -> None:
    with bench(tmp_path, metro("eval" if wanted == "register" else "csl")) as made:
        topology = {"kind": "direct", "transport": "callhome", "token": "env:SLP_TOKEN"}
        plan = made.plan(classic=wanted, topology=topology, allow={"B9-2": "lab"})
        typed.clear()
        shown = rehearsed(made, plan)
        assert typed == []
        ended = made.migrate(plan)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        assert [line for line in map(shown_as, typed) if line not in shown] == []


def test_a_blocker_of_the_first_step_still_blocks_a_dry_run(tmp_path: Path) -> None:
    with bench(tmp_path, {"name": "r1", "family": "s1_registered"}) as made:
        plan = made.plan()
        assert plan.udi is not None
        other = plan.udi.model_copy(update={"sn": "FDO9999"})
        wrong = plan.model_copy(update={"udi": other})
        found = made.phase(wrong, wrong.steps[0], "probe", dry_run=True)
        assert found["state"] == "blocked"


def test_every_kind_that_sends_is_shown_from_the_plan_where_it_cannot_be_looked_at() -> None:
    target = load_target({"topology": {"kind": "airgap"}}, where="", base=Path())
    params: dict[str, Any] = {
        "file": "f",
        "image": {"name": "i.bin", "source": "http://h/i.bin"},
        "topology": target.topology.to_json(),
        "level": 1,
    }
    silent = [
        kind
        for kind in step_kinds()
        if not step_kinds()[kind].model_validate(least_params(kind, params)).lines()
    ]
    assert set(silent) == _QUIET
