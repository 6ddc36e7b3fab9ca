"""Faults together: on one router, different ones across a fleet, and the same again by the seed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from kit.fault_desk import Desk, desk
from kit.fault_ends import done_once, within_deadlines

HARMLESS: dict[str, dict[str, Any]] = {
    "F01": {"seconds": 90},
    "F02": {},
    "F04": {"seconds": 900},
    "F07": {"minutes": 30},
    "F13": {"seconds": 1},
    "F14": {},
    "F15": {},
    "F16": {},
    "F17": {},
    "F20": {},
    "F22": {},
    "F27": {},
    "F29": {"seconds": 2},
    "F33": {},
    "F37": {"seconds": 900},
}
"""Faults that a run carries on through, singly and together."""


def struck(name: str, family: str, *faults: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "family": family, "router": {"faults": list(faults)}, **more}


def asked(name: str, **params: Any) -> dict[str, Any]:
    return {"name": name, "params": params}


@pytest.mark.parametrize(
    ("family", "faults"),
    [
        ("s1_registered", ["F01", "F02", "F16"]),
        ("s1_registered", ["F13", "F17", "F20"]),
        ("s6_rtu", ["F14", "F15", "F22-corrupt"]),
        ("s4_evaluation", ["F04", "F07", "F33"]),
        ("s1_registered", ["F06", "F02", "F27"]),
    ],
    ids=lambda x: "+".join(x) if isinstance(x, list) else x,
)
def test_several_harmless_faults_on_one_router(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], family: str, faults: list[str]
) -> None:
    with desk(tmp_path, capsys, struck("r1", family, *faults)) as made:
        made.apply()
        assert made.record()["state"] == "proven", made.record()["reason"]
        done_once(made)
        assert made.secrets_left() == []


@pytest.mark.parametrize(
    ("family", "faults", "stops"),
    [
        ("s1_registered", [asked("F05", free=1000), "F16"], ["stage-image"]),
        ("s1_registered", ["F09-missing", "F20", "F01"], ["install-add"]),
        ("s4_evaluation", ["F34-revoked", "F38"], ["verify", "trust"]),
        pytest.param(
            "s1_registered",
            ["F10", "F22", "F36-pending"],
            ["install-activate", "usage-sync"],
            marks=pytest.mark.slow,
        ),
    ],
    ids=["F05+F16", "F09+F20+F01", "F34+F38", "F10+F22+F36"],
)
def test_faults_are_met_one_after_the_other_and_each_is_put_right(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    family: str,
    faults: list[Any],
    stops: list[str],
) -> None:
    with desk(tmp_path, capsys, struck("r1", family, *faults)) as made:
        made.apply()
        for step in stops:
            found = made.record()
            assert found["state"] == "failed"
            assert found["current_step"].endswith(step), found["reason"]
            within_deadlines(made)
            _put_right(made, step, faults)
            made.again()
        assert made.record()["state"] == "proven", made.record()["reason"]
        done_once(made, "trust requested")


def _put_right(made: Desk, step: str, faults: list[Any]) -> None:
    cause = {"stage-image": "F05", "install-add": "F09", "verify": "F38", "trust": "F34"}
    cause |= {"install-activate": "F10", "usage-sync": "F36"}
    assert any(cause[step] in str(f) for f in faults)
    made.mend(cause[step])


def fleet() -> list[dict[str, Any]]:
    return [
        struck("a", "s1_registered", "F01", "F16"),
        struck("b", "s1_registered", asked("F05", free=1000)),
        struck("c", "s6_rtu", "F13", "F22"),
        struck("d", "s4_evaluation", "F34-expired"),
        struck("e", "s1_registered", "F10"),
        struck("f", "s6_rtu"),
    ]


@pytest.mark.slow
def test_different_faults_across_a_fleet_strike_each_router_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, *fleet()) as made:
        made.apply("--canary", "0", "--max-failures", "100%")
        ended = {r["router"]: (r["state"], r["current_step"]) for r in made.run()["routers"]}
        assert {n: s for n, (s, _) in ended.items()} == {
            "a": "proven",
            "b": "failed",
            "c": "proven",
            "d": "failed",
            "e": "failed",
            "f": "proven",
        }
        assert [ended[n][1].split("-", 1)[1] for n in "bde"] == [
            "stage-image",
            "trust",
            "install-activate",
        ]
        for name, fault in (("b", "F05"), ("d", "F34"), ("e", "F10")):
            made.mend(fault, name)
        made.slp("retry", made.run()["id"])
        assert {r["state"] for r in made.run()["routers"]} == {"proven"}
        assert all(made.router(n).boot_count == 1 for n in "abcdef")
        assert made.secrets_left() == []


def test_f46_faults_beyond_the_budget_end_the_run_before_the_next_wave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [struck(f"b{i}", "s1_registered", asked("F05", free=1000)) for i in range(2)]
    good = [struck(f"g{i}", "s6_rtu") for i in range(3)]
    with desk(tmp_path, capsys, *bad, *good) as made:
        applied = made.apply("--canary", "0", "--wave-size", "2", "--max-failures", "1")
        assert applied.code == 4
        assert all(made.events(f"g{i}") == ["in service"] for i in range(3))


def logs(tmp: Path, capsys: pytest.CaptureFixture[str], seed: int) -> dict[str, list[str]]:
    tmp.mkdir()
    with desk(tmp, capsys, *fleet()[:3], seed=seed) as made:
        made.apply("--canary", "0", "--max-failures", "100%", "--workers", "1")
        return {n: list(r.event_log) for n, r in made.lab.routers.items()}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_event_logs_to_the_microsecond(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again, other = (
        logs(tmp_path / str(i), capsys, seed) for i, seed in enumerate((7, 7, 8))
    )
    assert first == again
    assert first != other
    assert {n: _without_times(x) for n, x in first.items()} == {
        n: _without_times(x) for n, x in other.items()
    }


def _without_times(log: list[str]) -> list[str]:
    return sorted(x.partition(" ")[2] for x in log)


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(s, marks=pytest.mark.slow) for s in range(1, 8))]
)
def test_any_harmless_faults_together_end_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance = random.Random(seed)
    routers = [
        struck(
            f"r{i}",
            chance.choice(["s1_registered", "s4_evaluation", "s6_rtu"]),
            *(asked(n, **HARMLESS[n]) for n in chance.sample(sorted(HARMLESS), 3)),
        )
        for i in range(3)
    ]
    with desk(tmp_path, capsys, *routers, seed=seed) as made:
        made.apply("--canary", "0")
        for found in made.run()["routers"]:
            assert found["state"] == "proven", (found["router"], found["reason"])
        assert all(r.boot_count == 1 for r in made.lab.routers.values())
        assert made.secrets_left() == []
