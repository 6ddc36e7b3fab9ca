"""A colleague who is configuring the router just now is waited for, then the step acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kit.labs import Bench, bench
from kit.routers import options, slp_router
from kit.twice import OLD, image
from slp_core.errors import CommandRejected
from slp_core.plan import RouterPlan, StepSpec
from slp_core.targets import Target, Topology
from slp_sim.router.console.exec import EXEC
from slp_sim.router.console.terminal import Terminal
from slp_tasks.connection.opening import open_session
from slp_tasks.steps.save_config import save_config

SAVE = StepSpec(id="01-save-config", kind="save_config", title="save", lasting=True)
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
        other = Terminal(router, "kim", 15, EXEC)
        router.lines.append(other)
        other.config_paths = []
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


# --- installs ------------------------------------------------------------------------------------

NEW = "17.4.1a"


def upgrade(made: Bench) -> tuple[RouterPlan, StepSpec]:
    """Returns a plan that adds an image which lies on flash, and its step."""
    given = image(made)
    file = f"bootflash:{given['name']}"
    with open_session(made.host(), secrets=made.secrets) as session:
        session.put(Path(given["source"]), file)
    add = StepSpec(
        id="01-install-add",
        kind="install_add",
        title="add",
        params={"file": file, "release": NEW},
        lasting=True,
    )
    return PLAN.model_copy(update={"steps": (add,)}), add


def test_an_install_that_somebody_else_began_is_waited_for(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        plan, add = upgrade(made)
        with made.lab.lock:
            made.router().install.begin("install_add", 240, lambda: None)
        found = made.phase(plan, add, "probe")
        assert found["state"] == "waiting"
        assert "an install operation that is not ours: install_add, begun at" in found["detail"]
        assert "sends" not in found["seen"], "its act is not announced"
        assert made.carry(plan, add) == "done"
        assert [e for e in made.events() if e.startswith("install add")] == [f"install add {NEW}"]


def test_our_own_install_is_carried_on_after_its_process_died(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        plan, add = upgrade(made)
        assert made.phase(plan, add, "probe")["state"] == "ready"
        with made.lab.lock:
            made.router().install.begin("install_add", 240, lambda: None)
        assert made.phase(plan, add, "probe")["state"] == "ready", "its act was announced"
        made.host().close_connections()


def test_a_beginning_that_was_never_ended_holds_nobody_up(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        plan, add = upgrade(made)
        with made.lab.lock:
            install = made.router().install
            install.begin("install_add", 1e6, lambda: None)
            install.busy_since -= timedelta(hours=3)
        assert made.phase(plan, add, "probe")["state"] == "ready"
        made.host().close_connections()


@pytest.mark.parametrize("kind", ["install_add", "reload"])
def test_what_somebody_else_activated_and_did_not_commit_stops(tmp_path: Path, kind: str) -> None:
    with bench(tmp_path, OLD) as made:
        plan, step = upgrade(made)
        if kind == "reload":
            step = StepSpec(
                id="01-reload", kind=kind, title="reload", params={"save": False}, lasting=True
            )
            plan = PLAN.model_copy(update={"steps": (step,)})
        with made.lab.lock:
            install = made.router().install
            install.packages[0].state = "U"
            install.start_timer()
        found = made.phase(plan, step, "probe")
        made.host().close_connections()
        assert found["state"] == "blocked"
        assert "activated and not committed, and not by this plan" in found["detail"]
        assert "takes it back in 1" in found["detail"]
        assert "show users" in found["remedy"]


# --- licence requests ----------------------------------------------------------------------------

TRUST = StepSpec(
    id="01-trust",
    kind="trust",
    title="trust",
    params={"token": "env:SLP_TOKEN", "scope": "local"},
    lasting=True,
)


def test_a_trust_request_that_somebody_else_sent_is_waited_for(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        plan = PLAN.model_copy(update={"steps": (TRUST,)})
        with made.lab.lock:
            made.router().agent.asks("Trust Establishment")
        found = made.phase(plan, TRUST, "probe")
        assert found["state"] == "waiting"
        assert "a licence request that is not ours: Trust Establishment, sent at" in found["detail"]
        made.clock.sleep(400)
        assert made.phase(plan, TRUST, "probe")["state"] == "ready", "a lost one holds nobody up"
        made.host().close_connections()


# --- people --------------------------------------------------------------------------------------


def test_a_colleague_who_just_changed_something_is_given_time_and_noted(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made, colleague(made, exclusive=False) as kim:
        with made.lab.lock:
            kim.feed(b"ip name-server 192.0.2.8\r")
        found = made.phase(PLAN, SAVE, "probe")
        assert found["state"] == "waiting"
        assert "user kim changed the configuration at" in found["detail"]
        made.clock.sleep(150)
        found = made.phase(PLAN, SAVE, "probe")
        assert found["state"] == "ready"
        assert "user kim" in found["seen"]["colleague"]


def test_a_colleague_who_merely_looks_holds_nobody_up(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made, colleague(made, exclusive=False) as kim:
        kim.config_paths = None
        with made.lab.lock:
            kim.feed(b"show version\r")
        found = made.phase(PLAN, SAVE, "probe")
        assert found["state"] == "ready"
        assert "colleague" not in found["seen"]
