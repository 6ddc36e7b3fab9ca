"""Every one-step command over real SSH with both drivers: a dry run, for good, and once more.

A dry run reads and never writes: the router's own log of what was entered proves it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench
from kit.routers import metro, slp_router
from kit.ssh_desk import desk
from slp_cli.main import run as slp

DIRECT = ["license smart transport smart", "license smart url default"]
OFF = ["license smart transport off"]
URL = "http://192.168.0.1:8182/cslu/v1/pi"
TOKEN = ["--token", "env:SLP_TOKEN"]

CASES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    # router, words, lines that the dry run shows
    "save": (slp_router(unsaved=["banner motd x"]), ["save"], ["write memory"]),
    "topology": (
        slp_router(),
        ["topology", "--topology", "cslu", "--url", URL],
        [f"license smart url cslu {URL}", "write memory"],
    ),
    "trust": (
        slp_router(config=DIRECT),
        ["trust", *TOKEN],
        ["license smart trust idtoken ******** local"],
    ),
    "slac request": (
        slp_router(config=OFF),
        ["slac", "--request"],
        ["license smart authorization request add hseck9 local",
         "license smart authorization request save bootflash:slac_request"],
    ),
    "usage save": (
        slp_router(config=OFF),
        ["usage", "save", "--days", "30"],
        ["license smart save usage days 30 file bootflash:usage_report_days_30"],
    ),
    "usage collect": (
        slp_router(config=OFF),
        ["usage", "collect"],
        ["license smart save usage unreported file bootflash:usage_report"],
    ),
    "throughput": (
        slp_router(pid="C8000V", release="17.6.5"),
        ["throughput", "MB 100"],
        ["platform hardware throughput level MB 100", "write memory"],
    ),
    "slr return": (
        {"name": "r1", "family": "s2_slr"},
        ["slr", "--return"],
        ["license smart reservation return local"],
    ),
    "classic call-home": (
        metro("eval"),
        ["classic", "call-home", "--contact", "noc@example.net"],
        ["service call-home", " contact-email-addr noc@example.net"],
    ),
    "classic register": (
        metro("eval"),
        ["classic", "register", *TOKEN],
        ["license smart register idtoken ********"],
    ),
}  # fmt: skip
SETTLED = ("save", "topology", "trust", "throughput", "classic register")
FAST = ("topology", "usage collect", "classic register")
"""Commands that have nothing left to do when they are given again."""


def command(tmp: Path, *words: str) -> int:
    return slp([*words, "--inventory", str(tmp / "inventory")])


def written(made: Bench) -> tuple[Any, ...]:
    """What a router would show of having been written to."""
    with made.lab.lock:
        router = made.router()
        events = [e for e in router.event_log if "login" not in e]
        return (list(router.running.lines()), sorted(router.flash.files), events,
                router.modified())  # fmt: skip


@pytest.mark.parametrize("driver", ["scrapli", pytest.param("netmiko", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "case",
    [c if c.startswith(FAST) else pytest.param(c, marks=pytest.mark.slow) for c in sorted(CASES)],
)
def test_a_one_step_command_over_ssh(
    tmp_path: Path, case: str, driver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    router, words, lines = CASES[case]
    with desk(tmp_path, driver, router) as made:
        before = written(made)
        assert command(tmp_path, *words, "--dry-run") == 0, capsys.readouterr()
        shown = capsys.readouterr()
        for line in lines:
            assert f"> {line}" in shown.out, shown.out
        assert "good-token-0001" not in shown.out + shown.err
        assert written(made) == before, "a dry run wrote to the router"
        done = command(tmp_path, *words, "--yes")
        said = capsys.readouterr()
        assert done == 0, said.out + said.err
        assert written(made) != before
        if case in SETTLED:
            after = written(made)
            assert command(tmp_path, *words, "--yes") == 0
            assert "nothing to do" in capsys.readouterr().out or case == "save"
            assert written(made)[:2] == after[:2]  # its agent may report by itself meanwhile


@pytest.mark.slow
@pytest.mark.parametrize("driver", ["scrapli", "netmiko"])
def test_the_jobs_that_wait_over_ssh(
    tmp_path: Path, driver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trust, then SLAC, synchronisation, and the authorization given back."""
    with desk(tmp_path, driver, slp_router(config=DIRECT)) as made:
        for words in (
            ["trust", *TOKEN],
            ["slac"],
            ["usage", "sync"],
            ["slac", "--return", "online"],
        ):
            before = written(made)
            assert command(tmp_path, *words, "--dry-run") == 0, capsys.readouterr()
            capsys.readouterr()
            if words[0] != "usage":  # a report may have gone out by itself meanwhile
                assert written(made)[0] == before[0]
            done = command(tmp_path, *words, "--yes")
            said = capsys.readouterr()
            assert done == 0, said.out + said.err


@pytest.mark.slow
@pytest.mark.parametrize("driver", ["scrapli", "netmiko"])
def test_an_upgrade_over_ssh(
    tmp_path: Path, driver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, driver, {"name": "r1", "family": "s1_registered"}) as made:
        before = written(made)
        assert command(tmp_path, "upgrade", "--dry-run") == 0, capsys.readouterr()
        assert "> install commit" in capsys.readouterr().out
        assert written(made) == before
        done = command(tmp_path, "upgrade", "--yes")
        said = capsys.readouterr()
        assert done == 0, said.out + said.err
        assert len([e for e in made.events() if e.startswith("reload")]) == 1
