"""Saved outputs that are no basis for a plan: bad files, two routers in one folder, one in two."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "captures" / "data"
VERSION = """\
{name} uptime is 1 hour, 28 minutes
System image file is "bootflash:packages.conf"
Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.4, \
RELEASE SOFTWARE (fc2)
Cisco IOS XE Software, Version 16.09.04
cisco {pid} (1RU) processor with 3670016K/6147K bytes of memory.
Processor board ID {sn}
Configuration register is 0x2102
"""
UDI = "UDI: PID:{pid},SN:{sn}\n"


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """One registered router of the guide, saved as a user would, in ``captures/edge``."""
    monkeypatch.chdir(tmp_path)
    return router(tmp_path / "captures" / "edge")


def router(folder: Path, name: str = "edge", pid: str = "ISR4461/K9", sn: str = "FDO2213A0GL"):
    shutil.copytree(DATA / "s1_isr4461_registered" / "pre", folder)
    shutil.copy(DATA / "s1_isr4461_registered" / "target.yaml", folder)
    write(folder / "show-version.txt", VERSION.format(name=name, pid=pid, sn=sn))
    write(folder / "show-license-udi.txt", UDI.format(pid=pid, sn=sn))
    return folder


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def planned(command, *words: str, code: int | None = None) -> dict[str, Any]:
    Path("p.json").unlink(missing_ok=True)
    outcome = command("plan", "--from-captures", "captures", "-o", "p.json", *words)
    assert "Traceback" not in outcome.err + outcome.out
    if code is not None:
        assert outcome.code == code, outcome.out + outcome.err
    routers = json.loads(Path("p.json").read_text(encoding="utf-8"))["routers"]
    return {r["router"]: r.get("notices", []) for r in routers}


def of(notices: Any, rule: str, severity: str = "blocker") -> list[str]:
    return [n["text"] for n in notices if n["rule"] == rule and n["severity"] == severity]


def test_one_router_well_saved_has_no_such_blocker(command, saved):
    assert not [n for n in planned(command)["edge"] if n["rule"].startswith("READ-")
                and n["severity"] == "blocker"]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "Interface  IP-Address  OK? Method Status\nGi0  unassigned\n"]
)
def test_read_3_and_read_4_an_empty_or_foreign_show_version_blocks_and_names_the_command(
    command, saved, text
):
    write(saved / "show-version.txt", text)
    notices = planned(command, code=3)["edge"]
    assert of(notices, "READ-4") == ["the release that the router runs is not known"]
    assert "save show version" in next(n["remedy"] for n in notices if n["rule"] == "READ-4")
    (useless,) = of(notices, "READ-3", "warning")
    assert useless.startswith("show version holds")


def test_read_4_without_pid_and_serial_number_nothing_is_planned(command, saved):
    (saved / "show-license-udi.txt").unlink()
    text = (saved / "show-version.txt").read_text(encoding="utf-8")
    write(saved / "show-version.txt", "\n".join(x for x in text.splitlines() if "processor" not in x
                                                and "board" not in x))  # fmt: skip
    notices = planned(command, code=3)["edge"]
    assert of(notices, "READ-4") == ["PID and serial number of the router are not known"]


def test_read_3_what_is_cut_off_is_told_in_the_plan_too(command, saved):
    path = saved / "show-license-summary.txt"
    write(path, path.read_text(encoding="utf-8") + "\n --More-- ")
    assert any("show license summary is cut off" in t
               for t in of(planned(command)["edge"], "READ-3", "warning"))  # fmt: skip


def make_binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def make_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(path.read_bytes()))


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def make_dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (make_binary, "is no text"),
        (make_gzip, "is packed (gzip)"),
        (make_folder, "is a folder, no file"),
        (make_fifo, "is a pipe or a device"),
        (make_dangling, "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_text_is_one_clear_line_and_hides_no_other_router(
    command, saved, spoil, what
):
    router(saved.parent / "other", "other", sn="FDO2213A0XX")
    spoil(saved / "show-version.txt")
    notices = planned(command, code=1)
    (text,) = [n["text"] for n in notices["edge"]]
    assert what in text
    assert "edge/show-version.txt" in text
    assert not of(notices["other"], "READ-4")
    outcome = command("assess", "--from-captures", "captures", "-o", "a.json")
    assert outcome.code == 1
    assert what in json.loads(Path("a.json").read_text(encoding="utf-8"))["routers"][0]["error"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_what_windows_programs_save_is_read(command, saved, encoding):
    wanted = planned(command)["edge"]
    for path in saved.glob("*.txt"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(text.encode(encoding))
    assert planned(command)["edge"] == wanted


@pytest.mark.parametrize(
    ("file", "text", "lines"),
    [
        ("show-license-udi.txt", UDI.format(pid="ISR4331/K9", sn="FDO2213A0GL"),
         ["show-version.txt:5 `cisco ISR4461/K9", "show-license-udi.txt:1 `UDI: PID:ISR4331/K9"]),
        ("show-running-config.txt", "version 16.9\nhostname bern\n!\nend\n",
         ["show-version.txt:1 `edge uptime", "show-running-config.txt:2 `hostname bern`"]),
        ("show-clock.txt", "bern#show clock\n10:00:00.123 UTC Mon Jan 6 2020\n",
         ["show-version.txt:1 `edge uptime", "show-clock.txt:1 `bern#show clock`"]),
        ("show-running-config.txt", "hostname edge\nlicense udi pid ISR4461/K9 sn FDO9999ZZZZ\n",
         ["show-license-udi.txt:1 `UDI:", "show-running-config.txt:2 `license udi pid"]),
        ("show-inventory.txt", 'NAME: "Chassis", DESCR: "Cisco ISR4461 Chassis"\n'
         "PID: ISR4461/K9        , VID: V01, SN: FDO9999ZZZZ\n",
         ["show-version.txt:6 `Processor board ID", "show-inventory.txt:1 `NAME: \"Chassis\""]),
        ("show-tech-support.txt", "------------------ show version ------------------\n"
         + VERSION.format(name="bern", pid="ISR4461/K9", sn="FDO9999ZZZZ"),
         ["`edge uptime", "show-tech-support.txt:2 `bern uptime"]),
    ],
    ids=["pid", "hostname", "prompt", "udi", "inventory", "tech"],
)  # fmt: skip
def test_read_1_outputs_of_two_routers_in_one_folder_block_and_show_both_lines(
    command, saved, file, text, lines
):
    write(saved / file, text)
    told = of(planned(command, code=3)["edge"], "READ-1")
    assert any(all(line in t for line in lines) for t in told), told
    outcome = command("assess", "--from-captures", "captures", "-o", "a.json")
    assert outcome.code == 1
    assert "outputs of two routers in one folder" in " ".join((outcome.err + outcome.out).split())


def test_a_plan_from_the_assessment_has_the_same_blocker(command, saved):
    write(saved / "show-license-udi.txt", UDI.format(pid="ISR4331/K9", sn="FDO2213A0GL"))
    wanted = planned(command)["edge"]
    command("assess", "--from-captures", "captures", "-o", "a.json")
    command("plan", "--from-assessment", "a.json", "-o", "q.json")
    (made,) = json.loads(Path("q.json").read_text(encoding="utf-8"))["routers"]
    assert made["notices"] == wanted


@pytest.mark.parametrize(
    "files",
    [
        {"show-license-udi.txt": UDI.format(pid="ISR4461/K9", sn="FOC17425PRJ")},
        {"show-license-udi.txt": UDI.format(pid="ISR4461", sn="FDO2213A0GL")},
        {"show-license-udi.txt": "UDI: PID:ISR4461/K9,SN:FDO2213A0GL\n\nHA UDI List:\n"
         "    Active:PID:ISR4461/K9,SN:FDO2213A0GL\n    Standby:PID:ISR4461/K9,SN:FDO2213AXXX\n"},
        {"show-startup-config.txt": "hostname old\nend\n"},
        {"show-redundancy.txt": "edge-stby#show redundancy\n"},
        {"show-clock.txt": "EDGE#show clock\n10:00:00.123 UTC Mon Jan 6 2020\n"},
        {"show-version__renamed.txt": VERSION.format(name="new", pid="ISR4461/K9",
                                                     sn="FDO2213A0GL")},
    ],
    ids=["board", "suffix", "pair", "startup", "standby", "case", "renamed-later"],
)  # fmt: skip
def test_what_differs_on_one_router_is_no_second_router(command, saved, files):
    for name, text in files.items():
        write(saved / name, text)
    assert of(planned(command)["edge"], "READ-1") == []


def test_a_prompt_cuts_a_long_host_name(command, saved):
    name = "edge-router-with-a-long-name"
    write(saved / "show-version.txt", VERSION.format(name=name, pid="ISR4461/K9", sn="FDO2213A0GL"))
    write(saved / "show-clock.txt", f"{name[:20]}#show clock\n10:00:00.123 UTC Mon Jan 6 2020\n")
    assert of(planned(command)["edge"], "READ-1") == []


def test_router_yaml_of_another_router_blocks(command, saved):
    write(saved / "router.yaml", "pid: ISR4461/K9\nserial: FDO9999ZZZZ\n")
    (told,) = of(planned(command, code=3)["edge"], "READ-1")
    assert "serial FDO9999ZZZZ" in told


def test_read_2_one_serial_number_in_two_folders_blocks_both_and_shows_both_lines(command, saved):
    router(saved.parent / "copy", "edge")
    router(saved.parent / "third", "third", sn="FDO2213A0XX")
    notices = planned(command, code=1)
    for name in ("edge", "copy"):
        (told,) = of(notices[name], "READ-2")
        assert "edge/show-" in told
        assert "copy/show-" in told
        assert "FDO2213A0GL" in told
    assert of(notices["third"], "READ-2") == []
    outcome = command("assess", "--from-captures", "captures", "-o", "a.json")
    assert outcome.code == 1
    assert "is in two folders" in " ".join((outcome.err + outcome.out).split())


def test_verify_proves_nothing_by_outputs_of_two_routers(command, saved):
    planned(command)
    write(saved / "show-license-udi.txt", UDI.format(pid="ISR4331/K9", sn="FDO2213A0GL"))
    outcome = command("verify", "p.json", "--from-captures", "captures")
    assert outcome.code == 1
    assert "two routers in one folder" in " ".join(outcome.out.split())


def test_a_blocker_of_the_folder_may_be_overridden_with_a_reason(command, saved):
    write(saved / "show-clock.txt", "bern#show clock\n10:00:00.123 UTC Mon Jan 6 2020\n")
    notices = planned(command, "--allow", "READ-1=the prompt is another name of it")["edge"]
    assert [n["allowed"] for n in notices if n["rule"] == "READ-1"]


@pytest.mark.parametrize(
    ("facts", "what"),
    [("group: bern", "group is no mapping"), ("serial: [1, 2]", "serial is no text")],
)
def test_a_router_yaml_of_another_form_is_one_clear_line(command, saved, facts, what):
    write(saved / "router.yaml", facts)
    (text,) = [n["text"] for n in planned(command, code=3)["edge"]]
    assert what in text
    assert "edge/router.yaml" in text


def test_a_serial_number_of_digits_alone_is_text(command, saved):
    (saved / "show-license-udi.txt").unlink()
    (saved / "show-version.txt").unlink()
    write(saved / "router.yaml", "pid: ISR4461/K9\nserial: 12345678901\nrelease: 16.9.4\n")
    assert of(planned(command)["edge"], "READ-4") == []


def test_read_3_a_licence_cut_off_in_its_line_is_a_warning_that_shows_the_line(command, saved):
    path = saved / "show-license-summary.txt"
    text = path.read_text(encoding="utf-8").rstrip()
    write(path, text[: text.rindex("\n") + 12])
    told = of(planned(command)["edge"], "READ-3", "warning")
    assert any("show license summary, line" in t and "not understood" in t for t in told), told


def test_read_1_licences_of_another_product_block_unless_the_operator_knows_them(command, saved):
    shutil.copy(DATA / "s2_isr1k_slr_export" / "pre" / "show-license-summary.txt", saved)
    (told,) = of(planned(command, code=3)["edge"], "READ-1")
    assert "is of another product than ISR4461/K9" in told
    planned(command, "--allow", "READ-1=a bench of ours", code=0)
