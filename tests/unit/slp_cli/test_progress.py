"""A run while it goes on: plain lines and the live view, event by event."""

from __future__ import annotations

import re

import pytest

from kit.command_line import BEGAN
from slp_cli.progress import LiveProgress, PlainProgress, RunView
from slp_cli.running import exit_code
from slp_cli.ui import Ui
from slp_fleet.model import Event, RunOptions, RunState


@pytest.fixture
def going(make_run, make_router_run):
    routers = [make_router_run(n, "queued", started=None, ended=None) for n in ("r1", "r2")]
    return make_run(*routers, state=RunState.RUNNING, ended=None)


def event(state: str, router: str | None = None, step: str | None = None, detail: str = ""):
    return Event("261122-2200-a7f3", BEGAN, state, router, step, detail)


STORY = (
    event("running"),
    event("running", "r1"),
    event("acting", "r1", "02-install_activate"),
    event("waiting", "r1", "02-install_activate", "reloads"),
    event("done", "r1", "02-install_activate"),
    event("person", "r1", "03-trust", "waits for a person: enter the code in CSSM"),
    event("confirmed", "r1", "03-trust", "confirmed by Kim"),
    event("proven", "r1"),
    event("running", "r2"),
    event("failed", "r2", "01-preflight", "no space"),
    event("failed", "r2", detail="Check that the router is ready: no space"),
)


def test_the_view_follows_the_events(going):
    view = RunView(going)
    seen = []
    for one in STORY:
        view.take(one)
        seen.append((view.routers["r1"].state, view.routers["r2"].state))
    assert seen[0] == ("queued", "queued")
    assert seen[3] == ("waiting", "queued")
    assert seen[5] == ("person", "queued")
    assert seen[-1] == ("proven", "failed")
    assert view.counts == {"proven": 1, "failed": 1}
    assert view.wave() == 1


def test_a_router_that_ended_is_not_revived_by_a_late_event(going):
    view = RunView(going)
    for one in (event("proven", "r1"), event("done", "r1", "04-verify")):
        view.take(one)
    assert view.routers["r1"].state == "proven"


def test_plain_lines_tell_what_matters_once(going, capsys):
    with PlainProgress(Ui(), going) as shown:
        for one in STORY:
            shown.event(one)
    lines = capsys.readouterr().err.splitlines()
    assert "22:00:00 r1 waits for a person: enter the code in CSSM" in lines
    assert "22:00:00 r1 proven" in lines
    assert sum("no space" in line for line in lines) == 1
    assert not any("acting" in line for line in lines)
    assert lines[-1] == "1 proven, 1 failed"


def test_verbose_lines_tell_each_step(going, capsys):
    with PlainProgress(Ui(verbose=1), going) as shown:
        for one in STORY:
            shown.event(one)
    assert "r1 2/4 Activate 17.3.2 and reload done" in capsys.readouterr().err


def test_the_live_view_shows_who_is_at_work_and_what_is_wrong(going):
    ui = Ui()
    shown = LiveProgress(ui, going)
    for one in STORY[:6]:
        shown.event(one)
    with ui.err.capture() as page:
        ui.err.print(shown._render())
    told = page.get()
    assert "run 261122-2200-a7f3  running" in told
    assert re.search(r"r1 +3/4 Request a trust code +waits for a person", told)
    for one in STORY[6:]:
        shown.event(one)
    with ui.err.capture() as page:
        ui.err.print(shown._render())
    assert "r2: Check that the router is ready: no space" in page.get()


def test_f33_a_hostile_detail_cannot_draw_on_the_terminal(going, capsys):
    with PlainProgress(Ui(), going) as shown:
        shown.event(event("failed", "r1", detail="\x1b[2J[bold]x[/bold]"))
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "[bold]x[/bold]" in err


@pytest.mark.parametrize(
    ("states", "run_state", "dry_run", "code"),
    [
        (("proven", "proven"), "finished", False, 0),
        (("proven", "failed"), "finished", False, 1),
        (("proven", "blocked"), "finished", False, 1),
        (("blocked", "blocked"), "finished", False, 3),
        (("cancelled", "cancelled"), "finished", True, 0),
        (("cancelled", "failed"), "finished", True, 1),
        (("proven", "cancelled"), "finished", False, 1),
        (("proven", "queued"), "paused", False, 4),
        (("failed", "queued"), "stopped", False, 4),
        (("cancelled", "cancelled"), "cancelled", False, 4),
    ],
)
def test_exit_codes_of_a_run(make_run, make_router_run, states, run_state, dry_run, code):
    routers = [make_router_run(f"r{i}", s) for i, s in enumerate(states)]
    run = make_run(*routers, state=RunState(run_state), options=RunOptions(dry_run=dry_run))
    assert exit_code(run) == code
