"""Wall two: what leaves for a router is one printable line, or it does not leave.

Every value was judged on its way in (``slp_core.forms``). ``Keyboard`` looks at it once more, in
the one place through which all that is typed goes, whoever made the line and of whatever.
"""

from __future__ import annotations

from typing import Final, Protocol

from slp_core.errors import NeverSent
from slp_core.forms import FLASH_PATH, unprintable, untypeable
from slp_core.secrets import REDACTOR
from slp_tasks.connection.keys import ESCAPE

_KEYS: Final = ("\n", " ", ESCAPE)
"""Keys that we press ourselves: a return to see the prompt, a blank for the next page, and what
leaves a session to another host."""
_SHOWN: Final = 80
_REMEDY = "correct the value in the target, the inventory or the plan that it comes from"


class Stream(Protocol):
    """Text in, text out, and a way to hang up."""

    def write(self, text: str, *, hidden: bool = False) -> None:
        """Sends ``text``; ``hidden`` keeps it out of logs."""
        ...

    def read(self, timeout: float) -> str:
        """Returns the next text, without carriage returns.

        Raises:
            SessionLost, DeadlineExceeded: nothing came within ``timeout`` machine seconds.
        """
        ...

    def close(self) -> None:
        """Hangs up."""
        ...


class Keyboard:
    """A stream into which only keys of ours and whole printable lines can be typed."""

    def __init__(self, stream: Stream, where: str) -> None:
        self._stream = stream
        self._where = where

    def write(self, text: str, *, hidden: bool = False) -> None:
        """Types a key, or a line with its return at the end.

        Raises:
            NeverSent: it is anything else.
        """
        if text not in _KEYS:
            line = text.removesuffix("\n")
            refuse_answer(line, self._where, hidden=hidden)
        self._stream.write(text, hidden=hidden)

    def read(self, timeout: float) -> str:
        """Returns the next text."""
        return self._stream.read(timeout)

    def close(self) -> None:
        """Hangs up."""
        self._stream.close()


def refuse_command(text: str, where: str, *, hidden: bool = False) -> None:
    """Refuses a command or configuration line that is not one printable line.

    Args:
        hidden: it holds a secret and is told nowhere.

    Raises:
        NeverSent: it is anything else, or holds a question mark.
    """
    odd = untypeable(text)
    if odd is not None:
        shown = "" if hidden else f": {REDACTOR.mask(text)[:_SHOWN]!a}"
        raise NeverSent(f"a line that holds {odd} was not sent{shown}", where=where, remedy=_REMEDY)


def refuse_answer(text: str, where: str, *, hidden: bool = False) -> None:
    """Refuses an answer that is not one printable line; a secret may hold a question mark.

    Raises:
        NeverSent: it is anything else.
    """
    refuse_command(text.replace("?", "") if hidden else text, where, hidden=hidden)


def refuse_password(text: str, where: str) -> None:
    """Refuses a password of which OpenSSH's terminal would take only a part.

    What follows a line break would wait for the router's own prompt, and be a command there.

    Raises:
        NeverSent: it is more than one line, or holds a key that the terminal would act on.
    """
    odd = unprintable(text)
    if odd is not None:
        raise NeverSent(
            f"a password that holds {odd} was not sent",
            where=where,
            remedy="let the reference lead to the password alone, on one line",
        )


def copied_path(remote: str) -> str:
    """Returns the path of a file on a router, as SCP asks for it.

    Raises:
        NeverSent: it is no plain path.
    """
    refusal = FLASH_PATH.refusal(remote)
    if refusal is not None:
        raise NeverSent(
            f"nothing was copied: the path on the router {refusal}: {remote[:_SHOWN]!a}",
            remedy=_REMEDY,
        )
    return remote
