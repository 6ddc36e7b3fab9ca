"""Files that travel: told apart by kind and owner before anything begins, hashed at each hop."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.office import Office, office
from kit.routers import slp_router
from slp_fleet.api import Fleet
from slp_sim import formats
from slp_tasks.steps.usage_import import usage_import
from slp_tasks.steps.usage_save import usage_save

OFF = ["license smart transport off"]
HOME = "Eg-SA-01/Eg-VA-01"


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


def offline(name: str = "r1", **more: Any) -> dict[str, Any]:
    return slp_router(config=OFF, **more) | {"name": name}


def files_for(at: Office, name: str = "r1") -> dict[str, bytes]:
    """Returns one file of each kind, all of them this router's own."""
    router = at.lab.routers[name]
    owner = {"pid": router.pid, "sn": router.serial}
    now = datetime(2026, 11, 22, tzinfo=UTC)
    hsec = [formats.Entitlement(router.agent.hsec[1], 1, "Export")]
    report = formats.rum_report(
        **owner, report_id=1, software_tag="regid.x", entitlement_tag="regid.y",
        software_version="17.06.05", start=now, end=now,
    )  # fmt: skip
    system = formats.system_info(**owner, hostname=name, software_tag="regid.x", at=now)
    default = formats.cisco_default_policy()
    return {
        "usage": formats.usage_file([report], system),
        "ack": formats.ack_file([formats.Ack(router.pid, router.serial, (1,), now)], default),
        "policy": formats.policy_file(default),
        "slac": formats.slac_file(**owner, entitlements=hsec, issued=now),
        "slr": formats.slr_code_file(**owner, entitlements=hsec, issued=now),
    }


# --- the wrong kind ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["usage", "slac", "slr", "policy"])
def test_f25_usage_import_refuses_what_is_no_acknowledgement_before_a_run_exists(
    desk: Any, tmp_path: Path, kind: str
) -> None:
    at = desk(offline())
    file = tmp_path / "handed.txt"
    file.write_bytes(files_for(at)[kind])
    refused = at.slp("usage", "import", "--file", str(file), "--yes")
    assert refused.code == 2
    assert "not an acknowledgement (ACK) of CSSM" in " ".join(refused.err.split())
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


@pytest.mark.parametrize("kind", ["usage", "ack", "slr"])
def test_f25_slac_refuses_what_is_no_authorization_code_before_a_run_exists(
    desk: Any, tmp_path: Path, kind: str
) -> None:
    at = desk(offline())
    file = tmp_path / "handed.txt"
    file.write_bytes(files_for(at)[kind])
    refused = at.slp("slac", "--file", str(file), "--yes")
    assert refused.code == 2
    assert "not an authorization code (SLAC)" in " ".join(refused.err.split())
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


def test_f25_slr_refuses_a_slac_before_a_run_exists(desk: Any, tmp_path: Path) -> None:
    at = desk({"name": "r1", "family": "s3_slr_gt250m"})
    file = tmp_path / "handed.txt"
    file.write_bytes(files_for(at)["slac"])
    refused = at.slp("slr", "--file", str(file), "--yes")
    assert refused.code == 2
    assert "not a reservation code (SLR)" in " ".join(refused.err.split())
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


def test_f25_every_wrong_file_of_a_selection_is_named_at_once(desk: Any, tmp_path: Path) -> None:
    at = desk(offline("r1"), offline("r2"), offline("r3"))
    folder = tmp_path / "slacs"
    folder.mkdir()
    (folder / "r1.txt").write_bytes(files_for(at, "r2")["slac"])
    (folder / "r2.txt").write_bytes(files_for(at, "r2")["usage"])
    (folder / "r3.txt").write_bytes(files_for(at, "r3")["slac"])
    refused = at.slp("slac", "--from", str(folder), "--yes")
    assert refused.code == 2
    said = " ".join(refused.err.split())
    assert "2 files cannot be right" in said
    assert "r1.txt, for r1: it is for PID" in said
    assert "r2.txt, for r2: it is a usage report" in said
    assert "r3.txt" not in said
    assert not (at.folder / "inventory" / ".slp" / "runs.sqlite").exists()


def test_a_folder_with_several_kinds_gives_the_one_that_is_asked_for(
    desk: Any, tmp_path: Path
) -> None:
    at = desk(offline())
    folder = tmp_path / "downloads"
    folder.mkdir()
    for kind, data in files_for(at).items():
        (folder / f"download-{kind}.txt").write_bytes(data)
    router = at.lab.routers["r1"]
    own = at.lab.portal.generate_slac(router.pid, router.serial, router.agent.hsec[0])
    (folder / "download-slac.txt").write_bytes(own)
    done = at.slp("slac", "--from", str(folder), "--yes")
    assert done.code == 0, done.err + done.out


@pytest.mark.parametrize(
    ("kind", "words"),
    [("usage", "a usage report of a router, not an acknowledgement"), ("slac", "SLAC")],
)
def test_f25_the_step_itself_refuses_another_kind(tmp_path: Path, kind: str, words: str) -> None:
    with bench(tmp_path, offline()) as made:
        folder = tmp_path / "files" / "r1" / "in"
        folder.mkdir(parents=True)
        data = files_for(made)[kind]  # type: ignore[arg-type]  # it too has a lab
        (folder / "ACK_usage_report").write_bytes(data)
        done = made.nornir.run(
            task=usage_import, file="ACK_usage_report", files=tmp_path / "files", clock=made.clock
        )["r1"][0]
        assert done.failed
        assert words in str(done.exception)
        assert not any("file written" in e for e in made.events())


# --- policy --------------------------------------------------------------------------------------


def test_a_policy_is_imported_on_its_own_and_once(tmp_path: Path) -> None:
    with bench(tmp_path, offline()) as made:
        folder = tmp_path / "files" / "r1" / "in"
        folder.mkdir(parents=True)
        (folder / "policy.txt").write_bytes(formats.policy_file(formats.cisco_default_policy()))
        given = {"file": "policy.txt", "kind": "policy", "files": tmp_path / "files"}
        for changed in (True, False):
            made.clock.sleep(120)
            done = _run(made, usage_import, **given)
            assert not done.failed, done.exception
            assert done.changed is changed
        assert made.events().count("imported policy") == 1


def _run(made: Bench, task: Any, **params: Any) -> Any:
    result = made.nornir.run(task=task, clock=made.clock, sleep=made.clock.sleep, **params)
    return result["r1"][0]


# --- which reports -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "words", "file"),
    [
        ({}, "unreported", "usage_report"),
        ({"what": "all"}, "all", "usage_report_all"),
        ({"what": "days", "days": 30}, "days 30", "usage_report_days_30"),
    ],
)
def test_usage_save_names_what_it_saves(
    tmp_path: Path, params: dict[str, Any], words: str, file: str
) -> None:
    with bench(tmp_path, offline()) as made:
        first = _run(made, usage_save, files=tmp_path / "files", **params)
        assert not first.failed, first.exception
        sent = f"license smart save usage {words} file bootflash:{file}"
        assert first.result["notes"]["sends"] == [sent]
        local = tmp_path / "files" / "r1" / "out" / file
        with made.lab.lock:
            assert local.read_bytes() == made.router().read_file(f"bootflash:{file}")
        assert not _run(made, usage_save, files=tmp_path / "files", **params).changed


def test_usage_save_by_rum_id_saves_that_report_alone(tmp_path: Path) -> None:
    with bench(tmp_path, offline()) as made:
        assert not _run(made, usage_save, files=tmp_path / "files", what="all").failed
        with made.lab.lock:
            number = next(r.report_id for r in made.router().agent.slp.reports)
        done = _run(made, usage_save, files=tmp_path / "files", what="rum-id", rum_id=number)
        assert not done.failed, done.exception
        assert done.result["notes"]["reports"] == 1


@pytest.mark.parametrize("params", [{"what": "days"}, {"what": "rum-id"}, {"what": "some"}])
def test_usage_save_of_nothing_in_particular_is_refused(
    tmp_path: Path, params: dict[str, Any]
) -> None:
    with bench(tmp_path, offline()) as made:
        done = _run(made, usage_save, files=tmp_path / "files", **params)
        assert "rum-id with the report's number" in str(done.exception)


def test_collect_brings_the_reports_of_a_fleet_with_their_hashes(desk: Any, tmp_path: Path) -> None:
    at = desk(*(offline(f"r{n}") for n in range(1, 4)))
    to = tmp_path / "collected"
    done = at.slp("usage", "collect", "--to", str(to), "--days", "30", "--yes")
    assert done.code == 0, done.err + done.out
    name = "usage_report_days_30"
    assert sorted(p.relative_to(to).as_posix() for p in to.rglob("usage*")) == [
        f"r{n}/{name}" for n in range(1, 4)
    ]
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=to, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for n in range(1, 4):
        data = (to / f"r{n}" / name).read_bytes()
        with at.lab.lock:
            assert data == at.lab.routers[f"r{n}"].read_file(f"bootflash:{name}")
        assert (to / f"r{n}" / name).stat().st_mode & 0o77 == 0
    waves = {json.dumps(r["wave"]) for r in at.run()["routers"]}
    assert len(waves) == 1, "all at once"


def test_f24_an_altered_report_is_fetched_again_and_the_bytes_are_the_routers(
    desk: Any, tmp_path: Path
) -> None:
    at = desk(offline(faults=["F24"]))
    to = tmp_path / "collected"
    done = at.slp("usage", "collect", "--to", str(to), "--yes")
    assert done.code == 0, done.err + done.out
    data = (to / "r1" / "usage_report").read_bytes()
    with at.lab.lock:
        assert data == at.lab.routers["r1"].read_file("bootflash:usage_report")
    steps = at.run()["routers"][0]["steps"]
    saved = next(s for s in steps if s["kind"] == "usage_save")
    assert hashlib.md5(data, usedforsecurity=False).hexdigest() in json.dumps(saved)


@pytest.mark.parametrize("words", [["--all", "--days", "3"], ["--days", "3", "--rum-id", "4"]])
def test_selections_exclude_each_other(desk: Any, words: list[str]) -> None:
    refused = desk(offline()).slp("usage", "save", *words, "--yes")
    assert refused.code == 2
    assert "exclude each other" in refused.err


# --- confirm -------------------------------------------------------------------------------------


def test_confirm_without_the_file_that_is_asked_for_confirms_nothing(
    desk: Any, tmp_path: Path
) -> None:
    at = desk(offline())
    begun = _begin(at, "usage", "import")
    bare = at.slp("confirm", begun, "r1")
    assert bare.code == 2
    assert "asks for ACK_usage_report; nothing is confirmed" in bare.err
    assert "is confirmed" not in bare.err.replace("nothing is confirmed", "")
    wrong = tmp_path / "report.xml"
    wrong.write_bytes(files_for(at)["usage"])
    refused = at.slp("confirm", begun, "r1", "--file", str(wrong))
    assert refused.code == 2
    assert "not an acknowledgement" in refused.err
    found = [p for p in (at.folder / "inventory" / ".slp").rglob("r1") if p.is_dir()]
    dropped = found[0] / "in"
    dropped.mkdir(mode=0o700, exist_ok=True)
    (dropped / "ACK_usage_report").write_bytes(files_for(at)["slac"])
    refused = at.slp("confirm", begun, "r1")
    assert refused.code == 2
    assert "not an acknowledgement" in refused.err
    (dropped / "ACK_usage_report").write_bytes(files_for(at)["ack"])
    taken = at.slp("confirm", begun, "r1")
    assert taken.code == 0, taken.err


def _begin(at: Office, *words: str) -> str:
    """Starts a run that waits for a person, and leaves it paused; returns its name."""
    stopper = threading.Thread(target=_pause_when_asked, args=(at,), daemon=True)
    stopper.start()
    at.slp(*words, "--yes")
    stopper.join(30)
    with closing(_fleet(at)) as fleet:
        return fleet.latest()


def _pause_when_asked(at: Office) -> None:
    for _ in range(600):
        time.sleep(0.05)
        with closing(_fleet(at)) as fleet:
            runs = [fleet.run(r.id) for r in fleet.runs()[:1]]
            if any(s.state.value == "person" for r in runs for x in r.routers for s in x.steps):
                fleet.pause(fleet.latest())
                return


def _fleet(at: Office) -> Fleet:
    return Fleet(at.folder / "inventory" / ".slp", at.folder / "inventory")
