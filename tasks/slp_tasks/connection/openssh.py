"""OpenSSH in a pseudo-terminal: which options it gets, and how it is logged in with.

scrapli would answer a password prompt twice. Here it is answered once, whatever the method, and a
line that ``ssh`` itself has printed by a local command tells that the login is over: a banner or a
prompt of the router cannot be taken for it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from secrets import token_hex
from typing import Any, Protocol

from slp_core.child_environment import child_environment
from slp_core.errors import (
    AuthFailed,
    ConnectFailed,
    DeadlineExceeded,
    HostKeyRejected,
    RouterError,
    SessionLost,
)
from slp_core.secrets import REDACTOR
from slp_tasks.connection.errors import remedy_for
from slp_tasks.connection.hearing import Meter
from slp_tasks.connection.printable import refuse_password

_PROMPT = re.compile(r"password:[ ]*\Z", re.IGNORECASE)
_HOST_KEY = re.compile(r"host key|HOST IDENTIFICATION", re.IGNORECASE)
_DENIED = re.compile(r"permission denied", re.IGNORECASE)
_OLD: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "KexAlgorithms": ("kex", ("diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1")),
    "HostKeyAlgorithms": ("key-sig", ("ssh-rsa",)),
    "Ciphers": ("cipher", ("aes128-cbc", "aes256-cbc")),
    "MACs": ("mac", ("hmac-sha1",)),
}
"""What routers on old releases offer and OpenSSH no longer does by itself (what the two libraries
offer too); they come last, so that a newer router is reached as before."""


class PtyStream(Protocol):
    """What the login reads and writes."""

    def write(self, text: str, *, hidden: bool = False) -> None:
        """Sends text."""
        ...

    def read(self, timeout: float) -> str:
        """Returns what came within so many seconds."""
        ...


@dataclass(frozen=True)
class OpenSsh:
    """One call of ``ssh``: its options, and the line that says that it is in."""

    marker: str
    options: tuple[str, ...]


def openssh(extras: Mapping[str, Any]) -> OpenSsh:
    """Returns how ``ssh`` is called; with a key of the host's own that is tried first.

    Raises:
        ConnectFailed: there is no ``ssh`` on this machine.
    """
    marker = f"slp-logged-in-{token_hex(8)}"
    methods = "password,keyboard-interactive"
    if extras.get("auth_private_key"):
        methods = f"publickey,{methods}"
    given = {
        "NumberOfPasswordPrompts": "1",
        "PreferredAuthentications": methods,
        "PermitLocalCommand": "yes",
        "LocalCommand": f"echo {marker}",
        **_old_algorithms(),
    }
    return OpenSsh(marker, tuple(x for k, v in given.items() for x in ("-o", f"{k}={v}")))


@cache
def _old_algorithms() -> dict[str, str]:
    """Returns the options that add what this machine's OpenSSH still has of old algorithms."""
    binary = shutil.which("ssh")
    if binary is None:
        raise ConnectFailed(
            "there is no `ssh` on this machine", remedy="install OpenSSH, or use transport: ssh"
        )
    found = {}
    for option, (query, names) in _OLD.items():
        known = subprocess.run(  # noqa: S603 - a fixed question to the binary that will be used
            [binary, "-Q", query],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
            env=child_environment(),
        ).stdout.split()
        if usable := [n for n in names if n in known]:
            found[option] = "+" + ",".join(usable)
    return found


def log_in(
    stream: PtyStream,
    password: str,
    marker: str,
    where: str,
    *,
    timeout: float,
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Answers the password prompt once and returns when ``ssh`` is in.

    Raises:
        AuthFailed: the password was refused, or is asked for again (F28).
        HostKeyRejected: no password was sent (F32).
        ConnectFailed: ``ssh`` ended otherwise, or was not in by then.
        NeverSent: the password is more than one printable line.
        RouterTooLoud: it prints without end.
    """
    deadline, heard, answered = now() + timeout, "", False
    meter = Meter(where)
    while marker not in heard:
        try:
            new = stream.read(max(deadline - now(), 0.001)).replace("\r", "")
            meter.count(new)
            heard = (heard + new)[-16384:]
        except SessionLost as error:
            raise _why(heard, where) from error
        except DeadlineExceeded as error:
            raise _error(
                ConnectFailed, f"the login did not end within {timeout:.0f} s", where
            ) from error
        if _PROMPT.search(heard):
            if answered or not password:
                raise _error(AuthFailed, "the password was refused and is asked for again", where)
            answered, heard = True, ""
            refuse_password(password, where)
            stream.write(password + "\n", hidden=True)


def _why(said: str, where: str) -> RouterError:
    """Returns why ``ssh`` ended, by what it printed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for pattern, kind in ((_HOST_KEY, HostKeyRejected), (_DENIED, AuthFailed)):
        if line := next((x for x in lines if pattern.search(x)), ""):
            return _error(kind, line, where)
    return _error(ConnectFailed, lines[-1] if lines else "ssh ended without a word", where)


def _error(kind: type[RouterError], said: str, where: str) -> RouterError:
    return kind(REDACTOR.mask(said)[:300], where=where, remedy=remedy_for(kind))
