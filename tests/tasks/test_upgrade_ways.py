"""Ways of upgrading by the command line: in service, staged for later, taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.office import Office, office
from kit.routers import SCENARIO, chassis

IMAGE_OF_ISR = {
    "name": "isr4300-universalk9.17.04.01a.SPA.bin",
    "release": "17.4.1a",
    "platform": "isr4300",
    "size": 722345678,
}
WORLD = {"images": SCENARIO["images"], "epoch": SCENARIO["epoch"]}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    opened = []

    def begin(*routers: dict[str, Any], speed: float = 150.0, **world: Any) -> Office:
        context = office(tmp_path, capsys, *routers, speed=speed, **world)
        made = context.__enter__()
        opened.append(context)
        return made

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


def count(at: Office, what: str, name: str = "r1") -> int:
    return sum(e.startswith(what) for e in at.events(name))


def kinds(at: Office, number: int = 0) -> list[tuple[str, str]]:
    return [(s["kind"], s["state"]) for s in at.run()["routers"][number]["steps"]]


@pytest.mark.slow
def test_up_2_a_fleet_mixes_routers_in_service_and_by_reload(desk: Any) -> None:
    other = {**SCENARIO["routers"][2], "name": "r2"}
    at = desk(chassis(), other, **WORLD)
    done = at.slp("upgrade", "--yes", "--canary", "0", "--wave-size", "2")
    assert done.code == 0, done.err
    assert {r["router"]: r["state"] for r in at.run()["routers"]} == {
        "r1": "proven",
        "r2": "proven",
    }
    assert (count(at, "switchover"), count(at, "reload")) == (1, 0)
    assert (count(at, "switchover", "r2"), count(at, "reload", "r2")) == (0, 1)
    again = at.slp("upgrade", "--yes")
    assert "nothing to do" in again.out


def test_a_dry_run_shows_what_issu_sends_and_why_it_is_chosen(desk: Any) -> None:
    at = desk(chassis(), **WORLD)
    shown = at.slp("upgrade", "--dry-run")
    assert shown.code == 0, shown.err
    assert "> install activate issu" in shown.out
    assert "> install commit" in shown.out
    assert "not verified" in shown.err
    assert count(at, "issu activate") == 0


@pytest.mark.parametrize(
    ("router", "words"),
    [
        ({**SCENARIO["routers"][2], "name": "r1"}, "not known to be upgraded in service"),
        (chassis(standby=None), "only one processor is in service"),
        (chassis(standby={"release": "17.3.4"}), "the processors run different releases"),
        (chassis(faults=["F11"]), "the standby processor is not ready"),
        (chassis(boot_mode="bundle"), "the router runs in bundle mode"),
        (chassis(release="16.12.4"), "ISSU does not lead from 16.x to 17.x"),
    ],
    ids=["platform", "one", "unequal", "not-hot", "bundle", "major"],
)
def test_up_2_issu_is_blocked_with_the_reason(
    desk: Any, router: dict[str, Any], words: str
) -> None:
    at = desk(router, **WORLD)
    blocked = at.slp("upgrade", "--install", "issu", "--yes")
    assert blocked.code == 3, blocked.err
    assert words in " ".join(blocked.err.split())
    assert count(at, "install add") == 0


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["install", "bundle"])
def test_no_reload_lays_the_image_ready_and_a_later_run_goes_on_from_there(
    desk: Any, mode: str
) -> None:
    router = {"name": "r1", "family": "s4_evaluation", "router": {"boot_mode": mode}}
    at = desk(router)
    staged = at.slp("upgrade", "--no-reload", "--yes")
    assert staged.code == 0, staged.err
    assert "waits for a later plan" in " ".join(staged.err.split())
    expected = ["preflight", "backup", "stage_image"]
    assert [k for k, _ in kinds(at)] == expected + (["install_add"] if mode == "install" else [])
    written = [e for e in at.events() if e.startswith("file written")]
    assert count(at, "reload") == count(at, "configuration saved") == 0
    assert at.lab.routers["r1"].release.short == "16.12.4"
    if mode == "install":
        again = at.slp("upgrade", "--no-reload", "--yes")
        assert "nothing to do" in again.out
    later = at.slp("upgrade", "--yes")
    assert later.code == 0, later.err
    steps = dict(kinds(at))
    assert steps["stage_image"] == "skipped"
    if mode == "install":
        assert steps["install_add"] == "skipped"
        assert count(at, "install add") == 1
    assert [e for e in at.events() if e.startswith("file written")] == written
    assert count(at, "reload") == 1
    assert at.lab.routers["r1"].release.short == "17.4.1a"


@pytest.mark.slow
def test_a_whole_plan_may_be_staged_too_and_applied_later(desk: Any) -> None:
    at = desk({"name": "r1", "family": "s1_registered"})
    staged = at.slp("plan", "--no-reload", "--output", "staged.json")
    assert staged.code == 0, staged.err
    done = at.slp("apply", "staged.json", "--yes")
    assert done.code == 0, done.err
    assert count(at, "reload") == 0
    assert count(at, "install add") == 1
    planned = at.slp("plan", "--output", "plan.json")
    assert planned.code == 0, planned.err
    assert at.slp("apply", "plan.json", "--yes").code == 0
    assert count(at, "install add") == count(at, "reload") == 1


@pytest.mark.slow
def test_up_4_a_failed_upgrade_is_taken_back_by_the_run_where_asked_for(desk: Any) -> None:
    router = {"name": "r1", "family": "s4_evaluation", "router": {"faults": ["F38"]}}
    at = desk(router)
    failed = at.slp("upgrade", "--rollback", "auto", "--yes")
    assert failed.code == 1, failed.err
    steps = kinds(at)
    assert ("rollback", "failed") in steps
    assert ("install_commit", "pending") in steps, "what is wrong is never committed"
    reason = at.run()["routers"][0]["reason"]
    assert "throughput.level" in reason
    assert "it was rolled back: back in a new boot with 16.12.4" in reason
    assert at.lab.routers["r1"].release.short == "16.12.4"
    assert count(at, "reload") == 2


@pytest.mark.slow
def test_up_4_in_service_it_is_taken_back_in_service(desk: Any) -> None:
    at = desk(chassis(1, throughput_kbps=1_000_000, faults=["F38"]), **WORLD)
    failed = at.slp("upgrade", "--rollback", "auto", "--yes")
    assert failed.code == 1, failed.err
    reason = at.run()["routers"][0]["reason"]
    assert "it was rolled back: both processors run 17.3.1, the standby is hot" in reason
    assert count(at, "switchover") == 2
    assert count(at, "reload") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "router", [{"name": "r1", "family": "s4_evaluation"}, chassis()], ids=["reload", "issu"]
)
def test_up_4_a_good_upgrade_is_committed_after_the_look_and_nothing_is_taken_back(
    desk: Any, router: dict[str, Any]
) -> None:
    at = desk(router, images=[*SCENARIO["images"], IMAGE_OF_ISR])
    done = at.slp("upgrade", "--rollback", "auto", "--yes")
    assert done.code == 0, done.err
    order = [k for k, _ in kinds(at)]
    assert order[-3:] == ["verify", "rollback", "install_commit"]
    assert dict(kinds(at))["rollback"] == "skipped"
    assert count(at, "install commit") == 1


@pytest.mark.slow
def test_f08_a_bundle_that_fell_back_boots_first_again(desk: Any) -> None:
    changes = {"boot_mode": "bundle", "faults": ["F08"]}
    at = desk({"name": "r1", "family": "s4_evaluation", "router": changes})
    before = [x for x in at.configuration() if x.startswith("boot system")]
    failed = at.slp("upgrade", "--rollback", "auto", "--yes")
    assert failed.code == 1, failed.err
    assert (
        "it was rolled back: the boot variable is what it was" in at.run()["routers"][0]["reason"]
    )
    assert [x for x in at.configuration() if x.startswith("boot system")] == before


@pytest.mark.slow
def test_by_default_a_failed_upgrade_stops_and_names_the_way_back(desk: Any) -> None:
    router = {"name": "r1", "family": "s4_evaluation", "router": {"faults": ["F38"]}}
    at = desk(router)
    failed = at.slp("upgrade", "--yes")
    assert failed.code == 1
    assert "slp rollback" in at.run()["routers"][0]["reason"]
    assert at.lab.routers["r1"].release.short == "17.4.1a"
    nothing = at.slp("rollback", "r1", "--yes")
    assert nothing.code == 0
    assert "is committed" in " ".join(nothing.err.split()), nothing.err
    assert "nothing to do" in nothing.out
    assert count(at, "reload") == 1


def activated(at: Office) -> None:
    """Has somebody activate the new release and go away."""
    assert at.slp("upgrade", "--no-reload", "--yes").code == 0
    router = at.lab.routers["r1"]
    with at.lab.lock:
        package = router.install.of_state("I")
        assert package is not None
        router.install.activate(package, 1200)
        router.reload("Install")
    while not router.is_up():
        time.sleep(0.05)


@pytest.mark.slow
def test_up_4_rollback_takes_back_what_is_not_committed_once(desk: Any) -> None:
    at = desk({"name": "r1", "family": "s4_evaluation"})
    activated(at)
    shown = at.slp("rollback", "r1", "--dry-run")
    assert shown.code == 0, shown.err
    assert "> install abort" in shown.out
    assert at.slp("rollback", "r1").code == 3, "not without a word"
    done = at.slp("rollback", "r1", "--yes")
    assert done.code == 0, done.err
    assert [k for k, _ in kinds(at)] == ["preflight", "backup", "rollback", "verify"]
    assert at.lab.routers["r1"].release.short == "16.12.4"
    assert "nothing to do" in at.slp("rollback", "r1", "--yes").out
    assert count(at, "reload") == 2


@pytest.mark.slow
def test_f08_rollback_puts_the_boot_variable_back(desk: Any) -> None:
    changes = {"boot_mode": "bundle", "faults": ["F08"]}
    at = desk({"name": "r1", "family": "s4_evaluation", "router": changes})
    before = [x for x in at.configuration() if x.startswith("boot system")]
    assert at.slp("upgrade", "--yes").code == 1
    done = at.slp("rollback", "r1", "--yes")
    assert done.code == 0, done.err
    assert [x for x in at.configuration() if x.startswith("boot system")] == before
    assert count(at, "reload") == 1, "it runs the old release already"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["rollback", "--yes"], "no router is named"),
        (["rollback", "r1", "--limit", "r1", "--yes"], "named twice"),
    ],
)
def test_rollback_wants_routers_by_name(desk: Any, words: list[str], says: str) -> None:
    wrong = desk({"name": "r1", "family": "s4_evaluation"}).slp(*words)
    assert wrong.code == 2
    assert says in wrong.err


@pytest.mark.slow
def test_f41_each_line_that_the_upgrade_lost_is_told_to_the_end(desk: Any, tmp_path: Path) -> None:
    lost = ["ip name-server 192.0.2.53", "ip domain lookup source-interface GigabitEthernet0/0/2"]
    fault = {"name": "F41", "params": {"lines": ["ip name-server", "ip domain lookup"]}}
    at = desk(chassis(2, config=[*chassis(2)["router"]["config"], *lost], faults=[fault]), **WORLD)
    done = at.slp("upgrade", "--yes")
    assert done.code == 1, "what is saved and not running would change at the next reload"
    assert "next_boot.unsaved" in done.out + done.err
    run = at.run()["id"]
    findings = at.run()["routers"][0]["findings"]
    told = {f["path"] for f in findings if f["verdict"] == "unforeseen"}
    assert told == {f"config[{line}]" for line in lost}
    shown = at.slp("show", run, "r1").out
    report = at.slp("report", run, "--format", "html", "--output", str(tmp_path / "r.html"))
    assert report.code == 0, report.err
    page = (tmp_path / "r.html").read_text()
    for line in lost:
        assert line in " ".join(shown.split())
        assert line in page


@pytest.mark.slow
@pytest.mark.parametrize("wait_s", [100, 420, 900], ids=["added", "switched", "activated"])
def test_up_4_an_upgrade_in_service_is_ended_at_any_moment(desk: Any, wait_s: int) -> None:
    at = desk(chassis(), **WORLD, speed=100)
    assert at.slp("upgrade", "--no-reload", "--yes").code == 0
    router = at.lab.routers["r1"]
    with at.lab.lock:
        package = router.install.of_state("I")
        assert package is not None
        router.issu.begin(package, None, commit=False)
        until = router.clock.now() + timedelta(seconds=wait_s)
    while router.clock.now() < until:
        time.sleep(0.05)
    done = at.slp("rollback", "r1", "--yes")
    assert done.code == 0, done.err
    assert router.release.short == "17.6.5"
    assert router.processors.hot()
    assert count(at, "issu abort") == 1
    assert count(at, "reload") == 0
