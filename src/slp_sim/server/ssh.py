"""SSH in front of a lab: one address each, refused while a router boots, cut when it reloads."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

import asyncssh

from slp_sim.lab import Lab
from slp_sim.server.line import crashing
from slp_sim.server.sessions import Door, Login

LOG = logging.getLogger("slp_sim.server")
BACKLOG = 64
LOGIN_TIMEOUT_S = 120


class LabServer:
    """Every router of a lab behind SSH; made by ``serve``.

    Attributes:
        authorized: keys that log in beside the password.
        port: the one port of all addresses.
        doors: by router name.
        followers: called with a door whose router may have changed, such as its configuration.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.followers: list[Callable[[Door], None]] = []
        self.port = 0
        self.doors: dict[str, Door] = {}
        self._kick = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        keys = "\n".join(lab.scenario.login.authorized_keys)
        self.authorized = asyncssh.import_authorized_keys(keys) if keys else None

    # --- what is asked from outside -------------------------------------------------------------

    def endpoints(self) -> dict[str, tuple[str, int]]:
        """Returns address and port of each router."""
        return {name: (door.address, self.port) for name, door in self.doors.items()}

    def known_hosts(self) -> str:
        """Returns what belongs in a ``known_hosts`` file for this lab."""
        rows = []
        for door in self.doors.values():
            wrong = self._host_key_fault(door) == "known"
            shown = asyncssh.generate_private_key("ssh-ed25519") if wrong else door.key
            key = shown.export_public_key("openssh").decode().split()
            rows.append(f"[{door.address}]:{self.port} {key[0]} {key[1]}\n")
        return "".join(rows)

    def _host_key_fault(self, door: Door) -> str | None:
        """Returns ``known`` or ``reload`` where the router's key is not what is known (F32)."""
        udi = (door.router.pid, door.router.serial)
        params = self.lab.network.faults.params(udi, "F32")
        return None if params is None else str(params.get("variant", "known"))

    async def close(self) -> None:
        """Ends every connection and listener."""
        if self._ticker:
            self._ticker.cancel()
        for task in [*self._tasks, *([self._ticker] if self._ticker else [])]:
            task.cancel()
        for door in self.doors.values():
            self._shut(door)
        await asyncio.sleep(0)

    # --- opening --------------------------------------------------------------------------------

    async def open(self, block: str | None) -> None:
        """Listens for every router, on a block of addresses that is free."""
        for attempt in range(20):
            prefix = block or f"127.{64 + secrets.randbelow(128)}.{secrets.randbelow(240)}"
            self.doors = {
                name: Door(
                    router, _address(prefix, i), asyncssh.generate_private_key("ssh-ed25519")
                )
                for i, (name, router) in enumerate(self.lab.routers.items())
            }
            self.port = 0
            try:
                for door in self.doors.values():
                    await self._listen(door)
            except OSError:
                for door in self.doors.values():
                    self._shut(door)
                if attempt == 19 or block:
                    raise
                continue
            break
        self._ticker = asyncio.create_task(self._tick())

    async def _listen(self, door: Door) -> None:
        door.acceptor = await asyncssh.listen(
            door.address,
            self.port,
            server_factory=lambda: Login(self, door),
            server_host_keys=[door.key],
            backlog=BACKLOG,
            line_editor=False,
            encoding=None,
            compression_algs=None,
            gss_host=None,
            allow_scp=False,
            login_timeout=LOGIN_TIMEOUT_S,
            server_version="Cisco-1.25",
        )
        self.port = self.port or door.acceptor.get_port()

    def _shut(self, door: Door) -> None:
        if door.acceptor is not None:
            door.acceptor.close()
            door.acceptor = None
        for connection in list(door.connections):
            connection.abort()
        door.connections.clear()

    # --- time -----------------------------------------------------------------------------------

    def after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Has ``act`` called in so many lab seconds."""
        real = getattr(self.lab.clock, "real_seconds", None)
        delay = real(seconds) if real else 0.0
        return asyncio.get_running_loop().call_later(delay, act)

    def touched(self, door: Door) -> None:
        """Looks at a router after something was done to it, and at what is due next."""
        self._follow(door)
        self._kick.set()

    def _follow(self, door: Door) -> None:
        """Has the listener do as the router does: shut while it is down, open when it is up."""
        for follower in self.followers:
            follower(door)
        for line in list(door.lines):
            with crashing(door):
                line.look()
        up = door.router.is_up()
        if not up and (door.acceptor is not None or door.connections):
            self._shut(door)
        elif up and door.acceptor is None and not door.busy:
            door.busy = True
            task = asyncio.create_task(self._reopen(door))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reopen(self, door: Door) -> None:
        if self._host_key_fault(door) == "reload":
            door.key = asyncssh.generate_private_key("ssh-ed25519")
        try:
            await self._listen(door)
        except OSError as error:
            LOG.error("%s cannot listen again: %s", door.router.spec.name, error)
        finally:
            door.busy = False

    async def _tick(self) -> None:
        """Sleeps until something is due in lab time; idle labs cost nothing."""
        while True:
            self._kick.clear()
            timeout = self._until_due()
            try:
                await asyncio.wait_for(self._kick.wait(), timeout)
            except TimeoutError:
                try:
                    self.lab.clock.settle()
                except Exception:
                    LOG.exception("something that was due in the lab failed")
            for door in self.doors.values():
                self._follow(door)

    def _until_due(self) -> float | None:
        due = getattr(self.lab.clock, "next_due", lambda: None)()
        real = getattr(self.lab.clock, "real_seconds", None)
        if due is None or real is None:
            return None
        left: float = real((due - self.lab.clock.now()).total_seconds())
        return max(left, 0.0) + 0.001


async def serve(lab: Lab, *, block: str | None = None) -> LabServer:
    """Returns the lab's server once every router can be reached.

    Args:
        block: the first three numbers of the addresses, such as ``127.77.1``; a free one by
            default.
    """
    server = LabServer(lab)
    await server.open(block)
    return server


def _address(prefix: str, index: int) -> str:
    """Returns the n-th address from ``prefix`` on, 250 in each block of 256."""
    a, b, c = (int(n) for n in prefix.split("."))
    block, host = divmod(index, 250)
    carry, c = divmod(c + block, 256)
    return f"{a}.{b + carry}.{c}.{host + 1}"
