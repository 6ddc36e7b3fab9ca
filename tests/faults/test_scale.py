"""What a fleet uses up: connections, lines, log-ins, time (F26 to F29)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.fault_desk import desk
from slp_sim.inproc import Line
from slp_sim.mending import strike
from slp_sim.router.spec import FaultSpec

WORKERS = 2


class Counted:
    """How many lines to routers are open at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now: set[int] = set()
        self.most = 0
        opened, closed = Line.__init__, Line.close

        def opening(line: Line, *given: Any, **more: Any) -> None:
            opened(line, *given, **more)
            self.now.add(id(line))
            self.most = max(self.most, len(self.now))

        def closing(line: Line) -> None:
            closed(line)
            self.now.discard(id(line))

        monkeypatch.setattr(Line, "__init__", opening)
        monkeypatch.setattr(Line, "close", closing)


def fleet(count: int, **router: Any) -> list[dict[str, Any]]:
    return [{"name": f"r{n}", "family": "s6_rtu", "router": router} for n in range(1, count + 1)]


@pytest.mark.slow
def test_f26_connections_are_bounded_by_the_workers_and_closed_when_a_step_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, capsys, *fleet(5)) as made:
        assert made.plan().code == 0
        counted = Counted(monkeypatch)
        before = _descriptors()
        made.slp("apply", "latest", "--yes", "--canary", "0", "--workers", str(WORKERS))
        assert {r["state"] for r in made.run()["routers"]} == {"proven"}
        assert 1 <= counted.most <= WORKERS
        assert counted.now == set(), "every line is closed"
        assert _descriptors() - before < 10


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["F05", "F09-missing", "F10", "F34-revoked"])
def test_f27_no_line_stays_open_on_a_router_that_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    struck = {"name": fault, "params": {"free": 1000} if fault == "F05" else {}}
    router = {"name": "r1", "family": "s4_evaluation", "router": {"faults": [struck, "F27"]}}
    with desk(tmp_path, capsys, router) as made:
        made.apply()
        assert made.record()["state"] == "failed"
        assert made.router().lines == []
        made.mend(fault)
        made.again()
        assert made.record()["state"] == "proven", made.record()["reason"]
        assert made.router().lines == []


@pytest.mark.slow
def test_f29_one_slow_router_holds_nobody_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = FaultSpec(name="F29", params={"seconds": 60, "moment": "before-reload"})
    with desk(tmp_path, capsys, *fleet(4)) as made:
        assert made.plan().code == 0
        strike(made.lab, "r1", slow)
        made.slp("apply", "latest", "--yes", "--canary", "0", "--wave-size", "100%")
        ended = {r["router"]: r for r in made.run()["routers"]}
        assert {r["state"] for r in ended.values()} == {"proven"}
        assert max(ended[n]["ended"] for n in ("r2", "r3", "r4")) < ended["r1"]["ended"]
        step = {n: r["steps"][4]["ended"] for n, r in ended.items()}
        assert max(step[n] for n in ("r2", "r3", "r4")) < step["r1"], "the image is added at once"
