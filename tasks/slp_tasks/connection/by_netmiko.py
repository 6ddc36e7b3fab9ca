"""Sessions over nornir-netmiko and paramiko: the second driver, for a second opinion.

Only the connection is netmiko's. What is said over it goes through the same ``Terminal``, so that
prompts, deadlines and questions are met as with the first driver, and a lost session is seen at
once instead of after netmiko's read timeout.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nornir.core.configuration import Config
from nornir.core.inventory import Host
from nornir.core.plugins.connections import ConnectionPluginRegister

from slp_core.errors import DeadlineExceeded, SessionLost
from slp_tasks.connection.errors import ours
from slp_tasks.connection.logins import login_slot_of
from slp_tasks.connection.prompts import plain
from slp_tasks.known_keys import host_keys_of
from slp_tasks.settings import HostSettings

CONNECTION = "netmiko"
TRANSPORTS = {"ssh": "slpssh", "fake": "slpfake"}
"""Transports of ours as device types of netmiko, and where each registers itself."""
_REGISTERS = {"ssh": "slp_tasks.connection.netmiko_ssh", "fake": "scrapli_slpfake.netmiko_driver"}


def extras_for(settings: HostSettings) -> dict[str, Any]:
    """Returns netmiko's arguments for a host."""
    limit = settings.connect_timeout
    if settings.is_fake:
        return {"auto_connect": False, "fake": settings.fake_options()}
    return {
        "auto_connect": False,  # else netmiko prepares the session in its own way
        "ssh_strict": True,
        "alt_key_file": host_keys_of(settings),
        "conn_timeout": limit,
        "banner_timeout": limit,
        "auth_timeout": limit,
    }


class NetmikoStream:
    """What a ``Terminal`` reads and writes, over paramiko's channel."""

    transport: Any = None
    """No transport of ours: files go by SCP."""

    def __init__(self, driver: Any, where: str) -> None:
        self._driver = driver
        self._where = where

    def write(self, text: str, *, hidden: bool = False) -> None:
        del hidden  # nothing is logged here
        try:
            self._driver.remote_conn.sendall(text.encode())
        except Exception as error:
            raise ours(error, self._where) from error

    def read(self, timeout: float) -> str:
        channel = self._driver.remote_conn
        try:
            channel.settimeout(timeout)
            data: bytes = channel.recv(65535)
        except TimeoutError as error:
            raise DeadlineExceeded(
                "the router did not finish in time", where=self._where
            ) from error
        except Exception as error:
            raise ours(error, self._where) from error
        if not data:
            raise SessionLost("the router closed the connection", where=self._where)
        return plain(data)

    def close(self) -> None:
        self._driver.paramiko_cleanup()


def _platform(settings: HostSettings) -> str:
    import_module(
        _REGISTERS[settings.transport]
    )  # by name: one of them knows the simulator, we do not
    return TRANSPORTS[settings.transport]


def connect(
    host: Host, where: str, *, password: str, settings: HostSettings, config: Config | None = None
) -> NetmikoStream:
    """Opens a connection to the host by nornir-netmiko's plugin and returns it as a stream.

    Raises:
        ConnectFailed, AuthFailed, HostKeyRejected, InventoryError: nothing is left open.
    """
    if CONNECTION not in ConnectionPluginRegister.available:
        ConnectionPluginRegister.auto_register()
    parameters = Host.get_connection_parameters(host, CONNECTION)
    kept = host.connections.pop(CONNECTION, None)
    driver: Any = None
    try:
        host.open_connection(
            CONNECTION,
            config or Config(),
            hostname=parameters.hostname,
            username=parameters.username,
            port=parameters.port,
            password=password,
            default_to_host_attributes=False,
            platform=_platform(settings),
            extras={**extras_for(settings), **(parameters.extras or {})},
        )
        plugin: Any = host.connections.pop(CONNECTION)
        driver = plugin.connection
        with login_slot_of(settings):
            driver.establish_connection()
    except Exception as error:
        if driver is not None:
            driver.paramiko_cleanup()
        raise ours(error, where, opening=True) from error
    finally:
        if kept is not None:
            host.connections[CONNECTION] = kept
    return NetmikoStream(driver, where)
