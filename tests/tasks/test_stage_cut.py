"""F21, F22: a copy that is cut, damaged, or outlived by its session; the hash decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench


def struck(name: str = "r1", **params: Any) -> dict[str, Any]:
    faults = [{"name": "F22", "params": params}] if params else []
    return {"name": name, "family": "s1_registered", "router": {"faults": faults}}


def stage(made: Bench, name: str = "r1") -> tuple[str, dict[str, Any]]:
    """Carries a plan out up to its image; returns how that ended, and the step's notes."""
    plan = made.plan(name)
    step = next(s for s in plan.steps if s.kind == "stage_image")
    made.notes.pop(step.id, None)
    return made.carry(plan, step), made.notes[step.id]


def transfers(made: Bench, name: str = "r1") -> int:
    return len([e for e in made.events(name) if e.startswith("file written c1100")
                or (e.startswith("file written") and ".bin" in e)])  # fmt: skip


@pytest.mark.parametrize("over", ["fake", "ssh", "netmiko"])
@pytest.mark.parametrize("times", [1, 3])
def test_f22_a_cut_copy_is_made_again_and_how_often_is_told(
    tmp_path: Path, over: str, times: int
) -> None:
    with bench(tmp_path, struck(times=times, bytes=4096), over=over) as made:
        ended, notes = stage(made)
        assert ended == "done", ended
        assert len(notes["cut"]) == times
        assert all(x.startswith("4,096 of ") for x in notes["cut"])
        assert transfers(made) == times + 1
        again, _ = stage(made)
        assert again == "skipped"
        assert transfers(made) == times + 1


def test_f22_tries_are_bounded_the_part_is_removed_and_all_of_it_is_told(tmp_path: Path) -> None:
    with bench(tmp_path, struck(times=99, bytes=4096), struck("r2")) as made:
        ended, _ = stage(made)
        assert ended.startswith("failed:"), ended
        assert "was cut 4 times and removed again" in ended
        assert ended.count("4,096 of ") == 4
        assert "slp retry" in ended
        assert transfers(made) == 4
        with made.lab.lock:
            assert not [f for f in made.router().flash.files if f.endswith(".bin")
                        and "17.03" in f]  # fmt: skip
        other, notes = stage(made, "r2")
        assert (other, notes["cut"]) == ("done", []), "another router is not concerned"


def test_f22_the_deadline_of_the_step_is_kept(tmp_path: Path) -> None:
    """Each copy takes its time: what is left of the deadline decides whether another is begun."""
    with bench(tmp_path, struck(times=99, bytes=4096)) as made:
        plan = made.plan()
        step = next(s for s in plan.steps if s.kind == "stage_image")
        short = step.model_copy(update={"deadline_s": 0.0})
        ended = made.carry(plan, short)
        assert "was cut once" in ended
        assert transfers(made) == 1


def test_f42_a_part_that_a_killed_process_left_is_seen_and_copied_anew(tmp_path: Path) -> None:
    with bench(tmp_path, struck()) as made:
        plan = made.plan()
        step = next(s for s in plan.steps if s.kind == "stage_image")
        name = step.params.image.name
        with made.lab.lock:
            made.router().write_file(f"bootflash:{name}", b"a part of an image")
        found = made.phase(plan, step, "probe")
        assert found["state"] == "ready"
        assert "18 of " in found["detail"]
        assert made.carry(plan, step) == "done"


def test_f21_the_session_dies_and_the_copy_is_fine_the_hash_decides(tmp_path: Path) -> None:
    router = {"name": "r1", "family": "s1_registered", "router": {"faults": ["F21"]}}
    with bench(tmp_path, router) as made:
        plan = made.plan()
        step = next(s for s in plan.steps if s.kind == "stage_image")
        image = step.params.image.to_json()
        name = image["name"]
        image["source"] = f"http://images.lab/{name}"
        by_url = step.told(image=image)
        ended = made.carry(plan, by_url)
        assert ended in ("done", "skipped"), ended
        assert transfers(made) == 1, "not copied a second time"
