"""netmiko's IOS driver with our way of logging in beneath: importing this registers it.

The host key is judged by the same ``known_hosts`` rules as with the first driver, before any
password leaves (F32), and a password is offered once, by one method that the router takes (F28).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import paramiko
from netmiko.cisco import CiscoIosSSH
from paramiko.auth_handler import AuthOnlyHandler
from paramiko.auth_strategy import AuthSource, AuthStrategy, SourceResult
from paramiko.common import cMSG_SERVICE_REQUEST, cMSG_USERAUTH_REQUEST
from paramiko.transport import ServiceRequestingTransport

from scrapli_slpssh2.known_hosts import DEFAULT_FILE, HostKey, entries_for, read_entries, refusal

DEVICE_TYPE = "slpssh"
_POLL_S = 0.01
_RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
_KEYS = ("pkey", "key_filename", "look_for_keys", "allow_agent")


class HostKeyRefused(paramiko.SSHException):
    """The host key is not the expected one; no password was sent."""


class RouterSsh(CiscoIosSSH):
    """netmiko's driver of IOS; only the connection is used."""

    def _get_ssh_client_instance(self) -> paramiko.SSHClient:
        return _Client(str(self.alt_key_file or ""))


class _Client(paramiko.SSHClient):
    """A client that judges every host key by ``known_hosts``, and offers one password once."""

    def __init__(self, known_hosts: str) -> None:
        super().__init__()
        self._file = known_hosts or DEFAULT_FILE

    def set_missing_host_key_policy(self, policy: Any) -> None:
        """Takes no other policy than ours."""
        del policy

    def connect(self, hostname: str, port: int = 22, **how: Any) -> None:  # type: ignore[override]  # paramiko's list of keyword arguments, passed on
        """Connects; a login by key stays paramiko's own."""
        entries = read_entries(Path(self._file))
        super().set_missing_host_key_policy(_Judge(entries, self._file, hostname, port))
        types = [t for e in entries_for(entries, hostname, port) for t in _algorithms(e.key_type)]
        how["transport_factory"] = partial(_transport, types)
        username, password = str(how.get("username") or ""), str(how.get("password") or "")
        if not any(how.get(k) for k in _KEYS):
            how["auth_strategy"] = _Once(username, password)
        super().connect(hostname, port, **how)


def _algorithms(key_type: str) -> tuple[str, ...]:
    """Returns how a type of key is asked for in the key exchange."""
    return _RSA if key_type == "ssh-rsa" else (key_type,)


class _Handler(AuthOnlyHandler):
    """Listens for the answer before it asks: paramiko's own may miss one that comes at once."""

    def send_auth_request(self, username: str, method: str, finish_message: Any = None) -> Any:
        here: Any = self
        here.auth_method, here.username = method, username
        here.auth_event = event = threading.Event()
        request = paramiko.Message()
        request.add_byte(cMSG_USERAUTH_REQUEST)
        for text in (username, "ssh-connection", method):
            request.add_string(text)
        if finish_message is not None:
            finish_message(request)
        with here.transport.lock:
            here.transport._send_message(request)
        return here.wait_for_response(event)


class _Transport(ServiceRequestingTransport):
    """Asks for the login service once (a second request ends the connection), not for ever."""

    def get_auth_handler(self) -> AuthOnlyHandler:
        return _Handler(self)

    def ensure_session(self) -> None:
        here: Any = self  # what paramiko's type stubs do not list
        if here._service_userauth_accepted:
            return
        request = paramiko.Message()
        request.add_byte(cMSG_SERVICE_REQUEST)
        request.add_string("ssh-userauth")
        here._send_message(request)
        deadline = time.monotonic() + here.auth_timeout
        while not here._service_userauth_accepted:
            if not self.is_active():
                raise paramiko.SSHException("the router closed the connection before the login")
            if time.monotonic() > deadline:
                raise paramiko.SSHException("the login timed out: the router does not answer")
            time.sleep(_POLL_S)
        here.auth_handler = self.get_auth_handler()


def _transport(types: list[str], sock: Any, **how: Any) -> paramiko.Transport:
    """Returns a transport that asks for types of keys in ``known_hosts`` first."""
    transport = _Transport(sock, **how)
    options = transport.get_security_options()
    offered = list(options.key_types)
    first = [t for t in dict.fromkeys(types) if t in offered]
    options.key_types = [*first, *(t for t in offered if t not in first)]
    return transport


class _Judge(paramiko.MissingHostKeyPolicy):
    """Accepts what ``known_hosts`` has, by name with the port or without, and nothing else."""

    def __init__(self, entries: tuple[HostKey, ...], file: str, hostname: str, port: int) -> None:
        self._entries, self._file, self._at = entries, file, (hostname, port)

    def missing_host_key(self, client: Any, hostname: str, key: paramiko.PKey) -> None:
        del client, hostname
        refused = refusal(self._entries, *self._at, key.asbytes(), self._file)
        if refused is not None:
            raise HostKeyRefused(refused)


class _Password(AuthSource):
    """A password, offered by the one method that the server takes."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__(username)
        self._password = password
        self._asked = False

    def authenticate(self, transport: paramiko.Transport) -> list[str]:
        try:
            return transport.auth_none(self.username)
        except paramiko.BadAuthenticationType as error:
            methods = error.allowed_types
        if "password" in methods:
            return transport.auth_password(self.username, self._password, fallback=False)
        if "keyboard-interactive" in methods:
            return transport.auth_interactive(self.username, self._answers)
        raise paramiko.AuthenticationException("the router takes no password")

    def _answers(self, title: str, instructions: str, prompts: list[Any]) -> list[str]:
        del title, instructions
        if not prompts:
            return []
        if self._asked:
            raise paramiko.AuthenticationException("the password is asked for again")
        self._asked = True
        return [self._password for _ in prompts]


class _Once(AuthStrategy):
    """One try; what it raises comes out as it is."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__(paramiko.SSHConfig())
        self._source = _Password(username, password)

    def get_sources(self) -> Iterator[AuthSource]:
        yield self._source

    def authenticate(self, transport: paramiko.Transport) -> list[SourceResult]:
        return [SourceResult(self._source, self._source.authenticate(transport))]


def register() -> None:
    """Makes ``device_type="slpssh"`` known to netmiko's ``ConnectHandler``."""
    dispatcher: Any = import_module("netmiko.ssh_dispatcher")
    dispatcher.CLASS_MAPPER[DEVICE_TYPE] = RouterSsh
    if DEVICE_TYPE not in dispatcher.platforms:
        dispatcher.platforms.append(DEVICE_TYPE)


register()
