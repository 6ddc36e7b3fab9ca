"""What a lab costs: routers over SSH in one process, idle and at work, and very many in process.

Prints, judges nothing: bench_lab.py [ROUTERS [ROUTERS IN PROCESS [IDLE SECONDS]]]
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncssh
import yaml

PASSWORD = "bench-pa55word"
SERVER = """
import sys, threading
from pathlib import Path
from slp_sim.scenario import generate
from slp_sim.server import run_lab
stop = threading.Event()
run_lab(
    generate(int(sys.argv[1])), speed=60, folder=Path(sys.argv[2]), password=sys.argv[3],
    secrets={"SLP_TOKEN": "t1", "SLP_TOKEN_EXPIRED": "t2"},
    ready=lambda facts: print("ready", flush=True), stop=stop,
)
"""
IN_PROCESS = """
import json, sys, time
from pathlib import Path
from os import sysconf
from slp_sim.lab import Lab
from slp_sim.router.console.exec import open_terminal
from slp_sim.scenario import generate

def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * sysconf("SC_PAGE_SIZE") / 1e6

bare, began = rss(), time.process_time()
fleet = generate(int(sys.argv[1]))
described, between = rss(), time.process_time()
lab = Lab.from_scenario(fleet, password=sys.argv[2], secrets={})
made, ended = rss(), time.process_time()
shell = open_terminal(lab.routers[next(reversed(lab.routers))], "admin")
shell.start()
shell.feed(b"show version\\n")
print(json.dumps([bare, described, made, between - began, ended - between]))
"""
COMMANDS = ("terminal length 0", "show version", "show license summary", "show clock")


def cost(pid: int) -> tuple[float, float]:
    """Returns CPU seconds and resident megabytes of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    cpu = (int(fields[11]) + int(fields[12])) / ticks
    return cpu, pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def visit(host: str, port: int) -> None:
    """Logs in and runs the commands."""
    async with asyncssh.connect(
        host,
        port,
        username="admin",
        password=PASSWORD,
        known_hosts=None,
        config=None,
        client_keys=None,
    ) as connection:
        process = await connection.create_process(term_type="vt100", encoding=None)
        for command in COMMANDS:
            process.stdin.write(command.encode() + b"\n")
            text = b""
            while command.encode() not in text or not text.endswith(b"#"):
                chunk = await process.stdout.read(65536)
                if not chunk:
                    raise ConnectionError(f"{host} hung up")
                text += chunk


async def everyone(hosts: list[tuple[str, int]], *, at_once: int) -> float:
    """Visits every router and returns how long it took."""
    gate = asyncio.Semaphore(at_once)

    async def one(host: str, port: int) -> None:
        async with gate:
            await visit(host, port)

    began = time.perf_counter()
    await asyncio.gather(*(one(*h) for h in hosts))
    return time.perf_counter() - began


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    in_process(int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    idle_s = float(sys.argv[3]) if len(sys.argv) > 3 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(count), folder, PASSWORD],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == "ready"
            measure(child.pid, count, Path(folder), time.perf_counter() - began, idle_s)
        finally:
            child.terminate()
            child.wait(20)


def in_process(count: int) -> None:
    """Prints what so many routers in one process cost, without sockets."""
    done = subprocess.run(
        [sys.executable, "-c", IN_PROCESS, str(count), PASSWORD],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    bare, described, made, generating, making = json.loads(done.stdout)
    print(f"in process         {count} routers")
    print(f"  scenario         {generating:8.2f} CPU s   {described - bare:8.1f} MB")
    print(f"  routers          {making:8.2f} CPU s   {made - described:8.1f} MB")
    print(
        f"  a router         {(generating + making) / count * 1e3:8.2f} CPU ms "
        f"{(made - bare) / count * 1e3:8.1f} kB"
    )


def measure(pid: int, count: int, folder: Path, start_s: float, idle_s: float) -> None:
    """Prints what the lab in process ``pid`` costs."""
    cpu, rss = cost(pid)
    print(f"routers            {count}")
    print(f"ready after        {start_s:8.2f} s   {cpu:8.2f} CPU s   {rss:8.1f} MB")
    print(f"  a router         {cpu / count * 1e3:8.2f} CPU ms {rss / count * 1e3:8.1f} kB")
    time.sleep(idle_s)
    idle, _ = cost(pid)
    print(f"idle for {idle_s:g} s      {(idle - cpu) / idle_s * 100:8.2f} % of a processor")
    hosts = yaml.safe_load((folder / "inventory/hosts.yaml").read_text())
    where = [(str(h["hostname"]), int(h["port"])) for h in hosts.values()]
    before, _ = cost(pid)
    took = asyncio.run(everyone(where, at_once=100))
    after, peak = cost(pid)
    print(f"a visit each       {took:8.2f} s   {after - before:8.2f} CPU s   {peak:8.1f} MB")
    print(f"  a visit          {(after - before) / count * 1e3:8.2f} CPU ms (login, 4 commands)")
    print(json.dumps({"routers": count, "rss_kb": rss / count * 1e3}))


if __name__ == "__main__":
    main()
