"""Faults that show before anything is sent: assess and plan say them, and nothing is applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.fault_desk import Desk, desk

UNDER_SLP = {
    "release": "17.9.1",
    "licensing": {
        "model": "slp",
        "transport": "smart",
        "licences": [{"feature": "securityk9", "tag": "ISR_4351_Security"}],
        "trust": {"installed_at": "epoch-3d", "smart_account": "Eg-SA-01"},
    },
}


def struck(fault: str, family: str = "s1_registered", **more: Any) -> dict[str, Any]:
    params = more.pop("params", {})
    return {
        "name": "r1",
        "family": family,
        "router": {"faults": [{"name": fault, "params": params}], **more},
    }


def untouched(made: Desk) -> None:
    """Nothing was sent to the router, and nothing can be applied."""
    assert made.events() == ["in service"]
    assert made.slp("apply", "latest", "--yes").code in (2, 3)
    assert made.events() == ["in service"]
    assert made.secrets_left() == []


@pytest.mark.parametrize(
    ("fault", "params", "words"),
    [
        ("F28", {"times": 1}, ("r1 refuses the login", "slp retry")),
        ("F33-silent", {}, ("r1", "silent")),
        ("F33-flood", {"mb": 70}, ("r1", "prints without end")),
    ],
)
def test_a_router_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    fault: str,
    params: dict[str, Any],
    words: tuple[str, ...],
) -> None:
    with desk(tmp_path, capsys, struck(fault, params=params)) as made:
        planned = made.plan()
        assert planned.code in (1, 3)
        said = " ".join(f"{planned.out} {planned.err}".split())
        for word in words:
            assert word in said
        untouched(made)


def test_f28_a_login_that_was_refused_is_not_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, struck("F28", params={"times": 100})) as made:
        made.plan()
        assert made.router().faults._used["F28"] == 1, "one attempt, and no account is locked"


def test_f34_a_clock_that_is_off_blocks_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, struck("F34-clock", "s4_evaluation")) as made:
        planned = made.plan()
        assert planned.code == 3
        assert "READY-2" in planned.out
        assert "NTP" in " ".join(planned.out.split())
        untouched(made)


def test_f34_a_host_name_equal_to_the_pid_blocks_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    router = {"name": "r1", "family": "s4_evaluation", "router": {"hostname": "ISR4351"}}
    with desk(tmp_path, capsys, router) as made:
        planned = made.plan()
        assert planned.code == 3
        assert "READY-1" in planned.out
        untouched(made)


@pytest.mark.parametrize("variant", ["F11", "F11-loop"])
def test_f11_a_standby_that_is_not_ready_stops_before_the_reload(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], variant: str
) -> None:
    with desk(tmp_path, capsys, struck(variant, peer_serial="FDO9999PEER")) as made:
        planned = made.plan()
        applied = made.slp("apply", "latest", "--yes")
        said = " ".join(f"{planned.out}{applied.out}{applied.err}".split())
        assert applied.code in (1, 3)
        assert "redundancy" in said or "standby" in said
        assert not [e for e in made.events() if e.startswith(("reload", "install"))]


def test_f40_reports_that_pile_up_are_seen_by_assess(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, struck("F40", "s4_evaluation", **UNDER_SLP)) as made:
        assessed = made.slp("assess")
        said = " ".join(f"{assessed.out} {assessed.err}".split())
        assert "UP-5: 1200 usage reports wait for their acknowledgement" in said
