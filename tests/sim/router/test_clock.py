"""A lab's clock: what is due happens in order, at its own time, once, from any thread."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from kit.hand import Hand, World
from kit.specs import small
from slp_sim.clock import ManualClock, RunningClock
from slp_sim.ports import Output
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.router import Router
from slp_sim.router.spec import RouterSpec

EPOCH = datetime(2021, 3, 1, tzinfo=UTC)


def test_due_acts_run_in_order_at_their_own_times() -> None:
    clock, seen = ManualClock(EPOCH), []
    for seconds in (30, 10, 20):
        clock.after(seconds, lambda s=seconds: seen.append((s, clock.now())))  # type: ignore[misc]
    clock.advance(25)
    assert seen == [(s, EPOCH + timedelta(seconds=s)) for s in (10, 20)]
    clock.advance(25)
    assert [s for s, _ in seen] == [10, 20, 30]
    assert clock.now() == EPOCH + timedelta(seconds=50)


def test_an_act_may_bring_about_another_that_is_due_already() -> None:
    clock, seen = ManualClock(EPOCH), []
    clock.after(5, lambda: clock.after(5, lambda: seen.append(clock.now())))
    clock.advance(60)
    assert seen == [EPOCH + timedelta(seconds=10)]


def test_a_failing_act_does_not_stop_the_clock() -> None:
    clock, seen = ManualClock(EPOCH), []
    clock.after(1, lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    clock.after(2, lambda: seen.append(clock.now()))
    with pytest.raises(ZeroDivisionError):
        clock.advance(10)
    clock.settle()
    assert seen == [EPOCH + timedelta(seconds=2)]
    assert clock.now() == EPOCH + timedelta(seconds=10)


def test_a_running_clock_follows_the_machine() -> None:
    machine = [1000.0]
    clock = RunningClock(EPOCH, 600, 1000.0, machine=lambda: machine[0])
    seen: list[datetime] = []
    clock.after(3600, lambda: seen.append(clock.now()))
    clock.settle()
    assert seen == []
    machine[0] += 7
    clock.settle()
    assert seen == [EPOCH + timedelta(hours=1)]
    assert clock.now() == EPOCH + timedelta(seconds=4200)
    assert clock.real_seconds(600) == 1


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="factor"):
        RunningClock(EPOCH, 0)


def test_routers_of_a_lab_can_be_driven_from_many_threads() -> None:
    clock = ManualClock(EPOCH)
    world = World(clock)
    routers = [
        Router(RouterSpec.model_validate(small(name=f"r{n}", hostname=f"r{n}")), clock, world)
        for n in range(8)
    ]
    texts: dict[int, str] = {}

    def work(number: int) -> None:
        shell = open_terminal(routers[number], "admin")
        shell.start()
        text = ""
        for command in ("terminal length 0", "show version", "show license", "dir") * 5:
            for action in shell.feed(f"{command}\r".encode()):
                text += action.data.decode() if isinstance(action, Output) else ""
            if number == 0:
                clock.advance(1)
        texts[number] = text

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, text in texts.items():
        assert text.count(f"r{number} uptime is") == 5
        assert "% " not in text
    assert Hand(routers[0], clock).text.endswith("r0#")
