"""The rules of the durable engine, each held against the installed DBOS."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kit.fleet import fleet_plan, router_plan, step
from kit.fleet_bench import QUICK, Bench
from kit.fleet_killed import PATH, ended, process
from slp_core.errors import LeaseTaken, StepFailed
from slp_core.plan import Plan
from slp_core.secrets import SecretStore
from slp_fleet.engine import Engine, EngineError, SafeJson
from slp_fleet.lock import Lock
from slp_fleet.model import RunState
from slp_fleet.phases import Then

SHORT = ("preflight", "trust", "verify")


def _never(run: str, router: str, turn: int) -> Then:
    return Then("end")


def test_one_worker_process_a_store(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.take()
    assert not second.take()
    assert second.holder() == str(os.getpid())
    first.release()
    assert second.take()
    second.release()


def test_one_engine_a_process(tmp_path: Path) -> None:
    engine = Engine(tmp_path, _never, workers=1, on_fatal=print)
    engine.launch()
    try:
        with pytest.raises(LeaseTaken):
            Engine(tmp_path, _never, workers=1, on_fatal=print).launch()
    finally:
        engine.drain()
        engine.close()


def test_only_json_passes_and_exceptions_lose_their_text() -> None:
    safe = SafeJson()
    assert safe.deserialize(safe.serialize({"args": ["a", 1], "kwargs": {}})) == {
        "args": ["a", 1],
        "kwargs": {},
    }
    with pytest.raises(TypeError):
        safe.serialize(object())
    text = safe.serialize(ValueError("password hunter2"))
    assert "hunter2" not in text
    assert isinstance(safe.deserialize(text), EngineError)


def test_a_turn_that_is_known_is_not_carried_twice(tmp_path: Path) -> None:
    seen: list[int] = []

    def carry(run: str, router: str, turn: int) -> Then:
        seen.append(turn)
        return Then("later", 0.05) if turn == 1 else Then("end")

    engine = Engine(tmp_path, carry, workers=2, on_fatal=print)
    engine.launch()
    try:
        for _ in range(3):
            engine.start("run", "r1", 1)
        give_up = time.monotonic() + 20
        while 2 not in seen and time.monotonic() < give_up:
            time.sleep(0.05)
        engine.start("run", "r1", 1)
        assert engine.dead([("run", "r1", 9)]) == [("run", "r1", 9)]
    finally:
        engine.drain()
        engine.close()
    assert seen == [1, 2]


SOCKETS = """
import os, sys
sys.path[:0] = sys.argv[2].split(os.pathsep)
from pathlib import Path
from kit.fleet_bench import Bench
from kit.fleet import fleet_plan
found = []
def listening(_event):
    inodes = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            link = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            continue
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            if line.split()[9] in inodes:
                found.append((table, line.split()[1:4]))
bench = Bench(Path(sys.argv[1]))
bench.always(lambda e: True, listening)
run, state = bench.apply(fleet_plan(2, ("preflight", "trust", "verify")))
print(state, len(bench.events) > 5, found)
"""


@pytest.mark.slow
def test_no_socket_is_opened(tmp_path: Path) -> None:
    out = subprocess.run(
        [sys.executable, "-c", SOCKETS, str(tmp_path), PATH],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "DBOS__VMID": "elsewhere", "DBOS_DOMAIN": "example.com"},
    )
    assert out.stdout.strip() == "finished True []", out.stderr
    assert "dbos" not in out.stderr.lower(), "nothing of the engine's own talk is shown"


@pytest.mark.slow
def test_one_hundred_who_wait_hold_no_worker(bench: Bench) -> None:
    """The last router starts and ends while all the others wait for hours."""
    kinds = ("preflight", step("dlc_wait", 2, deadline_s=1e9, waits_for="time"), "verify")
    for n in range(1, 101):
        bench.script(f"r{n:02d}", waiting={"02-dlc_wait": 10**6}, retry_in=3000 * 3600)
    run = bench.create(fleet_plan(101, kinds), canary=0, wave_size="100%", workers=2)
    stop = threading.Event()
    bench.when(lambda e: e.router == "r101" and e.state == "proven", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED

    assert bench.states(run)["r101"] == "proven"
    assert list(bench.states(run).values()).count("waiting") == 100
    assert bench.phases.most_acting <= 2
    assert bench.phases.open_now == 0, "who waits holds no connection (F27)"


@pytest.mark.slow
def test_more_routers_at_once_than_the_engine_has_threads(bench: Bench) -> None:
    """DBOS keeps 16 threads to itself; whoever holds them all stops everybody for ever."""
    for n in range(1, 41):
        bench.script(f"r{n:02d}", act_s=0.05, pending={"02-trust": 1})
    run, state = bench.apply(fleet_plan(40, SHORT), canary=0, wave_size="100%")
    assert state is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.phases.most_acting > 2


def test_a_run_goes_on_after_the_engine_changed_its_version(bench: Bench) -> None:
    """DBOS never runs workflows of another version again: they are replaced."""
    bench.script("r01", pending={"02-trust": 10**6}, retry_in=3000 * 3600)
    run = bench.create(fleet_plan(1, SHORT))
    stop = threading.Event()
    bench.when(lambda e: e.step == "02-trust" and e.state == "waiting", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED
    with sqlite3.connect(bench.store / "engine.sqlite") as db:
        waiting = db.execute(
            "UPDATE workflow_status SET application_version='slp-fleet-0' "
            "WHERE status IN ('DELAYED', 'ENQUEUED', 'PENDING')"
        )
        assert waiting.rowcount == 1
    bench.script("r01")
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.effects("r01") == ["02-trust"]


@pytest.mark.slow
def test_a_run_that_nobody_resumed_is_left_alone(bench: Bench) -> None:
    """The engine recovers what a killed process left; only runs that were asked for go on."""
    kill = {"router": "r01", "step": "02-trust", "when": "before_act"}
    left = bench.create(Plan(routers=(router_plan("r01", SHORT),)))
    code, said = ended(process(bench, left, kill={**kill, "marker": str(bench.root / "killed")}))
    assert code == -signal.SIGKILL, said

    other, state = bench.apply(Plan(routers=(router_plan("r02", (*SHORT[:2], "slac", "verify")),)))
    assert state is RunState.FINISHED
    assert bench.states(other) == {"r02": "proven"}
    assert bench.effects("r01") == [], "nobody said resume"

    assert bench.carry_out(left) is RunState.FINISHED
    assert bench.effects("r01") == ["02-trust"]


def test_deadline_counts_only_while_watched(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was away for a week comes back and looks before it says 'too late'."""
    bench.script("r01", pending={"02-trust": 10**6}, retry_in=3000 * 3600)
    run = bench.create(fleet_plan(1, SHORT))
    stop = threading.Event()
    bench.when(lambda e: e.step == "02-trust" and e.state == "waiting", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED
    with bench.fleet.store.write() as db:
        db.execute("UPDATE steps SET deadline_s=1 WHERE step='02-trust'")
        db.execute("UPDATE router_runs SET due_s=1")
    for file in bench.store.glob("engine.sqlite*"):
        file.unlink()
    bench.script("r01")
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.states(run) == {"r01": "proven"}


def test_a_step_past_its_deadline_fails_with_one_sentence(bench: Bench) -> None:
    bench.script("r01", pending={"02-trust": 10**6}, retry_in=3000 * 3600)
    bench.phases.set_clock(floor=0.5)
    run, _ = bench.apply(fleet_plan(1, SHORT))
    router = bench.fleet.run(run).routers[0]
    assert router.state == "failed"
    assert router.error_code == "SLP-E205"
    assert router.reason.startswith("trust: not done within 10 minutes: not yet (look at")


def test_a_router_that_never_answers_is_given_up_after_three_looks(bench: Bench) -> None:
    bench.script("r01", down={"boot": 1e9})
    bench.phases.router("r01").log("boot")
    run, _ = bench.apply(fleet_plan(2, SHORT), canary=0)
    router = bench.fleet.run(run).routers[0]
    assert (router.state, router.error_code) == ("failed", "SLP-E201")
    assert [c for c in bench.phases.calls if c[0] == "r01"] == [
        ("r01", "01-preflight", "probe")
    ] * 3
    assert bench.states(run)["r02"] == "proven"


def test_f28_a_refused_login_is_never_tried_again(bench: Bench) -> None:
    from slp_core.errors import AuthFailed

    class Refusing(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise AuthFailed("the password was refused", remedy="check env:PW")

    bench.script("r01")
    bench.phases.scripts["r01"].waiting = Refusing()
    run, _ = bench.apply(fleet_plan(1, SHORT), canary=0)
    router = bench.fleet.run(run).routers[0]
    assert router.error_code == "SLP-E202"
    assert router.reason == "preflight: the password was refused (check env:PW)"
    assert len(bench.phases.calls) == 1


def test_f47_another_router_at_the_address_is_refused(bench: Bench) -> None:
    bench.script("r01", udi={"pid": "ISR4351/K9", "sn": "SOMEBODY-ELSE"})
    run, _ = bench.apply(fleet_plan(1, SHORT), canary=0)
    router = bench.fleet.run(run).routers[0]
    assert router.error_code == "SLP-E106"
    assert "this router is ISR4351/K9 SOMEBODY-ELSE" in router.reason
    assert bench.effects("r01") == []


def test_f47_a_plan_that_was_changed_is_refused_on_resume(bench: Bench) -> None:
    from slp_core.errors import PlanMismatch

    run = bench.create(fleet_plan(2, SHORT))
    path = Path(bench.fleet.run(run).plan_file)
    approved = path.read_text()
    path.write_text(json.dumps(json.loads(approved), indent=4))
    other = fleet_plan(2, ("preflight", "slac", "verify"))

    path.write_text(other.model_dump_json(exclude_unset=True))
    with pytest.raises(PlanMismatch, match="was changed after it was approved") as refused:
        bench.carry_out(run)
    assert "move that file away and resume" in refused.value.remedy
    assert bench.phases.calls == []

    path.write_text(json.dumps(json.loads(approved), indent=4))
    assert Plan.model_validate_json(path.read_text()).hash() == bench.fleet.run(run).plan_hash
    assert bench.carry_out(run) is RunState.FINISHED


def test_f47_a_router_that_no_serial_number_tells_from_others_is_not_touched(
    bench: Bench,
) -> None:
    from slp_core.errors import PlanMismatch

    plan = fleet_plan(2, SHORT)
    nameless = plan.routers[1].model_copy(update={"udi": None})
    with pytest.raises(PlanMismatch, match="r02"):
        bench.create(plan.model_copy(update={"routers": (plan.routers[0], nameless)}))
    assert bench.fleet.runs() == []


def test_f47_a_router_that_the_inventory_does_not_know_is_refused(bench: Bench) -> None:
    from slp_core.errors import InventoryError

    bench.phases.names = ("r01",)
    with pytest.raises(InventoryError, match="r02"):
        bench.create(fleet_plan(2, SHORT))


def test_findings_decide_whether_a_router_is_proven(bench: Bench) -> None:
    unmet = {"path": "transport.kind", "verdict": "unmet", "expected": "smart", "found": "off"}
    warned = {**unmet, "severity": "warning"}
    bench.script("r01", findings=[unmet])
    bench.script("r02", findings=[warned])
    run, _ = bench.apply(fleet_plan(2, SHORT), canary=0)
    first, second = bench.fleet.run(run).routers
    assert first.state == "failed"
    assert first.reason == "not as predicted: transport.kind is 'off' where 'smart' was expected"
    assert first.findings[0].path == "transport.kind"
    assert second.state == "proven"
    assert second.findings[0].severity == "warning"


def test_a_bug_in_a_step_stops_its_router_alone(bench: Bench) -> None:
    bench.script("r01", pending={"02-trust": None})  # a comparison that cannot be
    run, state = bench.apply(fleet_plan(2, SHORT), canary=0)
    assert state is RunState.FINISHED
    assert (
        bench.fleet.run(run)
        .routers[0]
        .reason.startswith("trust: internal error in confirm of 02-trust (TypeError)")
    )
    assert bench.states(run)["r02"] == "proven"


def test_a_dry_run_sends_nothing(bench: Bench) -> None:
    run, state = bench.apply(fleet_plan(2), dry_run=True)
    assert state is RunState.FINISHED
    assert {phase for _, _, phase in bench.phases.calls} == {"probe"}
    assert all(c["dry_run"] for c in bench.phases.contexts)
    assert bench.effects("r01") == []
    assert set(bench.states(run).values()) == {"cancelled"}
    assert "nothing was changed" in bench.fleet.run(run).routers[0].reason


def test_a_dry_run_waits_for_nobody_and_goes_to_the_end(bench: Bench) -> None:
    """What would wait, or hangs on an earlier step that was only rehearsed, is said and passed."""
    bench.script("r01", waiting={"03-dlc_wait": 10**6}, blocked={"04-install_commit": "not added"})
    kinds = ("preflight", step("person", 2, params={"provides": ["code"]}), "dlc_wait")
    run, state = bench.apply(fleet_plan(1, (*kinds, "install_commit", "verify")), dry_run=True)
    assert state is RunState.FINISHED
    said = {s.step: s.detail for s in bench.fleet.run(run).routers[0].steps}
    assert said["02-person"].startswith("would wait: ")
    assert said["03-dlc_wait"] == "would wait: not yet"
    assert said["04-install_commit"] == "hangs on an earlier step: not added"
    assert bench.effects("r01") == []
    assert bench.states(run) == {"r01": "cancelled"}


def test_a_dry_run_stops_at_what_blocks_before_anything_would_be_sent(bench: Bench) -> None:
    bench.script("r01", blocked={"01-preflight": "the configuration is not saved"})
    run, _ = bench.apply(fleet_plan(1), dry_run=True)
    assert bench.states(run) == {"r01": "failed"}
    assert "the configuration is not saved" in bench.fleet.run(run).routers[0].reason


def forms(secret: str) -> list[bytes]:
    raw = secret.encode()
    encoded = [base64.b64encode(b"\0" * n + raw).decode()[2:-4] for n in range(3)]
    return [
        f.encode() for f in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""), *encoded)
    ]


def test_f31_no_secret_stands_in_any_file_of_the_store(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Steps that babble secrets everywhere a step can: the store masks them all."""
    secret = 'Tok/en+"7f3a\\9&x=' + os.urandom(6).hex()
    monkeypatch.setenv("PLANTED", secret)
    SecretStore().resolve("env:PLANTED")
    b64 = base64.b64encode(secret.encode()).decode()
    bench.script(
        "r01", seen={secret: [secret, {"deep": f"x{b64}y"}], "url": quote(secret, safe="")}
    )
    bench.script("r02", fail={"02-trust": f"the token {secret} has expired"})
    bench.script("r03", error={"02-trust": StepFailed(f"refused {secret}", remedy=secret)})
    bench.script("r04", pending={secret: 1}, waiting={"02-trust": secret})
    run, _ = bench.apply(fleet_plan(4, SHORT), canary=0, max_failures=9)
    bench.fleet.keep_assessment({"said": secret})

    assert list(bench.states(run).values()) == ["proven", "failed", "failed", "failed"]
    searched = [p for p in bench.store.rglob("*") if p.is_file()]
    assert {"runs.sqlite", "runs.sqlite-wal", "engine.sqlite"} <= {p.name for p in searched}
    for path in searched:
        data = path.read_bytes()
        for form in forms(secret):
            assert form not in data, f"{path.name} holds {form!r}"
    said = capfd.readouterr()
    assert secret not in said.out + said.err
    assert not [e for e in bench.events if secret in e.detail]


def test_no_device_output_and_no_plan_passes_through_the_engine(bench: Bench) -> None:
    bench.apply(fleet_plan(1, SHORT))
    data = (bench.store / "engine.sqlite").read_bytes()
    for file in bench.store.glob("engine.sqlite-wal"):
        data += file.read_bytes()
    assert re.search(rb"preflight|SN-r01|was there|confirmed", data) is None


def test_pace_never_looks_again_too_soon() -> None:
    assert QUICK.wait(0, 0) == QUICK.floor
    assert QUICK.wait(0, 50) == QUICK.ceiling
    assert QUICK.wait(7, 50) == 7
