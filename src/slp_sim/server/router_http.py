"""The routers' own web servers: each on its router's address, open while it is configured."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from slp_sim.router.router import Router
from slp_sim.server.certificate import CERTIFICATE_FILE, write_certificate
from slp_sim.server.endpoint import Endpoint
from slp_sim.server.ssh import LabServer
from slp_sim.services.smartlic import listens, smartlic_app

LOG = logging.getLogger("slp_sim.server")


class RouterHttp:
    """Listens for those routers of a lab whose configuration asks for it.

    ``ip http server`` opens a router's plain port, ``ip http secure-server`` its port with TLS;
    each is the same for all routers.

    Args:
        server: the lab's server; it tells whenever a router may have changed.
        folder: where the certificate goes that clients can check the TLS port by.
    """

    def __init__(self, server: LabServer, folder: Path) -> None:
        self._server = server
        routers: dict[str, Router] = {d.address: d.router for d in server.by_router.values()}
        config = uvicorn.Config(
            smartlic_app(routers.get), log_config=None, access_log=False, lifespan="off"
        )
        config.load()
        context = write_certificate(folder, routers)
        port = _free_port(next(iter(routers)))
        self._plain = _Port(config, port)
        self._secure = _Port(config, _free_port(next(iter(routers)), other_than=port), context)
        self._certificate = folder / CERTIFICATE_FILE
        server.followers.append(self.follow)
        for endpoint in server.by_router.values():
            self.follow(endpoint)

    def facts(self) -> dict[str, int | str]:
        """Returns what ``lab.json`` says of it."""
        return {
            "routers_http_port": self._plain.number,
            "routers_https_port": self._secure.number,
            "routers_certificate": str(self._certificate.resolve()),
        }

    def follow(self, endpoint: Endpoint) -> None:
        """Opens or shuts a router's listeners, as the router has them now."""
        for port in (self._plain, self._secure):
            port.follow(endpoint)

    async def close(self) -> None:
        """Ends every listener and connection."""
        self._server.followers.remove(self.follow)
        for port in (self._plain, self._secure):
            await port.close()


class _Port:
    """One port of all routers, with or without TLS."""

    def __init__(
        self, config: uvicorn.Config, number: int, context: ssl.SSLContext | None = None
    ) -> None:
        self.number = number
        self._config = config
        self._context = context
        self._state = ServerState()
        self._listeners: dict[str, asyncio.Server | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, endpoint: Endpoint) -> None:
        wanted = listens(endpoint.router, secure=self._context is not None)
        known = endpoint.address in self._listeners
        if wanted and not known:
            self._listeners[endpoint.address] = None
            task = asyncio.get_running_loop().create_task(self._open(endpoint))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif not wanted and known and self._listeners[endpoint.address] is not None:
            self._shut(endpoint.address)

    async def _open(self, endpoint: Endpoint) -> None:
        loop = asyncio.get_running_loop()
        try:
            listener = await loop.create_server(
                lambda: H11Protocol(self._config, self._state, {}),
                endpoint.address,
                self.number,
                ssl=self._context,
            )
        except OSError as error:
            LOG.error("%s cannot listen for HTTP: %s", endpoint.router.spec.name, error)
            del self._listeners[endpoint.address]
            return
        self._listeners[endpoint.address] = listener
        self.follow(endpoint)  # it may have changed its mind meanwhile

    def _shut(self, address: str) -> None:
        listener = self._listeners.pop(address)
        if listener is not None:
            listener.close()
        for connection in list(self._state.connections):
            if isinstance(connection, H11Protocol) and (connection.server or ("",))[0] == address:
                connection.transport.abort()

    async def close(self) -> None:
        for task in list(self._tasks):
            await task
        for address in list(self._listeners):
            self._shut(address)


def _free_port(address: str, other_than: int = 0) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
            number = int(probe.getsockname()[1])
        if number != other_than:
            return number
