"""A simulated router in this process as a netmiko device: ``device_type="slpfake"``.

Importing this registers the type. ``fake`` (``scenario``, ``router``, ``clock``) says which router,
as the options of the scrapli transport do; everything above the channel is netmiko's own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from netmiko.channel import SSHChannel
from netmiko.cisco import CiscoIosSSH
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoTimeoutException

from scrapli_slpfake.transport import find_router
from slp_sim import inproc

DEVICE_TYPE = "slpfake"
_LOOK_S = 0.01


class LineChannel:
    """A VTY line as a paramiko channel: what netmiko and ``slp_tasks`` use of one."""

    def __init__(self, line: inproc.Line) -> None:
        self._line = line
        self._timeout: float | None = None
        self._read = b""
        self.closed = False

    def settimeout(self, timeout: float | None) -> None:
        """Sets how many machine seconds a ``recv`` waits."""
        self._timeout = timeout

    def sendall(self, data: bytes | str) -> None:
        """Types ``data``; a lost line raises ``LineLost``, a ``ConnectionError``."""
        self._line.write(data.encode() if isinstance(data, str) else data)

    def recv_ready(self) -> bool:
        """Tells whether there is something to read, after a short look."""
        if not self._read:
            try:
                self._read = self._line.read(_LOOK_S)
            except TimeoutError:
                return False
            except inproc.LineLost:
                return True  # as paramiko: `recv` then returns nothing
        return True

    def recv(self, size: int) -> bytes:
        """Returns what was printed; nothing at all where the router closed the line.

        Raises:
            TimeoutError: nothing came in time.
        """
        if not self._read:
            try:
                self._read = self._line.read(3600.0 if self._timeout is None else self._timeout)
            except inproc.LineLost:
                return b""
        data, self._read = self._read[:size], self._read[size:]
        return data

    def close(self) -> None:
        """Hangs up."""
        self.closed = True
        self._line.close()


class SlpfakeIosSSH(CiscoIosSSH):
    """netmiko's driver of IOS with a simulated router at the other end."""

    def __init__(self, *args: Any, fake: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self._fake = dict(fake or {})
        self.remote_conn_pre = None  # there is no SSH client beneath
        super().__init__(*args, **kwargs)

    def establish_connection(self, width: int = 511, height: int = 1000) -> None:
        """Connects and logs in, as SSH would."""
        del width, height
        lab, router = find_router(self._fake, self.host)
        try:
            line = inproc.Line(lab, router, self.username, self.password or "")
        except ConnectionRefusedError as error:
            raise NetmikoTimeoutException(str(error)) from error
        except inproc.LoginRefused as error:
            raise NetmikoAuthenticationException(str(error)) from error
        channel: Any = LineChannel(line)  # netmiko names paramiko's class where this will do
        self.remote_conn = channel
        self.channel = SSHChannel(conn=channel, encoding=self.encoding)


def register() -> None:
    """Makes ``device_type="slpfake"`` known to netmiko's ``ConnectHandler``."""
    dispatcher: Any = import_module("netmiko.ssh_dispatcher")
    dispatcher.CLASS_MAPPER[DEVICE_TYPE] = SlpfakeIosSSH
    if DEVICE_TYPE not in dispatcher.platforms:
        dispatcher.platforms.append(DEVICE_TYPE)


register()
