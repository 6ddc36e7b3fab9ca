"""libssh2 under scrapli, as a network of routers needs it.

Every operation has a real deadline (``op_timeout`` machine seconds since the last write, to be
used with ``timeout_ops=0``), so no helper thread ever touches the session; connecting has one
that covers TCP, key exchange and login together. The host key is judged before any password
leaves, also by ``[host]:port`` entries. A password is offered once and by one method.

Options (``transport_options``): ``op_timeout`` (30), ``connect_timeout`` (30), ``gate`` (returns
a context to be held while logging in, so that a fleet does not drown its AAA servers; waiting for
it costs nothing of the deadline).
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapli.exceptions import (
    ScrapliAuthenticationFailed,
    ScrapliConnectionError,
    ScrapliConnectionNotOpened,
    ScrapliTimeout,
)
from scrapli.transport.base import BasePluginTransportArgs, BaseTransportArgs, Transport
from ssh2.exceptions import AuthenticationError, SSH2Error
from ssh2.exceptions import Timeout as LibTimeout
from ssh2.session import LIBSSH2_METHOD_HOSTKEY, Session

from scrapli_slpssh2.known_hosts import (
    DEFAULT_FILE,
    HostKey,
    entries_for,
    read_entries,
    refusal,
)

_WOULD_BLOCK = -37  # LIBSSH2_ERROR_EAGAIN
_TIMED_OUT = (-9, _WOULD_BLOCK)  # LIBSSH2_ERROR_TIMEOUT
_CLOSE_MS = 500
_RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")


class HostKeyRefused(ScrapliAuthenticationFailed):
    """The host key is not the expected one; no password was sent."""


class ConnectTimeout(ScrapliConnectionNotOpened):
    """TCP, key exchange and login together took longer than ``connect_timeout``."""


class _Link(socket.socket):
    """A socket that is closed when nobody holds it any more.

    libssh2's session holds it too. Were the descriptor closed earlier, a session that is freed
    late would write into whatever connection has got the same number by then.
    """

    def __del__(self) -> None:
        self.close()


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


class Slpssh2Transport(Transport):
    """One SSH session with one interactive channel; used by one thread at a time."""

    def __init__(
        self, base_transport_args: BaseTransportArgs, plugin_transport_args: PluginTransportArgs
    ) -> None:
        super().__init__(base_transport_args=base_transport_args)
        self.plugin_transport_args = plugin_transport_args
        options = base_transport_args.transport_options
        self.op_timeout = float(options.get("op_timeout", 30))
        self.connect_timeout = float(options.get("connect_timeout", 30))
        self._gate: Callable[[], AbstractContextManager[object]] = options.get("gate", nullcontext)
        self._deadline = 0.0
        self._socket: _Link | None = None
        self._session: Any = None
        self._channel: Any = None

    # -- opening -----------------------------------------------------------------------------

    def open(self) -> None:
        """Connects, judges the host key, logs in and starts a shell, or leaves nothing open."""
        self._pre_open_closing_log(closing=False)
        self._deadline = time.monotonic() + self.connect_timeout
        try:
            self._connect()
            waited = time.monotonic()
            with self._gate():
                self._deadline += time.monotonic() - waited
                self._handshake()
                self._authenticate()
            self._start_shell()
        except BaseException:
            self.close()
            raise
        self._deadline = time.monotonic() + self.op_timeout
        self._post_open_closing_log(closing=False)

    def _connect(self) -> None:
        args = self._base_transport_args
        limit = min(self._left(), args.timeout_socket or self.connect_timeout)
        try:
            plain = socket.create_connection((args.host, args.port), timeout=limit)
        except TimeoutError as error:
            raise ConnectTimeout(f"no answer from {self._peer} within {limit:.0f} s") from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ScrapliConnectionNotOpened(f"{self._peer}: {reason}") from error
        self._socket = _Link(fileno=plain.detach())
        self._socket.setblocking(False)  # libssh2 waits by itself
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _handshake(self) -> None:
        args = self.plugin_transport_args
        entries = read_entries(Path(args.ssh_known_hosts_file or DEFAULT_FILE))
        self._session = Session()
        self._prefer_known_key_types(entries)
        self._connecting("the key exchange", self._session.handshake, self._socket)
        if args.auth_strict_key:
            self._judge_host_key(entries)

    def _prefer_known_key_types(self, entries: tuple[HostKey, ...]) -> None:
        """Asks for a type of key that ``known_hosts`` has, where the server has several."""
        base = self._base_transport_args
        known: list[str] = []
        for entry in entries_for(entries, base.host, base.port):
            known += _RSA if entry.key_type == "ssh-rsa" else (entry.key_type,)
        offered = list(self._session.supported_algs(LIBSSH2_METHOD_HOSTKEY))
        order = [a for a in dict.fromkeys(known) if a in offered]
        order += [a for a in offered if a not in order]
        with suppress(SSH2Error):
            self._session.method_pref(LIBSSH2_METHOD_HOSTKEY, ",".join(order))

    def _judge_host_key(self, entries: tuple[HostKey, ...]) -> None:
        base = self._base_transport_args
        key = bytes(self._session.hostkey()[0])
        file = self.plugin_transport_args.ssh_known_hosts_file or DEFAULT_FILE
        refused = refusal(entries, base.host, base.port, key, file)
        if refused is not None:
            raise HostKeyRefused(refused)

    def _authenticate(self) -> None:
        args = self.plugin_transport_args
        offered = self._connecting("login", self._session.userauth_list, args.auth_username)
        methods = [m.decode() if isinstance(m, bytes) else str(m) for m in offered or ()]
        if args.auth_private_key and self._login_with_key():
            return
        if not args.auth_password:
            raise ScrapliAuthenticationFailed(f"{self._peer} asks for a password; none is given")
        # One method, once: a second try with the same password counts towards a lock-out (F28).
        interactive = "keyboard-interactive" in methods and "password" not in methods
        login = self._answer_questions if interactive else self._session.userauth_password
        try:
            self._connecting("login", login, args.auth_username, args.auth_password)
        except AuthenticationError as error:
            raise ScrapliAuthenticationFailed(f"{self._peer} refused the login") from error
        if not self._session.userauth_authenticated():
            raise ScrapliAuthenticationFailed(f"{self._peer} refused the login")

    def _answer_questions(self, username: str, password: str) -> int:
        """Logs in by keyboard-interactive without holding up the other threads.

        ssh2-python keeps Python's lock while libssh2 waits in this call, and only in this one.
        """
        self._session.set_blocking(False)
        try:
            while True:
                code = int(self._session.userauth_keyboardinteractive(username, password))
                if code != _WOULD_BLOCK:
                    return code
                if time.monotonic() >= self._deadline:
                    return _TIMED_OUT[0]
                select.select([self._session.sock], [], [], min(self._left(), 1.0))
        finally:
            self._session.set_blocking(True)

    def _login_with_key(self) -> bool:
        args = self.plugin_transport_args
        with suppress(SSH2Error):
            self._session.set_timeout(self._left_ms())
            self._session.userauth_publickey_fromfile(
                args.auth_username, args.auth_private_key, args.auth_private_key_passphrase
            )
        return bool(self._session.userauth_authenticated())

    def _start_shell(self) -> None:
        self._channel = self._connecting("opening a channel", self._session.open_session)
        self._connecting("asking for a terminal", self._channel.pty)
        self._connecting("starting a shell", self._channel.shell)

    def _connecting(self, doing: str, call: Any, *args: Any) -> Any:
        """Returns what ``call`` returns, within what is left of the connect deadline."""
        self._session.set_timeout(self._left_ms())
        try:
            result = call(*args)
        except AuthenticationError:
            raise
        except LibTimeout as error:
            raise self._too_slow(doing) from error
        except (SSH2Error, OSError) as error:
            if time.monotonic() >= self._deadline:
                raise self._too_slow(doing) from error
            name = type(error).__name__
            raise ScrapliConnectionNotOpened(f"{self._peer} failed in {doing}: {name}") from error
        if isinstance(result, int) and result in _TIMED_OUT:
            raise self._too_slow(doing)
        if isinstance(result, int) and result < 0:
            raise ScrapliConnectionNotOpened(f"{self._peer} failed in {doing} ({result})")
        return result

    def _too_slow(self, doing: str) -> ConnectTimeout:
        return ConnectTimeout(
            f"{self._peer} did not finish {doing} within {self.connect_timeout:.0f} s"
        )

    @property
    def _peer(self) -> str:
        return f"{self._base_transport_args.host}:{self._base_transport_args.port}"

    def _left(self) -> float:
        return max(self._deadline - time.monotonic(), 0.001)

    def _left_ms(self) -> int:
        return int(self._left() * 1000) + 1  # 0 would mean "wait for ever"

    # -- in use ------------------------------------------------------------------------------

    def read(self) -> bytes:
        """Returns what has arrived.

        Raises:
            ScrapliTimeout: ``op_timeout`` has passed since the last write; the session is closed.
            ScrapliConnectionError: the router ended the connection.
        """
        if self._channel is None:
            raise ScrapliConnectionNotOpened
        if time.monotonic() >= self._deadline:
            self._fail_by_deadline()
        self._session.set_timeout(self._left_ms())
        try:
            count, data = self._channel.read(65535)
        except LibTimeout:
            self._fail_by_deadline()
        except (SSH2Error, OSError) as error:
            raise ScrapliConnectionError(f"{self._peer}: connection lost") from error
        if count in _TIMED_OUT:
            self._fail_by_deadline()
        if count < 0 or (count == 0 and self._channel.eof()):
            raise ScrapliConnectionError(f"{self._peer} closed the connection")
        return bytes(data)

    def write(self, channel_input: bytes) -> None:
        """Sends ``channel_input`` and starts the operation's deadline anew."""
        if self._channel is None:
            raise ScrapliConnectionNotOpened
        self._deadline = time.monotonic() + self.op_timeout
        self._session.set_timeout(self._left_ms())
        try:
            while channel_input:
                code, sent = self._channel.write(channel_input)
                if code < 0:
                    raise ScrapliConnectionError(f"{self._peer}: connection lost ({code})")
                channel_input = channel_input[sent:]
        except LibTimeout:
            self._fail_by_deadline()
        except (SSH2Error, OSError) as error:
            raise ScrapliConnectionError(f"{self._peer}: connection lost") from error

    def allow(self, seconds: float) -> None:
        """Sets the deadline of the operation in hand: ``seconds`` from now."""
        self.op_timeout = seconds
        self._deadline = time.monotonic() + seconds

    def _fail_by_deadline(self) -> None:
        self.close()
        raise ScrapliTimeout(f"{self._peer} was silent past the deadline")

    def isalive(self) -> bool:
        """Tells whether the session is open as far as this side knows."""
        return self._channel is not None and not self._channel.eof()

    def close(self) -> None:
        """Ends the session; never waits long for a peer that is gone."""
        self._pre_open_closing_log(closing=True)
        session, channel, link = self._session, self._channel, self._socket
        self._session = self._channel = self._socket = None
        if session is not None:
            with suppress(Exception):
                session.set_timeout(_CLOSE_MS)
                if channel is not None:
                    channel.close()
                session.disconnect()
        if link is not None:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        self._post_open_closing_log(closing=True)

    def _set_timeout(self, value: float) -> None:
        """Takes scrapli's ``timeout_transport`` changes; the deadline is ``op_timeout`` here."""
