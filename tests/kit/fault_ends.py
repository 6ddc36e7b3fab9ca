"""What whole runs through faults are held to, and people who act meanwhile."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from kit.fault_desk import Desk


def watch(made: Desk, kind: str, act: object) -> None:
    """Has somebody act once the router's own log shows that the step has begun."""

    def look() -> None:
        if any(e.startswith(kind) for e in made.events()):
            act(made)  # type: ignore[operator]
        else:
            made.stage.later(60, look)

    made.stage.later(60, look)


ONCE = ("reload:", "install add", "install activate", "install commit", "boot ", "trust requested")
_LAST_LOOK = timedelta(minutes=10)


def done_once(made: Desk, *but: str) -> None:
    """Nothing with a lasting effect happened to the router twice."""
    counted = Counter(b for e in made.events() for b in ONCE if e.startswith(b))
    assert {b: n for b, n in counted.items() if n > 1 and b not in but} == {}
    assert made.router().boot_count <= 1


def within_deadlines(made: Desk) -> None:
    """No step went on beyond its deadline, by the lab's clock."""
    allowed = {s["id"]: s["deadline_s"] for s in made.planned()["steps"]}
    for step in made.record()["steps"]:
        if step["started"] and step["ended"]:
            began, ended = (datetime.fromisoformat(step[k]) for k in ("started", "ended"))
            assert ended - began <= timedelta(seconds=allowed[step["step"]]) + _LAST_LOOK, step
