"""A lab's process: in the foreground until it is told to end, or detached."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slp_core.errors import SlpError, UsageError
from slp_core.private_files import private_folder, touch_private
from slp_lab.folder import LabFolder, secrets_for
from slp_sim.entries import Scenario
from slp_sim.scenario import ScenarioError, generate, load_scenario, read_mix, with_faults
from slp_sim.server import run_lab

_START_S = 90.0
_STOP_S = 20.0
_POLL_S = 0.05


def scenario_of(
    source: str | None, routers: int | None, faults: Sequence[str], *, mix: str | None = None
) -> Scenario:
    """Returns the scenario that the options ask for.

    Args:
        mix: shares of a generated fleet, as ``registered=3,slr=1``.

    Raises:
        UsageError: there is no such scenario, router or fault.
    """
    try:
        if source is None:
            shares = read_mix(mix) if mix is not None else None
            return generate(routers or 6, mix=shares, faults=faults, name="lab")
        scenario = load_scenario(source)
        if routers is not None:
            scenario = _fewer(scenario, routers)
        return with_faults(scenario, faults) if faults else scenario
    except ScenarioError as error:
        raise UsageError(str(error), where="--scenario" if source else "--routers") from error


def _fewer(scenario: Scenario, routers: int) -> Scenario:
    if not 1 <= routers <= len(scenario.routers):
        raise UsageError(
            f"the scenario has {len(scenario.routers)} routers, not {routers}",
            where="--routers",
            remedy="leave --scenario out for a generated fleet of any size",
        )
    return scenario.model_copy(update={"routers": scenario.routers[:routers]})


def serve_lab(
    folder: LabFolder,
    scenario: Scenario,
    speed: float,
    *,
    ready: Callable[[Mapping[str, Any]], None],
    while_stdin: bool = False,
) -> None:
    """Serves a lab until Ctrl-C, SIGTERM or ``slp lab stop``; leaves no secret behind.

    Args:
        ready: called with ``lab.json`` when every router answers.
        while_stdin: ends too when standard input does, so that the lab never outlives a parent.

    Raises:
        UsageError: a lab of this name runs already, or the scenario cannot be served.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if while_stdin:
        threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    values, made = secrets_for(scenario.secret_names())
    password = values[scenario.login.password.partition(":")[2]]
    secrets = {f"env:{name}": value for name, value in values.items()} | values
    with folder.claim():
        folder.write_secrets(made)
        try:
            run_lab(
                scenario,
                speed=speed,
                folder=folder.root,
                password=password,
                secrets=secrets,
                ready=ready,
                stop=stop,
            )
        except ScenarioError as error:
            raise UsageError(str(error)) from error
        finally:
            folder.forget_secrets()


def _watch_stdin(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


def detach(folder: LabFolder, arguments: Sequence[str]) -> Mapping[str, Any]:
    """Starts a lab that goes on when this command ends; returns its ``lab.json``.

    Raises:
        UsageError: a lab of this name runs already.
        SlpError: it ended before it was ready, or was not ready in time.
    """
    if folder.held():
        raise UsageError(
            f"a lab named {folder.name} runs already", remedy=f"slp lab stop {folder.name}"
        )
    private_folder(folder.root)
    (folder.root / "lab.json").unlink(missing_ok=True)
    with touch_private(folder.log).open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "slp_cli", "lab", "start", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return wait_ready(folder, child)


def wait_ready(folder: LabFolder, child: subprocess.Popen[Any]) -> Mapping[str, Any]:
    """Returns ``lab.json`` when the lab in ``child`` answers.

    Raises:
        SlpError: it ended before it was ready, or was not ready in time.
    """
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        facts = folder.facts()
        if facts is not None:
            return facts
        if child.poll() is not None:
            raise SlpError("the lab ended before it was ready", where=str(folder.log))
        time.sleep(_POLL_S)
    child.terminate()
    raise SlpError(f"the lab was not ready within {_START_S:.0f} seconds", where=str(folder.log))


def stop_lab(folder: LabFolder) -> bool:
    """Ends a lab and removes its secrets; returns whether it ran.

    Raises:
        SlpError: it did not end in time.
    """
    pid = folder.pid()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _STOP_S
        while folder.held():
            if time.monotonic() > until:
                raise SlpError(f"the lab's process {pid} does not end", where=folder.name)
            time.sleep(_POLL_S)
    folder.forget_secrets()
    (folder.root / "lab.json").unlink(missing_ok=True)
    return pid is not None
