"""A colleague who is configuring the router just now is waited for, then the step acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slp_core.errors import CommandRejected
from slp_core.plan import RouterPlan, StepKind, StepSpec, Target, Topology
from slp_sim.router.terminal import Terminal
from slp_tasks.reach.opening import open_session
from slp_tasks.save_config import save_config
from tasks.labs import Bench, bench
from tasks.test_playbooks import options, slp_router

SAVE = StepSpec(id="01-save-config", kind=StepKind.SAVE_CONFIG, title="save", lasting=True)
PLAN = RouterPlan(
    router="r1", model="slp", target=Target(topology=Topology(kind="direct")), steps=(SAVE,)
)


@contextmanager
def colleague(made: Bench, *, exclusive: bool = True) -> Iterator[Terminal]:
    """Has somebody else sit in configuration mode of the router, which holds unsaved lines."""
    with made.lab.lock:
        router = made.router()
        router.running.set(None, "ip name-server 192.0.2.7")
        if exclusive:
            router.running.set(None, "configuration mode exclusive auto")
        other = Terminal(router, "kim", 15)
        router.lines.append(other)
        other.config_paths = [()]
    yield other
    made.host().close_connections()


def test_a_ready_step_waits_while_somebody_holds_the_configuration_lock(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made, colleague(made) as kim:
        found = made.phase(PLAN, SAVE, "probe")
        assert found["state"] == "waiting"
        assert "user kim on line" in found["detail"]
        assert "configuration lock" in found["detail"]
        assert "show users" in found["remedy"]
        kim.config_paths = None
        assert made.phase(PLAN, SAVE, "probe")["state"] == "ready"


def test_where_there_is_no_lock_nobody_is_waited_for(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made, colleague(made, exclusive=False):
        assert made.phase(PLAN, SAVE, "probe")["state"] == "ready"


def test_a_task_waits_in_the_foreground_and_then_acts(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made, colleague(made) as kim:
        asked = options(made)
        naps: list[float] = []

        def sleep(seconds: float) -> None:
            naps.append(seconds)
            kim.config_paths = None
            made.clock.sleep(seconds)

        result = made.nornir.run(task=save_config, **{**asked, "sleep": sleep})["r1"]
        assert not result.failed, result.exception
        assert naps, "it waited"
        assert "configuration saved" in made.events()


def test_a_step_that_meets_the_lock_after_its_look_configures_nothing(tmp_path: Path) -> None:
    """The router itself refuses configuration mode to others: no line is typed in EXEC."""
    with bench(tmp_path, slp_router()) as made, colleague(made):
        with (
            open_session(made.host(), secrets=made.secrets) as session,
            pytest.raises(CommandRejected, match="configuration mode cannot be entered"),
        ):
            session.configure(["ip name-server 192.0.2.9"])
        assert not any("192.0.2.9" in line for line in made.router().typed)
