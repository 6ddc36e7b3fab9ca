"""Pause, resume, cancel, retry, confirm, Ctrl-C, the window (F45): what an operator asks for."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from kit.fleet import FakePhases, Script, fleet_plan, router_plan, step
from kit.fleet_bench import QUICK, Bench
from slp_core.clock import Clock
from slp_core.errors import InputError, LeaseTaken, UsageError
from slp_core.plan import Plan
from slp_fleet.api import Fleet
from slp_fleet.lock import Request
from slp_fleet.model import Event, RunState

SHORT = ("preflight", "trust", "verify")
UPGRADE = ("preflight", "install_activate", "install_commit", "trust", "verify")


class Elsewhere:
    """The same store, opened by another process of the operator."""

    def __init__(self, bench: Bench) -> None:
        self.fleet = Fleet(bench.store, bench.root, phases=bench.phases, pace=QUICK)


@pytest.mark.slow
def test_f45_a_pause_lets_running_steps_end_and_starts_nothing(bench: Bench) -> None:
    run = bench.create(fleet_plan(3, SHORT), canary=0, wave_size=1)
    other = Elsewhere(bench).fleet
    bench.when(
        lambda e: e.router == "r01" and e.step == "02-trust" and e.state == "acting",
        lambda: other.pause(run),
    )
    bench.script("r01", act_s=0.3)
    assert bench.carry_out(run) is RunState.PAUSED

    assert bench.effects("r01") == ["02-trust"]
    router = bench.fleet.run(run).routers[0]
    assert [s.state for s in router.steps] == ["done", "done", "pending"]
    assert bench.states(run)["r02"] == "queued"
    assert "paused by the operator" in bench.fleet.run(run).reason

    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.effects("r01") == ["02-trust"]


def test_f45_a_pause_comes_after_the_commit_not_between_activate_and_commit(bench: Bench) -> None:
    """F07: what is activated and not committed rolls back by itself."""
    run = bench.create(fleet_plan(1, UPGRADE))
    bench.script("r01", pending={"02-install_activate": 3})
    bench.when(
        lambda e: e.step == "02-install_activate" and e.state == "acting",
        lambda: bench.fleet.pause(run),
    )
    assert bench.carry_out(run) is RunState.PAUSED
    assert bench.effects("r01") == ["02-install_activate", "03-install_commit"]
    assert [s.state for s in bench.fleet.run(run).routers[0].steps][:4] == [
        "done",
        "done",
        "done",
        "pending",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["install_activate", "issu_activate"])
def test_f45_a_pause_comes_after_the_commit_also_where_the_look_is_before_it(
    bench: Bench, activation: str
) -> None:
    """Taken back by the run: activate, look, roll-back only after a failure, then commit."""
    kinds = ("preflight", activation, "verify", "rollback", "install_commit", "trust", "verify")
    run = bench.create(fleet_plan(1, kinds))
    bench.script("r01", act_s=0.3)  # the operator's word comes while the router is acting
    bench.when(
        lambda e: e.step == f"02-{activation}" and e.state == "acting",
        lambda: bench.fleet.pause(run),
    )
    assert bench.carry_out(run) is RunState.PAUSED
    states = [s.state for s in bench.fleet.run(run).routers[0].steps]
    assert states[4] == "done"
    assert states[5] == "pending"


def test_f45_a_pause_does_not_wait_for_a_long_wait(bench: Bench) -> None:
    kinds = ("preflight", step("dlc_wait", 2, deadline_s=86400), "verify")
    bench.script("r01", waiting={"02-dlc_wait": 1}, retry_in=3000 * 3600)
    run = bench.create(fleet_plan(1, kinds))
    bench.when(
        lambda e: e.step == "02-dlc_wait" and e.state == "waiting", lambda: bench.fleet.pause(run)
    )
    began = time.monotonic()
    assert bench.carry_out(run) is RunState.PAUSED
    assert time.monotonic() - began < 20

    assert bench.carry_out(run) is RunState.FINISHED


@pytest.mark.slow
def test_a_cancelled_run_lets_go_of_its_routers(bench: Bench) -> None:
    run = bench.create(fleet_plan(3, SHORT), canary=1, wave_size=1)
    bench.when(
        lambda e: e.router == "r01" and e.step == "02-trust" and e.state == "acting",
        lambda: bench.fleet.cancel(run),
    )
    bench.script("r01", act_s=0.3)
    assert bench.carry_out(run) is RunState.CANCELLED
    assert set(bench.states(run).values()) == {"cancelled"}
    assert bench.effects("r01") == ["02-trust"], "the running step ended"
    with pytest.raises(UsageError):
        bench.carry_out(run)

    again, state = bench.apply(fleet_plan(3, SHORT))
    assert state is RunState.FINISHED
    assert bench.effects("r01") == ["02-trust"]
    assert set(bench.states(again).values()) == {"proven"}


def test_a_run_that_nobody_carries_out_is_cancelled_at_once(bench: Bench) -> None:
    run = bench.create(fleet_plan(2, SHORT))
    bench.fleet.cancel(run)
    assert bench.fleet.run(run).state is RunState.CANCELLED
    bench.create(fleet_plan(2, SHORT))


def test_f43_a_second_run_on_the_same_router_is_refused(bench: Bench) -> None:
    first = bench.create(fleet_plan(2, SHORT))
    plan = Plan(routers=(router_plan("r02", SHORT), router_plan("r09", SHORT)))
    with pytest.raises(LeaseTaken, match=f"run {first} holds r02"):
        bench.create(plan)
    assert [r.id for r in bench.fleet.runs()] == [first], "nothing of the refused run is left"

    assert bench.carry_out(first) is RunState.FINISHED
    assert bench.apply(plan)[1] is RunState.FINISHED


def test_f43_a_rehearsal_keeps_nobody_from_acting(bench: Bench) -> None:
    bench.create(fleet_plan(2, SHORT), dry_run=True)
    _, state = bench.apply(fleet_plan(2, SHORT))
    assert state is RunState.FINISHED


def test_f43_a_retry_is_refused_once_another_run_holds_the_router(bench: Bench) -> None:
    bench.script("r01", fail={"02-trust": "no"})
    run, _ = bench.apply(fleet_plan(1, SHORT), canary=0)
    bench.create(fleet_plan(1, SHORT))
    with pytest.raises(LeaseTaken):
        bench.fleet.retry(run)


def test_a_retry_begins_with_the_step_that_failed(bench: Bench) -> None:
    bench.script("r01", fail={"04-trust": "the token has expired"})
    run, state = bench.apply(fleet_plan(2, UPGRADE), canary=0)
    assert state is RunState.FINISHED
    bench.script("r01")
    assert bench.fleet.retry(run) == ["r01"]
    assert bench.fleet.run(run).state is RunState.PAUSED
    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.effects("r01").count("02-install_activate") == 1
    with pytest.raises(UsageError, match="no router failed"):
        bench.fleet.retry(run)
    with pytest.raises(UsageError, match="r02 did not fail"):
        bench.fleet.retry(run, ["r02"])


@pytest.mark.slow
def test_a_router_retried_while_the_run_goes_on_joins_it_again(bench: Bench) -> None:
    bench.script("r01", fail={"02-trust": "no"})
    bench.script("r02", pending={"02-trust": 12})
    run = bench.create(fleet_plan(2, SHORT), canary=0, wave_size=2)

    def mend() -> None:
        bench.script("r01")
        bench.fleet.retry(run, ["r01"])

    bench.when(lambda e: e.router == "r01" and e.step is None and e.state == "failed", mend)
    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}


def test_a_person_confirms_from_another_process_with_a_file(bench: Bench, tmp_path: Path) -> None:
    person = step("person", 2, params={"provides": ["code.txt"]})
    run = bench.create(fleet_plan(1, ("preflight", person, "trust", "verify")))
    dropped = tmp_path / "from-cssm.txt"
    dropped.write_bytes(b"\x00 byte for byte \xff")
    other = Elsewhere(bench).fleet
    bench.when(
        lambda e: e.state == "person",
        lambda: other.confirm(run, "r01", "02-person", by="anna", file=dropped),
    )
    assert bench.carry_out(run) is RunState.FINISHED
    taken = bench.fleet.router_folder(run, "r01") / "in" / "code.txt"
    assert taken.read_bytes() == dropped.read_bytes()
    assert taken.stat().st_mode & 0o777 == 0o600
    assert taken.parent.stat().st_mode & 0o777 == 0o700
    said = [e for e in bench.fleet.events(run) if e.state == "confirmed"]
    assert [e.detail for e in said] == ["confirmed by anna, with code.txt"]


def test_a_confirmation_without_its_file_still_waits(bench: Bench, tmp_path: Path) -> None:
    person = step("person", 2, params={"provides": ["code.txt"]})
    run = bench.create(fleet_plan(1, ("preflight", person, "verify")))
    dropped = tmp_path / "code.txt"
    dropped.write_text("code")
    asked: list[str] = []

    def answer(event: Event) -> None:
        asked.append(event.detail)
        if len(asked) == 1:
            bench.fleet.confirm(run, "r01", "02-person", by="anna")
        if len(asked) == 1:
            threading.Timer(
                0.3, bench.fleet.confirm, [run, "r01", "02-person"], {"by": "a", "file": dropped}
            ).start()

    bench.always(lambda e: e.state == "person", answer)
    assert bench.carry_out(run) is RunState.FINISHED
    assert asked[0] == "code.txt is missing"
    assert bench.states(run) == {"r01": "proven"}


def test_a_confirmation_that_fits_nothing_is_refused(bench: Bench, tmp_path: Path) -> None:
    person = step("person", 2, params={"provides": ["a.txt", "b.txt"]})
    run = bench.create(fleet_plan(1, ("preflight", person, "verify")))
    wrong = tmp_path / "c.txt"
    wrong.write_text("x")
    with pytest.raises(UsageError, match="such steps are: 02-person"):
        bench.fleet.confirm(run, "r01", "01-preflight", by="anna")
    with pytest.raises(UsageError, match="no router 'r77'"):
        bench.fleet.confirm(run, "r77", "02-person", by="anna")
    with pytest.raises(InputError, match=r"does not ask for a file 'c\.txt'"):
        bench.fleet.confirm(run, "r01", "02-person", by="anna", file=wrong)
    with pytest.raises(InputError, match=r"a\.txt: cannot be read: No such file"):
        bench.fleet.confirm(run, "r01", "02-person", by="anna", file=tmp_path / "a.txt")


def test_a_person_who_waited_for_days_does_not_use_up_the_deadline(bench: Bench) -> None:
    person = step("person", 2, deadline_s=1)
    run = bench.create(fleet_plan(1, ("preflight", person, "verify")))
    bench.when(
        lambda e: e.state == "person",
        lambda: threading.Timer(0.2, bench.fleet.confirm, [run, "r01", "02"], {"by": "a"}).start(),
    )
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.states(run) == {"r01": "proven"}


@pytest.mark.slow
def test_ctrl_c_drains_what_is_being_sent_and_the_run_goes_on_later(bench: Bench) -> None:
    stop = threading.Event()
    bench.script("r01", act_s=0.4)
    run = bench.create(fleet_plan(2, UPGRADE), canary=1)
    bench.when(lambda e: e.step == "02-install_activate" and e.state == "acting", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED

    assert bench.effects("r01") == ["02-install_activate"], "what was sent was recorded"
    saved = bench.fleet.run(run)
    assert "interrupted" in saved.reason
    assert "r01 (02-install_activate)" in saved.reason, "what hangs in the balance is named"
    assert saved.routers[0].steps[1].state == "confirming"

    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.effects("r01") == ["02-install_activate", "03-install_commit", "04-trust"]


class Evening(FakePhases):
    """Routers by a clock that stands still until it is moved."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.at = now
        super().__init__(folder, clock=Standing(self))


class Standing:
    def __init__(self, phases: Evening) -> None:
        self._phases = phases

    def now(self) -> datetime:
        return self._phases.at

    def real_seconds(self, seconds: float) -> float:
        return 0.0

    def patience(self, seconds: float) -> float:
        return 60.0


def test_f45_nothing_starts_outside_the_window_and_nothing_new_after_it(tmp_path: Path) -> None:
    phases = Evening(tmp_path / "routers", datetime.fromisoformat("2026-03-01T21:00:00+00:00"))
    clock: Clock = phases.clock("r01")
    fleet = Fleet(tmp_path / ".slp", tmp_path, phases=phases, clock=clock, pace=QUICK)
    bench = Bench(tmp_path)
    bench.phases, bench.fleet = phases, fleet
    run = bench.create(fleet_plan(3, SHORT), canary=0, wave_size=1, window="22:00-04:00 UTC")

    assert bench.carry_out(run) is RunState.PAUSED
    assert "it opens at 2026-03-01 22:00" in fleet.run(run).reason
    assert list(bench.states(run).values()) == ["queued"] * 3

    phases.at = datetime.fromisoformat("2026-03-02T03:59:00+00:00")

    def morning() -> None:
        phases.at = datetime.fromisoformat("2026-03-02T04:01:00+00:00")

    phases.scripts["r01"] = Script(act_s=0.2)
    bench.when(
        lambda e: e.router == "r01" and e.step == "02-trust" and e.state == "acting", morning
    )
    assert bench.carry_out(run) is RunState.PAUSED
    assert bench.effects("r01") == ["02-trust"], "the running step ended"
    assert list(bench.states(run).values())[1:] == ["queued", "queued"]


@pytest.mark.slow
def test_a_second_apply_on_the_store_is_carried_out_by_the_first_process(bench: Bench) -> None:
    """One worker process a store: the second one joins and says so."""
    first = bench.create(Plan(routers=(router_plan("r01", SHORT),)))
    second = bench.create(Plan(routers=(router_plan("r02", SHORT),)))
    bench.script("r01", pending={"02-trust": 25})
    said: list[Event] = []
    states: list[RunState] = []
    other = Elsewhere(bench).fleet

    def join() -> None:
        def carry() -> None:
            states.append(other.carry_out(second, on_event=said.append))

        threads.append(threading.Thread(target=carry))
        threads[0].start()

    threads: list[threading.Thread] = []
    bench.when(lambda e: e.state == "acting", join)
    assert bench.carry_out(first) is RunState.FINISHED
    threads[0].join(30)
    assert states == [RunState.FINISHED]
    assert "works on this store already" in said[0].detail
    assert bench.states(second) == {"r02": "proven"}
    assert bench.effects("r02") == ["02-trust"]


@pytest.mark.slow
def test_a_second_apply_that_is_refused_does_not_end_the_first(bench: Bench) -> None:
    first = bench.create(Plan(routers=(router_plan("r01", SHORT),)))
    second = bench.create(Plan(routers=(router_plan("r02", SHORT),)))
    Path(bench.fleet.run(second).plan_file).write_text(
        fleet_plan(2, SHORT).model_dump_json(exclude_unset=True)
    )
    bench.script("r01", pending={"02-trust": 25})
    request = Request(bench.fleet.store.root, second)

    def ask() -> None:
        with bench.fleet.store.write() as db:
            db.execute("UPDATE runs SET joined=1 WHERE id=?", (second,))

    bench.when(lambda e: e.state == "acting", ask)
    assert bench.carry_out(first) is RunState.FINISHED
    refused = bench.fleet.run(second)
    assert refused.state is RunState.PAUSED
    assert "changed after it was approved" in refused.reason
    assert bench.effects("r02") == []
    request.withdraw()


@pytest.mark.slow
def test_a_second_apply_that_was_killed_is_not_carried_out_by_a_later_process(bench: Bench) -> None:
    """Whoever asked is gone: nobody watches, and another command named other routers."""
    first = bench.create(Plan(routers=(router_plan("r01", SHORT),)))
    second = bench.create(Plan(routers=(router_plan("r02", SHORT),)))
    with bench.fleet.store.write() as db:
        db.execute("UPDATE runs SET joined=1, state='running' WHERE id=?", (second,))
    bench.script("r01", pending={"02-trust": 15})
    assert bench.carry_out(first) is RunState.FINISHED
    left = bench.fleet.run(second)
    assert left.state is RunState.PAUSED
    assert "the process that asked for it has ended" in left.reason
    assert bench.phases.router("r02").lines() == []
    assert bench.carry_out(second) is RunState.FINISHED


def test_reading_and_steering_import_neither_dbos_nor_nornir(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from slp_fleet.api import Fleet;"
        f"f = Fleet(Path({str(tmp_path / '.slp')!r}), Path('.')); f.runs();"
        "print([m for m in ('dbos', 'nornir', 'sqlalchemy', 'scrapli') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("ask", ["pause", "resume", "cancel"])
def test_a_run_that_ended_cannot_be_steered(bench: Bench, ask: str) -> None:
    run, _ = bench.apply(fleet_plan(1, SHORT))
    with pytest.raises(UsageError, match="is finished"):
        getattr(bench.fleet, ask)(run)
    with pytest.raises(UsageError, match="there is no run 'nope'"):
        getattr(bench.fleet, ask)("nope")
