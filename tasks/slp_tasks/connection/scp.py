"""Files to and from a router by the SCP protocol, over a connection of their own.

asyncssh runs in an event loop of the calling thread; the host key is judged by the same
``known_hosts`` as the terminal's, and the password is offered by one method, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from slp_core.errors import DeadlineExceeded, InputError, TransferFailed
from slp_core.private_files import touch_private
from slp_tasks.connection.errors import ours
from slp_tasks.connection.hearing import too_loud

_BLOCK = 64 * 1024
MAX_DOWNLOAD = 128 * 1024 * 1024
"""What a router may send: configurations and licence files; images only ever go to it."""


@dataclass(frozen=True)
class ScpLogin:
    """How to log in for a copy. The password is not shown by ``repr``."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    known_hosts: str | None
    where: str
    connect_timeout: float = 30.0


def put(login: ScpLogin, local: Path, remote: str, *, timeout: float) -> None:
    """Copies ``local`` to ``remote`` (``bootflash:name``).

    Raises:
        InputError: there is no such local file.
        TransferFailed, DeadlineExceeded, ConnectFailed, AuthFailed, HostKeyRejected
    """
    if not local.is_file():
        raise InputError("there is no such file", where=str(local), remedy="check the path")

    async def copy(connection: asyncssh.SSHClientConnection) -> None:
        await asyncssh.scp(str(local), (connection, remote), block_size=_BLOCK)

    _run(login, copy, timeout)


def get(login: ScpLogin, remote: str, local: Path, *, timeout: float) -> None:
    """Copies ``remote`` to ``local``, which only its owner can read.

    Raises:
        TransferFailed, DeadlineExceeded, ConnectFailed, AuthFailed, HostKeyRejected
        RouterTooLoud: it sends more than such a file can hold.
    """
    part = local.with_name(local.name + ".part")
    part.unlink(missing_ok=True)
    touch_private(part)

    async def copy(connection: asyncssh.SSHClientConnection) -> None:
        await asyncssh.scp(
            (connection, remote), str(part), block_size=_BLOCK, progress_handler=_Bound(login.where)
        )

    try:
        _run(login, copy, timeout)
        part.replace(local)
    finally:
        part.unlink(missing_ok=True)


class _Bound:
    """Ends a copy that is larger than it may be, at once where its size is told before."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._before = 0
        self._copied = 0

    def __call__(self, _remote: bytes, _local: bytes, copied: int, size: int) -> None:
        if copied < self._copied:  # another file, which nobody has asked for
            self._before += self._copied
        self._copied = copied
        if self._before + size > MAX_DOWNLOAD:
            raise too_loud(f"the file is larger than {MAX_DOWNLOAD >> 20} MB", self._where)


def _run(login: ScpLogin, copy: Callable[[Any], Awaitable[None]], timeout: float) -> None:
    async def work() -> None:
        async with asyncio.timeout(timeout), _connect(login) as connection:
            await copy(connection)

    try:
        asyncio.run(work())
    except TimeoutError as error:
        raise DeadlineExceeded(
            f"the copy took longer than {timeout:.0f} s", where=login.where
        ) from error
    except OSError as error:
        raise ours(error, login.where, opening=True) from error
    except asyncssh.SFTPError as error:
        raise TransferFailed(
            f"the copy failed: {error.reason[:200]}",
            where=login.where,
            remedy="check free space and that `ip scp server enable` is configured",
        ) from error
    except (asyncssh.Error, ValueError) as error:
        raise ours(error, login.where) from error


def _connect(login: ScpLogin) -> Any:
    known = str(Path(login.known_hosts or "~/.ssh/known_hosts").expanduser())
    return asyncssh.connect(
        login.host,
        login.port,
        username=login.username,
        password=login.password,
        known_hosts=known,
        config=None,
        client_keys=None,
        agent_path=None,
        gss_host=None,
        preferred_auth=("password", "keyboard-interactive"),
        connect_timeout=login.connect_timeout,
        login_timeout=login.connect_timeout,
        keepalive_interval=15,
        keepalive_count_max=4,
    )
