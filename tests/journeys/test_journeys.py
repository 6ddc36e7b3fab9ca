"""Every journey of the documents from start to end, by ``slp`` over SSH, as a person types it.

What the router received, by its own record, is held against the document's command sequence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from journeys.sequences import Journey, differences, journey
from kit.journey_desk import Desk, desk
from slp_core.release import Release
from slp_sim.scenario import load_scenario

Judge = Callable[[Mapping[str, Any]], bool]

HERE = Path(__file__).parent
MIGRATIONS = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")
FAST = ("s4", "a2")
"""What runs at every ``make test``: one migration, one switch and one upgrade."""


def marked(*names: str) -> list[Any]:
    return [n if n in FAST else pytest.param(n, marks=pytest.mark.slow) for n in names]


def scenario_of(said: Journey) -> Path | str:
    own = HERE / f"{said.scenario}.yaml"
    return own if own.exists() else said.scenario


def held_against_the_document(at: Desk, said: Journey) -> None:
    assert list(differences(said, at.typed(said.router))) == []


@pytest.mark.parametrize("name", marked(*MIGRATIONS))
@pytest.mark.timeout(180)
def test_a_migration_from_assess_to_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    said = journey(name)
    scenario = load_scenario(scenario_of(said))
    with desk(tmp_path, capsys, scenario) as at:
        at.slp("assess")
        at.slp("plan", "--from-assessment", "latest")
        if said.person:
            with at.person():
                at.slp("apply", "latest", "--yes")
        else:
            at.slp("apply", "latest", "--yes")
        shown = at.data("show", "latest")
        assert {r["state"] for r in shown["routers"]} == {"proven"}
        held_against_the_document(at, said)
        at.slp("verify")
        at.slp("report", "latest", "--output", "report.json")
        report = json.loads((tmp_path / "report.json").read_text())
        assert {r["state"] for r in report["routers"]} == {"proven"}
        boots = [e for e in at.events(said.router) if e.startswith("boot ")]
        assert len(boots) == (2 if name == "s7" else 1), boots
        again = at.data("plan")
        assert [len(r["steps"]) for r in again["routers"]] == [0] * len(scenario.routers)


def licensing(seen: Mapping[str, Any]) -> Mapping[str, Any]:
    return dict(seen["state"]["licensing"])


def is_in_mode(release: str, kind: str, level: str = "metroaggrservices") -> Judge:
    """Returns what holds a router against its release, kind of licensing and licence level."""

    def judge(seen: Mapping[str, Any]) -> bool:
        found = licensing(seen)
        wanted = (Release.parse(release), kind, level)
        release_is = Release.parse(seen["state"]["release"])
        return (release_is, found["license_type"], found["license_level"]) == wanted

    return judge


def registration(status: str) -> Judge:
    return lambda seen: (licensing(seen).get("registration") or {}).get("status") == status


def snapshot_is_taken(seen: Mapping[str, Any]) -> bool:
    """B9-3, B9-16: the snapshot names the PAK, and the router boots with its level."""
    level = "advancedmetroipaccess"
    taken = licensing(seen).get("pak_snapshot") == [level]
    return taken and is_in_mode("17.8.1", "No License Mode", level)(seen)


ENDS: dict[tuple[str, str], Judge] = {
    ("a1", "smart"): registration("UNREGISTERED"),
    ("a1", "throughput"): lambda seen: licensing(seen)["license_level"] == "metroipaccess",
    ("a1", "register"): registration("REGISTERED"),
    ("a1", "renew"): registration("REGISTERED"),
    ("a1", "deregister"): registration("UNREGISTERED"),
    ("a2", "no-license"): is_in_mode("17.7.1", "No License Mode"),
    ("a2", "smart"): is_in_mode("17.7.1", "Smart License"),
    ("a3", "upgrade"): is_in_mode("17.7.1", "Smart License"),
    ("a4", "upgrade"): is_in_mode("17.3.4", "Smart License"),
    ("a5", "upgrade"): is_in_mode("17.7.1", "No License Mode"),
    ("a6", "upgrade"): is_in_mode("16.6.10", "EvalRightToUse"),
    ("a7", "upgrade"): snapshot_is_taken,
}
"""What the router shows after each job, as its document shows it."""


def state_of(at: Desk, router: str) -> Mapping[str, Any]:
    """Returns what ``slp assess`` says of one router."""
    found = at.data("assess", "--limit", router)
    (only,) = found["routers"]
    return dict(only)


def last_word(job: list[str]) -> str:
    """Returns what a job is known by: ``smart`` of ``classic mode smart --allow …``."""
    if job[0] != "classic":
        return job[0]
    return [w for w in job if not w.startswith(("--", "B9-"))][-1]


@pytest.mark.parametrize("name", marked("a1", "a2", "a3", "a4", "a5", "a6", "a7"))
@pytest.mark.timeout(180)
def test_a_procedure_of_the_asr_900_family(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    said = journey(name)
    with desk(tmp_path, capsys, load_scenario(scenario_of(said))) as at:
        for job in said.jobs:
            at.slp(*job, "--limit", said.router, "--yes")
            seen = state_of(at, said.router)
            ended = ENDS[name, last_word(job)]
            assert ended(seen), (job, licensing(seen))
        held_against_the_document(at, said)
