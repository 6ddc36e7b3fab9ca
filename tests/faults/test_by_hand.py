"""A router that is reloaded or reset by hand while a step waits: whole runs that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.fault_desk import Desk, desk
from kit.fault_ends import watch

PENDING = {
    "name": "r1",
    "family": "s4_evaluation",
    "router": {"faults": [{"name": "F36", "params": {"variant": "pending"}}]},
}
"""Its usage report is never acknowledged: the step waits for two hours."""

BY_PERSON = {"name": "r1", "family": "s4_evaluation", "target": {"topology": "airgap"}}


def reloads(made: Desk) -> None:
    with made.lab.lock:
        made.router().reload("Reload Command")


def erased(made: Desk) -> None:
    """Somebody resets the router: only what reaches it is configured again and saved."""
    with made.lab.lock:
        router = made.router()
        kept = [x for x in router.running.lines() if not x.strip().startswith("license smart")]
        router.running = type(router.running)(kept)
        router.save()
        router.reload("Reload Command")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "says"),
    [(reloads, ""), (erased, "and now reports by cslu instead of smart")],
    ids=["reloaded", "reset"],
)
def test_what_a_person_did_while_a_service_was_waited_for_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], act: object, says: str
) -> None:
    with desk(tmp_path, capsys, PENDING) as made:
        watch(made, "usage sync", act)
        made.apply()
        assert made.record()["state"] == "failed"
        assert made.record()["current_step"].endswith("usage-sync")
        shown = made.shown()
        assert "was reloaded while this step waited (last reload reason: Reload" in shown
        assert says in shown
        assert "not done within" not in shown


@pytest.mark.slow
def test_what_was_done_while_a_person_was_waited_for_is_told_when_the_person_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, BY_PERSON) as made:
        answers = made.act_as_person

        def reload_and_answer() -> bool:
            if not made.asked:
                made.router().save()
                reloads(made)
                made.pass_time(1800)
            return answers()

        made.stage.idle = reload_and_answer
        made.apply()
        assert len(made.asked) == 1
        record = made.record()
        assert record["state"] == "failed"
        assert "was reloaded while this step waited" in made.shown()
        made.again()
        assert made.record()["state"] == "person", "asked again: the look is compared anew"
        answers()
        made.slp("resume", made.run()["id"], "--yes")
        assert made.record()["state"] == "proven", made.record()["reason"]
