"""Sessions over nornir-scrapli: ``slpssh2`` (SSH), ``slpfake`` (in process) or OpenSSH."""

from __future__ import annotations

import logging
import select
import signal
from contextlib import suppress
from functools import partial
from typing import Any

from nornir.core.configuration import Config
from nornir.core.inventory import Host
from nornir.core.plugins.connections import ConnectionPluginRegister

from slp_core.child_environment import child_environment
from slp_core.errors import DeadlineExceeded
from slp_tasks.connection.errors import ours
from slp_tasks.connection.logins import login_slot_of
from slp_tasks.connection.openssh import OpenSsh, log_in, openssh
from slp_tasks.connection.prompts import plain
from slp_tasks.known_keys import host_keys_of
from slp_tasks.settings import HostSettings

CONNECTION = "scrapli"
SYSTEM, OURS = "system", "slpsystem"
"""OpenSSH by scrapli: for tasks of others, and for ours with a reduced environment."""
TRANSPORTS = {"ssh": "slpssh2", "fake": "slpfake", "system": SYSTEM}


def extras_for(settings: HostSettings) -> dict[str, Any]:
    """Returns scrapli's arguments for a host."""
    transport = TRANSPORTS[settings.transport]
    options: dict[str, Any] = {"connect_timeout": settings.connect_timeout}
    if transport == "slpssh2":
        options["gate"] = partial(login_slot_of, settings)
    if transport == "slpfake":
        options |= settings.fake_options()
    extras: dict[str, Any] = {
        "transport": transport,
        "transport_options": options if transport != SYSTEM else {},
        "timeout_ops": 0,  # else scrapli starts a thread for each operation and may wedge
        "timeout_socket": settings.connect_timeout,
        "auth_strict_key": transport != "slpfake",
    }
    if settings.known_hosts:
        extras["ssh_known_hosts_file"] = host_keys_of(settings)
    return extras


class _CountOnly(logging.Filter):
    """Logs how much a router said, not what: configurations hold secrets nobody has named (F31)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg == "read: %r" and isinstance(record.args, tuple) and record.args:
            record.msg, record.args = "read: %d bytes", (len(str(record.args[0])),)
        return True


logging.getLogger("scrapli.channel").addFilter(_CountOnly())


class ScrapliStream:
    """What a ``Terminal`` reads and writes, over scrapli's channel."""

    def __init__(self, plugin: Any, where: str) -> None:
        self._plugin = plugin
        self.where = where
        self.driver: Any = plugin.connection

    @property
    def transport(self) -> Any:
        """scrapli's transport: ``slpfake`` also copies files."""
        return self.driver.transport

    def write(self, text: str, *, hidden: bool = False) -> None:
        try:
            self.driver.channel.write(text, redacted=hidden)
        except Exception as error:
            raise ours(error, self.where) from error

    def read(self, timeout: float) -> str:
        self._allow(timeout)
        try:
            data: bytes = self.transport.read()  # the channel's own way is quadratic in escapes
        except Exception as error:
            raise ours(error, self.where) from error
        return plain(data)

    def _allow(self, timeout: float) -> None:
        """Gives the next read its deadline, in the way of the transport in use."""
        allow = getattr(self.transport, "allow", None)
        if allow is not None:
            allow(timeout)
            return
        process = getattr(self.transport, "session", None)  # OpenSSH in a pseudo-terminal
        if process is not None and not select.select([process.fd], [], [], timeout)[0]:
            raise DeadlineExceeded("the router did not finish in time", where=self.where)

    def abandon(self) -> None:
        """Ends an OpenSSH that still asks: to close its terminal would be an empty answer (F28)."""
        process = getattr(self.transport, "session", None)
        if process is not None:
            with suppress(OSError):  # gone by itself meanwhile
                process.kill(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        try:
            self._plugin.close()
        except Exception:  # noqa: BLE001 - it is gone either way
            self.transport.close()


def connect(
    host: Host, where: str, *, password: str, settings: HostSettings, config: Config | None = None
) -> ScrapliStream:
    """Opens a connection to the host by nornir-scrapli's plugin and returns it as a stream.

    It is the stream's alone: Nornir's list of the host's connections does not keep it.

    Raises:
        ConnectFailed, AuthFailed, HostKeyRejected, InventoryError: nothing is left open.
    """
    if CONNECTION not in ConnectionPluginRegister.available:
        ConnectionPluginRegister.auto_register()
    parameters = Host.get_connection_parameters(host, CONNECTION)
    extras = {
        **extras_for(settings),
        **(parameters.extras or {}),
        "on_open": _idle,
        "on_close": _idle,
    }
    ssh = openssh(extras) if extras["transport"] == SYSTEM else None
    if ssh is not None:
        options = extras["transport_options"]
        own = options.get("open_cmd") or ()
        extras["transport"] = OURS
        extras["transport_options"] = options | {
            "open_cmd": [*ssh.options, *own],
            "environment": child_environment(),
        }
        extras["auth_bypass"] = True  # we answer the prompts ourselves: once
    kept = host.connections.pop(CONNECTION, None)  # a playbook's own, opened by other tasks
    try:
        host.open_connection(
            CONNECTION,
            config or Config(),
            hostname=parameters.hostname,
            username=parameters.username,
            port=parameters.port,
            password=password,
            default_to_host_attributes=False,
            platform="cisco_iosxe",
            extras=extras,
        )
        stream = ScrapliStream(host.connections.pop(CONNECTION), where)
        if ssh is not None:
            _log_in(stream, ssh, password, settings)
    except Exception as error:
        raise ours(error, where, opening=True) from error
    finally:
        if kept is not None:
            host.connections[CONNECTION] = kept
    return stream


def _log_in(stream: ScrapliStream, ssh: OpenSsh, password: str, settings: HostSettings) -> None:
    limit = settings.connect_timeout
    try:
        with login_slot_of(settings):
            log_in(stream, password, ssh.marker, stream.where, timeout=limit)
    except BaseException:
        stream.abandon()
        raise


def _idle(driver: Any) -> None:
    """Stands in for scrapli's own preparation: ``Terminal.settle`` does that."""
