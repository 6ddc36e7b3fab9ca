"""Two carry out the same plan from two machines, by turns: what one began, the other sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from kit.labs import Bench, bench, person
from kit.twice import OLD
from slp_core.errors import ConnectFailed, DeadlineExceeded, SessionLost
from slp_core.plan import RouterPlan

_NAP_S = 15.0


def turns(made: Bench, plan: RouterPlan) -> Iterator[str]:
    """Takes one turn after another as a store's worker does: a probe that is ready acts at once."""
    for step in plan.steps:
        if step.kind == "person":
            person(made, plan, step)
        phase = "probe"
        while True:
            try:
                found = made.phase(plan, step, phase, confirmed=step.kind == "person")
                if found.get("state") == "ready":
                    made.phase(plan, step, "act")
                    phase = "confirm"
            except (ConnectFailed, SessionLost, DeadlineExceeded):
                phase = "confirm" if "sends" in made.notes.get(step.id, {}) else "probe"
                found = {}
            finally:
                made.host().close_connections()
            state = found.get("state")
            assert state not in ("blocked", "failed"), (step.id, found)
            yield f"{step.id} {state}: {found.get('detail', '')}"
            if state in ("done", "confirmed"):
                break


def test_tokens_and_installs_of_two_stores_are_sent_once_in_all(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        plan = made.plan()
        assert {"install_add", "trust"} <= {s.kind for s in plan.steps}
        anna = turns(replace(made, notes={}, folder=tmp_path / "anna"), plan)
        ben = turns(replace(made, notes={}, folder=tmp_path / "ben"), plan)
        at_work = [anna, ben]
        for _, one in zip(range(2000), cycle((anna, ben)), strict=False):
            if one in at_work and next(one, None) is None:
                at_work.remove(one)
            if not at_work:
                break
            if one is ben:
                made.clock.sleep(_NAP_S)
        assert at_work == [], "both came to their end"
        events = made.events()
        for what in ("trust requested", "install add", "install activate", "reload"):
            assert len([e for e in events if e.startswith(what)]) == 1, (what, events)
