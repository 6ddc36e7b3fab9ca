"""A lab as a foreground process: started, announced, served until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import uvicorn

from slp_sim.clock import RunningClock
from slp_sim.entries import Scenario
from slp_sim.inventory import write_inventory
from slp_sim.lab import Lab, require_secrets
from slp_sim.scenario import load_scenario
from slp_sim.server.router_http import RouterHttp
from slp_sim.server.ssh import LabServer, serve
from slp_sim.services.web import web_app

LAB_FILE = "lab.json"


def run_lab(
    scenario: Scenario | Path | str,
    *,
    speed: float = 1.0,
    folder: Path,
    password: str,
    secrets: Mapping[str, str],
    ready: Callable[[Mapping[str, Any]], None],
    stop: threading.Event,
    block: str | None = None,
    seed: int = 0,
) -> None:
    """Serves a lab until ``stop`` is set; returns when everything is closed.

    Writes ``images/``, ``inventory/`` and ``lab.json`` into ``folder``; the last is removed in
    the end. No secret is written.

    Args:
        scenario: a scenario, a file, or the name of a built-in one.
        speed: lab seconds for each second.
        password: of every router.
        secrets: values by the names in the scenario's ``env:`` references.
        ready: called once with the contents of ``lab.json``, when every router answers.
        block: see ``serve``.

    Raises:
        ScenarioError: the scenario is wrong, or a secret that it names is missing.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    known = {**secrets, scenario.login.password: password}
    require_secrets(scenario, known)
    try:
        asyncio.run(_run(scenario, speed, folder, known, ready, stop, block, seed))
    finally:
        stop.set()


async def _run(
    scenario: Scenario,
    speed: float,
    folder: Path,
    secrets: Mapping[str, str],
    ready: Callable[[Mapping[str, Any]], None],
    stop: threading.Event,
    block: str | None,
    seed: int,
) -> None:
    clock = RunningClock(scenario.epoch, speed)
    lab = Lab.from_scenario(
        scenario, clock=clock, seed=seed, password=secrets[scenario.login.password], secrets=secrets
    )
    folder.mkdir(parents=True, exist_ok=True)
    server = await serve(lab, block=block)
    routers_http = RouterHttp(server, folder)
    async with _http(lab, server) as url:
        lab.write_images(folder / "images")
        write_inventory(
            lab,
            folder / "inventory",
            images=folder / "images",
            endpoints=server.endpoints(),
            known_hosts=server.known_hosts(),
            services=url,
        )
        facts = _facts(lab, server, folder, url) | routers_http.facts()
        path = folder / LAB_FILE
        path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        try:
            ready(facts)
            await _until(stop)
        finally:
            path.unlink(missing_ok=True)
            await routers_http.close()
            await server.close()


def _facts(lab: Lab, server: LabServer, folder: Path, url: str) -> dict[str, Any]:
    addresses = [endpoint.address for endpoint in server.by_router.values()]
    return {
        "name": lab.scenario.name,
        "pid": os.getpid(),
        "http": url,
        "port": server.port,
        "addresses": [addresses[0], addresses[-1]],
        "routers": len(addresses),
        "clock": lab.clock_block(),
        "inventory": str((folder / "inventory").resolve()),
        "username": lab.scenario.login.username,
        "password": lab.scenario.login.password,
    }


async def _until(stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish() -> None:
        if not done.done():
            done.set_result(None)

    def wait() -> None:
        stop.wait()
        with contextlib.suppress(RuntimeError):  # the loop has ended for another reason
            loop.call_soon_threadsafe(finish)

    threading.Thread(target=wait, name="lab-stop", daemon=True).start()
    await done


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the command line has those."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _http(lab: Lab, server: LabServer) -> Any:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        web_app(lab, server.endpoints()),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ws="none",
    )
    web = _Server(config)
    task = asyncio.create_task(web.serve(sockets=[sock]))
    try:
        while not web.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        web.should_exit = True
        await task
        sock.close()
