"""One job on chosen routers through the command line, against routers of a lab in process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kit.office import Office, office
from kit.routers import metro, slp_router
from slp_fleet.api import Fleet

DIRECT = ["license smart transport smart", "license smart url default"]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    opened = []

    def begin(*routers: dict[str, Any], speed: float = 300.0) -> Office:
        context = office(tmp_path, capsys, *routers, speed=speed)
        made = context.__enter__()
        opened.append(context)
        return made

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


@pytest.mark.slow
def test_trust_is_installed_once_and_asked_for_by_reference(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT))
    first = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert first.code == 0, first.err
    assert at.events().count("trust requested") == 1
    run = at.run()
    kinds = [s["kind"] for s in run["routers"][0]["steps"]]
    assert kinds == ["preflight", "backup", "trust", "verify"]
    assert "good-token-0001" not in first.out + first.err + str(run)
    again = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert again.code == 0
    assert "nothing to do" in again.out
    assert at.events().count("trust requested") == 1
    forced = at.slp("trust", "--token", "env:SLP_TOKEN", "--force", "--yes")
    assert forced.code == 0, forced.err
    assert at.events().count("trust requested") == 2


def test_a_dry_run_shows_every_line_and_sends_none(desk: Any) -> None:
    at = desk(slp_router())
    before = (at.configuration(), at.events())
    url = "http://192.168.0.1:8182/cslu/v1/pi"
    shown = at.slp("topology", "--topology", "cslu", "--url", url, "--dry-run")
    assert shown.code == 0, shown.err
    assert f"> license smart url cslu {url}" in shown.out
    assert "> write memory" in shown.out
    assert (at.configuration(), at.events()) == before
    sent = at.slp("topology", "--topology", "cslu", "--url", url, "--yes")
    assert sent.code == 0, sent.err
    assert f"license smart url cslu {url}" in at.configuration()


def test_without_a_word_of_the_operator_nothing_is_sent_and_it_is_3(desk: Any) -> None:
    at = desk(slp_router())
    before = at.configuration()
    asked = at.slp("topology", "--topology", "direct")
    assert asked.code == 3
    assert "--yes" in asked.err
    assert at.configuration() == before


def test_every_router_blocked_is_3_with_the_reason(desk: Any) -> None:
    at = desk(metro("eval"))
    blocked = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert blocked.code == 3
    assert "MODEL-SLP" in blocked.err
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


@pytest.mark.parametrize("words", [["upgrade"], ["throughput"]])
def test_wrong_usage_is_2(desk: Any, words: list[str]) -> None:
    assert desk(slp_router()).slp(*words, "--yes").code == 2


def test_a_router_that_has_nothing_to_do_is_not_held_by_the_run(desk: Any) -> None:
    done = metro("registered")
    other = metro("eval") | {"name": "r2"}
    traditional = metro("csl") | {"name": "r3"}
    at = desk(done, other, traditional)
    registered = at.slp("classic", "register", "--token", "env:SLP_TOKEN", "--yes")
    assert registered.code == 1, registered.err  # r3 is blocked, and reported
    assert "B9-5" in registered.err
    states = {r["router"]: r["state"] for r in at.run()["routers"]}
    assert states == {"r2": "proven", "r3": "blocked"}
    assert "registration requested" not in at.events("r1") + at.events("r3")


def test_save_saves_what_is_not_saved(desk: Any) -> None:
    at = desk(slp_router())
    router = at.lab.routers["r1"]
    with at.lab.lock:
        router.running.set(None, "banner motd x")
        assert router.modified()
    saved = at.slp("save", "--yes")
    assert saved.code == 0, saved.err
    assert not router.modified()


@pytest.mark.slow
def test_usage_saved_carried_and_imported(desk: Any, tmp_path: Path) -> None:
    at = desk(slp_router(config=["license smart transport off"]))
    saved = at.slp("usage", "save", "--yes", "--to", str(tmp_path / "files"))
    assert saved.code == 0, saved.err
    report = tmp_path / "files" / "r1" / "usage_report"
    assert report.stat().st_mode & 0o77 == 0
    portal = at.lab.portal
    upload = portal.upload_usage(report.read_bytes(), report.name, "Eg-SA-01/Eg-VA-01")
    for _ in range(200):
        if portal.state(upload) == "No Errors":
            break
        time.sleep(0.05)
    ack = tmp_path / "acks" / "whatever.txt"
    ack.parent.mkdir()
    ack.write_bytes(portal.ack(upload.id)[1])
    done = at.slp("usage", "import", "--from", str(ack.parent), "--yes")
    assert done.code == 0, done.err + done.out
    assert any("acknowledged" in e for e in at.events()), at.events()


@pytest.mark.slow
def test_usage_sync_reports_and_sees_the_acknowledgement(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT))
    assert at.slp("trust", "--token", "env:SLP_TOKEN", "--yes").code == 0
    done = at.slp("usage", "sync", "--yes")
    assert done.code == 0, done.err + done.out


def test_slac_is_asked_for_by_the_router(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT))
    assert at.slp("trust", "--token", "env:SLP_TOKEN", "--yes").code == 0
    done = at.slp("slac", "--yes")
    assert done.code == 0, done.err + done.out
    again = at.slp("slac", "--yes")
    assert "nothing to do" in again.out


@pytest.mark.slow
def test_upgrade_alone_reaches_the_release_and_sets_up_nothing(desk: Any) -> None:
    at = desk({"name": "r1", "family": "s1_registered"})
    before = [line for line in at.configuration() if line.startswith("license smart")]
    looked = at.slp("upgrade", "--dry-run")
    assert looked.code == 0, looked.err + looked.out
    for line in ("> write memory", "> install add file bootflash:", "> install activate",
                 "> install commit"):  # fmt: skip
        assert line in looked.out, looked.out
    assert not [e for e in at.events() if e.startswith("reload")]
    done = at.slp("upgrade", "--yes")
    assert done.code == 0, done.err + done.out
    assert len([e for e in at.events() if e.startswith("reload")]) == 1
    after = [line for line in at.configuration() if line.startswith("license smart")]
    assert set(before) <= set(after)
    again = at.slp("upgrade", "--yes")
    assert "nothing to do" in again.out


@pytest.mark.slow
def test_the_classic_way_through_the_command_line(desk: Any) -> None:
    at = desk(metro("eval"))
    shown = at.slp("classic", "register", "--token", "env:SLP_TOKEN", "--dry-run")
    assert "> license smart register idtoken ********" in shown.out
    for words, event in (
        (["register", "--token", "env:SLP_TOKEN"], "registered"),
        (["renew", "id"], "renewed id"),
        (["deregister"], "deregistered"),
    ):
        done = at.slp("classic", *words, "--yes")
        assert done.code == 0, done.err + done.out
        assert at.events().count(event) == 1, at.events()


@pytest.mark.slow
def test_b9_15_the_mode_is_switched_off_by_the_operators_word_alone(desk: Any) -> None:
    at = desk(metro("registered", "17.8.1"))
    refused = at.slp("classic", "mode", "no-license", "--yes")
    assert refused.code == 3
    assert "B9-15" in refused.err
    done = at.slp("classic", "mode", "no-license", "--yes", "--allow", "B9-15=console server 3")
    assert done.code == 0, done.err + done.out
    assert "license smart enable" not in at.configuration()
    assert at.run()["options"]["allow"] == {"B9-15": "console server 3"}


def test_slac_by_file_is_found_by_its_content(desk: Any, tmp_path: Path) -> None:
    at = desk(slp_router(config=["license smart transport off"]))
    router = at.lab.routers["r1"]
    folder = tmp_path / "slacs"
    folder.mkdir()
    data = at.lab.portal.generate_slac(router.pid, router.serial, router.agent.hsec[0])
    (folder / "download(3).txt").write_bytes(data)
    done = at.slp("slac", "--from", str(folder), "--yes")
    assert done.code == 0, done.err + done.out
    returned = at.slp("slac", "--return", "offline", "--yes", "--to", str(tmp_path / "out"))
    assert returned.code == 0, returned.err + returned.out
    assert (tmp_path / "out" / "r1" / "slac_return_code.txt").read_text().strip()


def test_f25_a_file_that_is_not_there_is_2_before_anything_is_sent(
    desk: Any, tmp_path: Path
) -> None:
    at = desk(slp_router(config=["license smart transport off"]))
    missing = at.slp("usage", "import", "--from", str(tmp_path), "--yes")
    assert missing.code == 2
    assert "r1/ACK_usage_report" in missing.err
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


def test_slac_request_is_brought_here(desk: Any, tmp_path: Path) -> None:
    at = desk(slp_router(config=["license smart transport off"]))
    saved = at.slp("slac", "--request", "--yes", "--to", str(tmp_path / "out"))
    assert saved.code == 0, saved.err + saved.out
    assert (tmp_path / "out" / "r1" / "slac_request").stat().st_size


def test_slrup_3_the_updated_code_is_installed_and_the_person_is_waited_for(
    desk: Any, tmp_path: Path
) -> None:
    at = desk({"name": "r1", "family": "s3_slr_gt250m"})
    router = at.lab.routers["r1"]
    tag = router.agent.hsec[0]
    code = tmp_path / "code.txt"
    code.write_bytes(at.lab.portal.update_reservation(router.pid, router.serial, {tag: 1}))
    looked = at.slp("slr", "--file", str(code), "--dry-run")
    assert "> license smart reservation install file bootflash:slr_code.txt" in looked.out
    stop = threading.Thread(target=_confirm_when_asked, args=(at,), daemon=True)
    stop.start()
    done = at.slp("slr", "--file", str(code), "--yes")
    assert done.code == 0, done.err + done.out
    assert any("reservation" in e for e in at.events()), at.events()


def _confirm_when_asked(at: Office) -> None:
    """The person at CSSM: confirms the step that a run waits for, once it does."""
    for _ in range(600):
        time.sleep(0.05)
        fleet = Fleet(at.folder / "inventory" / ".slp", at.folder / "inventory")
        with closing(fleet):
            waiting = [
                (run.id, r.router, s.step)
                for run in (fleet.run(x.id) for x in fleet.runs()[:1])
                for r in run.routers
                for s in r.steps
                if s.state.value == "person"
            ]
            for found in waiting:
                fleet.confirm(*found, by="anna")
                return


def test_a_whole_plan_is_rehearsed_to_its_end(desk: Any) -> None:
    at = desk({"name": "r1", "family": "s2_slr"}, {"name": "r2", "family": "s4_evaluation"})
    assert at.slp("plan").code == 0
    looked = at.slp("apply", "latest", "--dry-run", "--yes")
    assert looked.code == 0, looked.err + looked.out
    for line in ("install add file", "install commit", "license smart trust idtoken ********",
                 "license smart sync", "license smart save usage"):  # fmt: skip
        assert f"> {line}" in looked.out, looked.out
    assert "good-token-0001" not in looked.out + looked.err
    assert not [e for n in ("r1", "r2") for e in at.events(n) if e.startswith("reload")]


@pytest.mark.slow
def test_usage_sync_has_nothing_to_do_where_all_of_it_is_acknowledged(desk: Any) -> None:
    """It used to fail: nothing was sent, and a new acknowledgement was expected."""
    at = desk(slp_router(config=DIRECT))
    assert at.slp("trust", "--token", "env:SLP_TOKEN", "--yes").code == 0
    for _ in range(200):
        if "usage acknowledged" in at.events():
            break
        time.sleep(0.05)
    done = at.slp("usage", "sync", "--yes")
    assert done.code == 0, done.err + done.out
    assert "nothing to do" in done.out


@pytest.mark.parametrize(
    ("config", "words", "line"),
    [
        (DIRECT, ["trust", "--token", "env:SLP_TOKEN", "--scope", "all"],
         "license smart trust idtoken ******** all"),
        (DIRECT, ["slac", "--scope", "all", "--replace"],
         "license smart authorization request replace hseck9 all"),
        (["license smart transport off"], ["slac", "--request", "--scope", "all"],
         "license smart authorization request add hseck9 all"),
        (DIRECT, ["usage", "sync", "--scope", "all"], "license smart sync all"),
    ],
)  # fmt: skip
def test_one_or_all_members_are_spoken_to_as_asked(
    desk: Any, config: list[str], words: list[str], line: str
) -> None:
    at = desk(slp_router(config=config))
    looked = at.slp(*words, "--dry-run")
    assert looked.code == 0, looked.err
    assert f"> {line}" in looked.out, looked.out


def test_a_universal_reservation_is_asked_for(desk: Any) -> None:
    at = desk({"name": "r1", "family": "s4_evaluation"})
    looked = at.slp("slr", "--request", "--scope", "universal", "--dry-run")
    assert "> license smart reservation request universal" in looked.out, looked.err
