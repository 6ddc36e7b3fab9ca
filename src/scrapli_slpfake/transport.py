"""A simulated router in this process as a scrapli transport.

Options (``transport_options``): ``scenario`` (file, or the name of a lab that was started here),
``router`` (its name there; by default the host), ``clock`` (of the inventory, for a lab that has
to be made), ``op_timeout`` (30: machine seconds for each read).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapli.exceptions import (
    ScrapliAuthenticationFailed,
    ScrapliConnectionError,
    ScrapliConnectionNotOpened,
    ScrapliException,
    ScrapliTimeout,
    ScrapliValueError,
)
from scrapli.transport.base import BasePluginTransportArgs, BaseTransportArgs, Transport

from slp_sim import inproc
from slp_sim.lab import Lab
from slp_sim.router.render.config import contents
from slp_sim.router.router import Router
from slp_sim.scenario import ScenarioError


class FileRefused(ScrapliException):
    """A file could not be copied to or from the simulated router."""


def find_router(options: Mapping[str, Any], host: str) -> tuple[Lab, Router]:
    """Returns the router that ``scenario`` and ``router`` (by default ``host``) name, and its lab.

    Raises:
        ScrapliValueError: there is no such lab, scenario or router.
    """
    name = str(options.get("router") or host)
    try:
        lab = inproc.find(str(options.get("scenario") or ""), clock=options.get("clock"))
    except ScenarioError as error:
        raise ScrapliValueError(str(error)) from error
    if name not in lab.routers:
        raise ScrapliValueError(f"the lab {lab.scenario.name} has no router {name}")
    return lab, lab.routers[name]


@dataclass()
class PluginTransportArgs(BasePluginTransportArgs):
    """What scrapli hands over from its driver."""

    auth_username: str
    auth_password: str = ""
    auth_private_key: str = ""
    auth_private_key_passphrase: str = ""
    auth_strict_key: bool = True
    ssh_config_file: str = ""
    ssh_known_hosts_file: str = ""


class SlpfakeTransport(Transport):
    """One session on a simulated router; used by one thread at a time."""

    def __init__(
        self, base_transport_args: BaseTransportArgs, plugin_transport_args: PluginTransportArgs
    ) -> None:
        super().__init__(base_transport_args=base_transport_args)
        self.plugin_transport_args = plugin_transport_args
        self.op_timeout = float(base_transport_args.transport_options.get("op_timeout", 30))
        self._deadline = 0.0
        self._line: inproc.Line | None = None

    def _find(self) -> tuple[Lab, Router]:
        args = self._base_transport_args
        return find_router(args.transport_options, args.host)

    def open(self) -> None:
        """Connects and logs in, as SSH would."""
        self._pre_open_closing_log(closing=False)
        lab, router = self._find()
        args = self.plugin_transport_args
        try:
            self._line = inproc.Line(lab, router, args.auth_username, args.auth_password)
        except ConnectionRefusedError as error:
            raise ScrapliConnectionNotOpened(str(error)) from error
        except inproc.LoginRefused as error:
            raise ScrapliAuthenticationFailed(str(error)) from error
        self.allow(self.op_timeout)
        self._post_open_closing_log(closing=False)

    def close(self) -> None:
        """Hangs up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def isalive(self) -> bool:
        """Tells whether the router still holds the session."""
        return self._line is not None and self._line.alive

    def allow(self, seconds: float) -> None:
        """Sets the deadline of the operation in hand: ``seconds`` from now."""
        self.op_timeout = seconds
        self._deadline = time.monotonic() + seconds

    def read(self) -> bytes:
        """Returns what the router has printed; waits until the deadline."""
        if self._line is None:
            raise ScrapliConnectionNotOpened
        try:
            return self._line.read(max(self._deadline - time.monotonic(), 0.0))
        except inproc.LineLost as error:
            self.close()
            raise ScrapliConnectionError(str(error)) from error
        except TimeoutError as error:
            self.close()
            raise ScrapliTimeout(str(error)) from error

    def write(self, channel_input: bytes) -> None:
        """Types; the deadline starts anew."""
        if self._line is None:
            raise ScrapliConnectionNotOpened
        self._deadline = time.monotonic() + self.op_timeout
        try:
            self._line.write(channel_input)
        except inproc.LineLost as error:
            self.close()
            raise ScrapliConnectionError(str(error)) from error

    # --- files, which SSH carries by SCP --------------------------------------------------------

    def put(self, local: Path, remote: str) -> None:
        """Copies a file to the router's flash."""
        _, router = self._find()
        try:
            router.write_file(remote, local.read_bytes())
        except OSError as error:
            raise FileRefused(f"{remote}: {error.strerror or error}") from error

    def get(self, remote: str, local: Path) -> None:
        """Copies a file off the router's flash; only its owner can read the copy."""
        _, router = self._find()
        data = contents(router, remote)
        if data is None:
            raise FileRefused(f"{remote}: No such file or directory")
        local.touch(mode=0o600)
        local.write_bytes(data)
