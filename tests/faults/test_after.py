"""AFTER is what was seen last, and says when and by what: also by a step, and by ``slp verify``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kit.fault_desk import Desk, desk

STRUCK = {
    "name": "r1",
    "family": "s4_evaluation",
    "router": {"faults": [{"name": "F34", "params": {"variant": "present"}}]},
}


def told(made: Desk, path: str) -> dict[str, Any]:
    report = made.slp("report", "latest", "--json").out
    router = json.loads(report)["routers"][0]
    fact = next(f for f in router["facts"] if f["path"] == path)
    return {"by": router["seen_by"], "at": router["seen_at"], **fact}


@pytest.mark.slow
def test_a_step_that_looked_after_the_verification_has_the_last_word_and_so_has_slp_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, STRUCK) as made:
        made.apply()
        assert made.record()["current_step"].endswith("trust")
        steps = made.record()["steps"]
        topology = next(s for s in steps if s["kind"] == "topology")
        fact = told(made, "transport.kind")
        assert fact["after"] == "smart", "as topology left it, not as verify saw it before"
        assert "trust" in fact["by"], "the step that looked last"
        assert datetime.fromisoformat(fact["at"]) >= datetime.fromisoformat(topology["ended"])
        older = told(made, "throughput.level")  # no step after the verification looks at it
        assert datetime.fromisoformat(older["seen_at"]) < datetime.fromisoformat(fact["at"])
        assert "seen last" in made.shown()
        assert "transport smart" in made.shown()

        with made.lab.lock:
            router = made.router()
            router.running.merge(["license smart transport cslu"])
        made.pass_time(3600)
        assert made.slp("verify").code == 1
        fact = told(made, "transport.kind")
        assert (fact["after"], fact["by"]) == ("cslu", "slp verify")
        assert "seen_at" not in fact, "all is of one look"
        assert fact["verdict"] == "unmet", "and is held against the plan anew"
        run = made.run()["id"]
        assert "by slp verify" in made.shown()
        for name in ("report.html", "report.md", "report.csv"):
            made.slp("report", run, "-o", str(tmp_path / name))
            text = (tmp_path / name).read_text()
            assert "slp verify" in text, name
            assert "cslu" in text or name.endswith("csv"), name
