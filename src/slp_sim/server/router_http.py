"""The routers' own web servers: each on its router's address, open while it is configured."""

from __future__ import annotations

import asyncio
import logging
import socket

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from slp_sim.router.router import Router
from slp_sim.server.sessions import Door
from slp_sim.server.ssh import LabServer
from slp_sim.services.smartlic import listens, smartlic_app

LOG = logging.getLogger("slp_sim.server")


class RouterHttp:
    """Listens for those routers of a lab whose configuration asks for it, all on one port.

    Args:
        server: the lab's server; it tells whenever a router may have changed.

    Attributes:
        port: of all routers.
    """

    def __init__(self, server: LabServer) -> None:
        self._server = server
        self._routers: dict[str, Router] = {d.address: d.router for d in server.doors.values()}
        self._listeners: dict[str, asyncio.Server | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._config = uvicorn.Config(
            smartlic_app(self._routers.get), log_config=None, access_log=False, lifespan="off"
        )
        self._config.load()
        self._state = ServerState()
        self.port = _free_port(next(iter(self._routers)))
        server.followers.append(self.follow)
        for door in server.doors.values():
            self.follow(door)

    def follow(self, door: Door) -> None:
        """Opens or shuts a router's listener, as the router has it now."""
        wanted = listens(door.router)
        known = door.address in self._listeners
        if wanted and not known:
            self._listeners[door.address] = None
            task = asyncio.get_running_loop().create_task(self._open(door))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif not wanted and known and self._listeners[door.address] is not None:
            self._shut(door.address)

    async def _open(self, door: Door) -> None:
        loop = asyncio.get_running_loop()
        try:
            listener = await loop.create_server(
                lambda: H11Protocol(self._config, self._state, {}), door.address, self.port
            )
        except OSError as error:
            LOG.error("%s cannot listen for HTTP: %s", door.router.spec.name, error)
            del self._listeners[door.address]
            return
        self._listeners[door.address] = listener
        self.follow(door)  # it may have changed its mind meanwhile

    def _shut(self, address: str) -> None:
        listener = self._listeners.pop(address)
        if listener is not None:
            listener.close()
        for connection in list(self._state.connections):
            if isinstance(connection, H11Protocol) and (connection.server or ("",))[0] == address:
                connection.transport.abort()

    async def close(self) -> None:
        """Ends every listener and connection."""
        self._server.followers.remove(self.follow)
        for task in list(self._tasks):
            await task
        for address in list(self._listeners):
            self._shut(address)


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
