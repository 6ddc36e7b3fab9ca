"""From a Nornir host to a session: which driver, which transport, which secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir.core.configuration import Config
from nornir.core.inventory import ConnectionOptions, Host

from slp_core.errors import InputError, InventoryError
from slp_core.secrets import REDACTOR, SecretStore, guard_loggers, is_reference
from slp_tasks.connection import by_scrapli, scp
from slp_tasks.connection.address import refuse_address
from slp_tasks.connection.errors import ours
from slp_tasks.connection.router_session import RouterSession
from slp_tasks.connection.terminal import Terminal
from slp_tasks.host_data import host_settings, secret_store
from slp_tasks.known_keys import host_keys_of

if TYPE_CHECKING:
    from slp_exchange.router_rest import RestLogin
    from slp_tasks.connection.by_netmiko import NetmikoStream

_SETTLE_S = 30.0


def open_session(
    host: Host, *, secrets: SecretStore | None = None, config: Config | None = None
) -> RouterSession:
    """Returns the session of ``host``; it connects when it is first used.

    Passwords are resolved then, not before.
    """
    guard_loggers()
    return RouterSession(HostReach(host, secrets or secret_store(host), config))


KEPT = "slp_session"


def kept_session(
    host: Host, *, secrets: SecretStore | None = None, config: Config | None = None
) -> RouterSession:
    """Returns the session that the host's last phase left open, or a new one that is kept.

    Nornir's ``host.close_connections()`` closes it, like any connection of the host.
    """
    kept: Any = host.connections.get(KEPT)
    if kept is None:
        kept = open_session(host, secrets=secrets, config=config)
        host.connections[KEPT] = kept
    session: RouterSession = kept
    return session


class HostReach:
    """How one host of the inventory is reached."""

    def __init__(self, host: Host, secrets: SecretStore, config: Config | None = None) -> None:
        self._host = host
        self._secrets = secrets
        self._config = config
        self._settings = host_settings(host)
        self._driver = self._settings.driver
        self._transport = self._settings.transport
        self._stream: by_scrapli.ScrapliStream | NetmikoStream | None = None
        self._check()

    def _check(self) -> None:
        known = {"scrapli": tuple(by_scrapli.TRANSPORTS), "netmiko": ("ssh", "fake")}
        if self._transport not in known.get(self._driver, ()):
            raise InventoryError(
                f"driver {self._driver!r} with transport {self._transport!r} is unknown",
                where=self._host.name,
                remedy="use scrapli with ssh, system or fake, or netmiko with ssh or fake",
            )
        parameters = self._parameters()
        named = None if self._transport == "fake" else self._host.name
        refuse_address(
            self._host.name,
            hostname=parameters.hostname or named,
            port=parameters.port,
            username=parameters.username,
        )

    def open(self) -> Terminal:
        self._stream = stream = self._connect()
        terminal = Terminal(stream, self._host.name)
        try:
            terminal.settle(enable=self._enable, timeout=self._settle_timeout())
        except BaseException:
            terminal.close()
            raise
        return terminal

    def _connect(self) -> by_scrapli.ScrapliStream | NetmikoStream:
        name, password = self._host.name, self._password()
        if self._driver == "netmiko":
            from slp_tasks.connection import by_netmiko  # slow to import, and seldom asked for

            return by_netmiko.connect(
                self._host, name, password=password, settings=self._settings, config=self._config
            )
        return by_scrapli.connect(
            self._host, name, password=password, settings=self._settings, config=self._config
        )

    def _settle_timeout(self) -> float:
        return max(_SETTLE_S, self._settings.the_clock().patience(_SETTLE_S))

    def _password(self) -> str:
        return self._resolve(self._parameters().password)

    def _parameters(self) -> ConnectionOptions:
        """Returns what the inventory says, the password still a reference."""
        return Host.get_connection_parameters(self._host, self._driver)

    def _resolve(self, value: str | None) -> str:
        if not value:
            return ""
        if not is_reference(value):  # a playbook's own vault may have put the value there
            REDACTOR.add(value)
            return value
        return self._secrets.resolve(value)

    def _enable(self) -> str | None:
        reference = self._settings.enable
        return self._resolve(reference) if reference else None

    def put(self, local: Path, remote: str, *, timeout: float) -> None:
        if not local.is_file():
            raise InputError("there is no such file", where=str(local), remedy="check the path")
        self._copy(
            lambda t: t.put(local, remote), lambda x: scp.put(x, local, remote, timeout=timeout)
        )

    def get(self, remote: str, local: Path, *, timeout: float) -> None:
        self._copy(
            lambda t: t.get(remote, local), lambda x: scp.get(x, remote, local, timeout=timeout)
        )

    def _copy(
        self, in_process: Callable[[Any], None], by_scp: Callable[[scp.ScpLogin], None]
    ) -> None:
        """Copies through the simulated router's own memory, or by SCP."""
        if self._transport != "fake":
            by_scp(self._login())
            return
        stream = by_scrapli.connect(
            self._host, self._host.name, password=self._password(), settings=self._settings
        )
        try:
            in_process(stream.transport)
        except Exception as error:
            raise ours(error, self._host.name) from error
        finally:
            stream.close()

    def _login(self) -> scp.ScpLogin:
        parameters = self._parameters()
        return scp.ScpLogin(
            host=parameters.hostname or self._host.name,
            port=parameters.port or 22,
            username=parameters.username or "",
            password=self._password(),
            known_hosts=host_keys_of(self._settings) or None,
            where=self._host.name,
            connect_timeout=self._settings.connect_timeout,
        )

    @property
    def prefers_rest(self) -> bool:
        return self._settings.rest is not None and self._settings.rest.prefer

    def rest(self) -> RestLogin:
        """Returns how the router's REST interface is reached: the host's own login unless said."""
        from slp_exchange.router_rest import RestLogin  # httpx is seldom needed here

        rest = self._settings.rest
        if rest is None:
            raise InventoryError(
                "the inventory does not say how the router's REST interface is reached",
                where=self._host.name,
                remedy="give data.slp.rest, such as {port: 443}; see docs/tasks.md",
            )
        parameters = self._parameters()
        port = rest.port or {"https": 443, "http": 80}[rest.scheme]
        host = parameters.hostname or self._host.name
        return RestLogin(
            url=f"{rest.scheme}://{f'[{host}]' if ':' in host else host}:{port}",
            username=rest.username or parameters.username or "",
            password=self._resolve(rest.password) if rest.password else self._password(),
            where=self._host.name,
            verify=rest.verify,
            ca=rest.ca,
            timeout=rest.timeout,
        )

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()
