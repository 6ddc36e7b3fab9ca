"""SSH in front of a lab: one address each, refused while a router boots, cut when it reloads."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

import asyncssh

from slp_sim.lab import Lab
from slp_sim.server.endpoint import Endpoint
from slp_sim.server.line import crashing
from slp_sim.server.sessions import Login

LOG = logging.getLogger("slp_sim.server")
BACKLOG = 64
LOGIN_TIMEOUT_S = 120


class LabServer:
    """Every router of a lab behind SSH; made by ``serve``.

    Attributes:
        authorized: keys that log in beside the password.
        port: the one port of all addresses.
        by_router: by router name.
        followers: called with a endpoint whose router may have changed, such as its configuration.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.followers: list[Callable[[Endpoint], None]] = []
        self.port = 0
        self.by_router: dict[str, Endpoint] = {}
        self._kick = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        keys = "\n".join(lab.scenario.login.authorized_keys)
        self.authorized = asyncssh.import_authorized_keys(keys) if keys else None

    # --- what is asked from outside -------------------------------------------------------------

    def endpoints(self) -> dict[str, tuple[str, int]]:
        """Returns address and port of each router."""
        return {name: (endpoint.address, self.port) for name, endpoint in self.by_router.items()}

    def known_hosts(self) -> str:
        """Returns what belongs in a ``known_hosts`` file for this lab."""
        rows = []
        for endpoint in self.by_router.values():
            wrong = self._host_key_fault(endpoint) == "known"
            shown = asyncssh.generate_private_key("ssh-ed25519") if wrong else endpoint.key
            key = shown.export_public_key("openssh").decode().split()
            rows.append(f"[{endpoint.address}]:{self.port} {key[0]} {key[1]}\n")
        return "".join(rows)

    def _host_key_fault(self, endpoint: Endpoint) -> str | None:
        """Returns ``known`` or ``reload`` where the router's key is not what is known (F32)."""
        udi = (endpoint.router.pid, endpoint.router.serial)
        params = self.lab.network.faults.params(udi, "F32")
        return None if params is None else str(params.get("variant", "known"))

    async def close(self) -> None:
        """Ends every connection and listener."""
        if self._ticker:
            self._ticker.cancel()
        for task in [*self._tasks, *([self._ticker] if self._ticker else [])]:
            task.cancel()
        for endpoint in self.by_router.values():
            self._shut(endpoint)
        await asyncio.sleep(0)

    # --- opening --------------------------------------------------------------------------------

    async def open(self, block: str | None) -> None:
        """Listens for every router, on a block of addresses that is free."""
        for attempt in range(20):
            prefix = block or f"127.{64 + secrets.randbelow(128)}.{secrets.randbelow(240)}"
            self.by_router = {
                name: Endpoint(
                    router, _address(prefix, i), asyncssh.generate_private_key("ssh-ed25519")
                )
                for i, (name, router) in enumerate(self.lab.routers.items())
            }
            self.port = 0
            try:
                for endpoint in self.by_router.values():
                    await self._listen(endpoint)
            except OSError:
                for endpoint in self.by_router.values():
                    self._shut(endpoint)
                if attempt == 19 or block:
                    raise
                continue
            break
        self._ticker = asyncio.create_task(self._tick())

    async def _listen(self, endpoint: Endpoint) -> None:
        endpoint.answers_by = endpoint.router.ssh_key()
        endpoint.acceptor = await asyncssh.listen(
            endpoint.address,
            self.port,
            server_factory=lambda: Login(self, endpoint),
            server_host_keys=[endpoint.key],
            backlog=BACKLOG,
            line_editor=False,
            encoding=None,
            compression_algs=None,
            gss_host=None,
            allow_scp=False,
            login_timeout=LOGIN_TIMEOUT_S,
            server_version="Cisco-1.25",
        )
        self.port = self.port or endpoint.acceptor.get_port()

    def _shut(self, endpoint: Endpoint) -> None:
        if endpoint.acceptor is not None:
            endpoint.acceptor.close()
            endpoint.acceptor = None
        for connection in list(endpoint.connections):
            connection.abort()
        endpoint.connections.clear()

    # --- time -----------------------------------------------------------------------------------

    def after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        """Has ``act`` called in so many lab seconds."""
        real = getattr(self.lab.clock, "real_seconds", None)
        delay = real(seconds) if real else 0.0
        return asyncio.get_running_loop().call_later(delay, act)

    def touched(self, endpoint: Endpoint) -> None:
        """Looks at a router after something was done to it, and at what is due next."""
        self._follow(endpoint)
        self._kick.set()

    def _follow(self, endpoint: Endpoint) -> None:
        """Has the listener do as the router does: shut while it is down, open when it is up."""
        for follower in self.followers:
            follower(endpoint)
        for line in list(endpoint.lines):
            with crashing(endpoint):
                line.look()
        if endpoint.router.is_up():
            self._answer(endpoint)
        elif endpoint.acceptor is not None or endpoint.connections:
            self._shut(endpoint)

    def _answer(self, endpoint: Endpoint) -> None:
        """Listens by the router's own key pair; sessions outlive a change of it."""
        pair = endpoint.router.ssh_key()
        if endpoint.acceptor is not None and (pair is None or pair != endpoint.answers_by):
            endpoint.acceptor.close()
            endpoint.acceptor = None
        if pair is None:
            return
        if pair != endpoint.answers_by:
            endpoint.key = asyncssh.generate_private_key("ssh-ed25519")
            endpoint.answers_by = pair
        if endpoint.acceptor is None and not endpoint.busy:
            endpoint.busy = True
            task = asyncio.create_task(self._reopen(endpoint))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _reopen(self, endpoint: Endpoint) -> None:
        if self._host_key_fault(endpoint) == "reload":
            endpoint.key = asyncssh.generate_private_key("ssh-ed25519")
        try:
            await self._listen(endpoint)
        except OSError as error:
            LOG.error("%s cannot listen again: %s", endpoint.router.spec.name, error)
        finally:
            endpoint.busy = False

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
            for endpoint in self.by_router.values():
                self._follow(endpoint)

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
