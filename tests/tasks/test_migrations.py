"""Whole migrations, step by step as the fleet carries them out, over SSH and in process."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.labs import Bench, bench
from kit.routers import FAMILIES


def unmet(made: Bench) -> list[str]:
    last = sorted(k for k in made.notes if k.endswith("-verify"))[-1]
    return [f["path"] for f in made.notes[last]["findings"] if f["verdict"] == "unmet"]


@pytest.mark.parametrize(
    ("family", "over"),
    [
        *((f, "fake") for f in FAMILIES),
        (FAMILIES[0], "ssh"),
        # an hour of the lab's time, until conversion data is collected
        *(pytest.param(f, "ssh", marks=pytest.mark.slow) for f in FAMILIES[1:]),
        pytest.param("s4_evaluation", "netmiko", marks=pytest.mark.slow),
    ],
)
def test_a_migration_ends_proven_and_a_second_one_has_nothing_to_do(
    tmp_path: Path, family: str, over: str
) -> None:
    with bench(tmp_path, {"name": "r1", "family": family}, over=over) as made:
        plan = made.plan()
        assert plan.blockers == ()
        ended = made.migrate(plan)
        assert [(i, e) for i, e in ended if e not in ("done", "skipped")] == []
        assert len(ended) == len(plan.steps)
        assert unmet(made) == []
        reloads = [e for e in made.events() if e.startswith("reload")]
        assert len(reloads) == 1, reloads
        before = made.caused()
        made.notes.clear()
        again = made.plan()
        assert [s.title for s in again.steps] == []
        assert made.caused() == before


def shown_at_the_end(made: Bench) -> dict[str, object]:
    """Returns what the last look found, without what is issued anew in every lab."""
    plan = made.plan()
    assert all(e in ("done", "skipped") for _, e in made.migrate(plan))
    last = sorted(k for k in made.notes if k.endswith("-verify"))[-1]
    return {
        path: value
        for path, value in made.notes[last]["observed"].items()
        if not path.startswith(("reporting.", "udi.sn", "config"))
        and not path.endswith(("installed_on", "confirmation_code"))
    }


@pytest.mark.parametrize(
    "family",
    [f if f == "s4_evaluation" else pytest.param(f, marks=pytest.mark.slow) for f in FAMILIES],
)
def test_the_same_migration_over_ssh_and_in_process_ends_in_the_same_state(
    tmp_path: Path, family: str
) -> None:
    ends = {}
    for over in ("fake", "ssh"):
        folder = tmp_path / over
        folder.mkdir()
        with bench(folder, {"name": "r1", "family": family}, over=over) as made:
            ends[over] = shown_at_the_end(made)
    assert len(ends["fake"]) > 20
    assert ends["fake"] == ends["ssh"]
