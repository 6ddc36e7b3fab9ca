"""How much a router may say: what it says is not ours to trust, and memory is shared by a fleet.

The bounds are far above what IOS-XE prints. A ``show tech-support`` of a large chassis has some
ten megabytes; a banner and the log lines of a busy console some kilobytes; the longest line, an
authorization code that is echoed, some ten kilobytes.
"""

from __future__ import annotations

from slp_core.errors import RouterTooLoud

_MB = 1024 * 1024
MAX_LOGIN = 1 * _MB
"""From connecting to a plain terminal, all banners included; also where only a prompt is due."""
MAX_COMMAND = 32 * _MB
MAX_SESSION = 512 * _MB
"""From one login on: some thousand looks of an ordinary size."""
MAX_LINE = 128 * 1024
MAX_HEAD = 64 * 1024
"""What may be on its way before a command's echo: log lines."""

_REMEDY = "look at the router by hand: what answers there may be no IOS-XE, or broken"


def too_loud(what: str, where: str) -> RouterTooLoud:
    """Returns the error of a router that goes beyond a bound."""
    return RouterTooLoud(what, where=where, remedy=_REMEDY)


class Meter:
    """Counts what arrives, in bytes, by command and by session."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._here = self._session = self._line = 0
        self._limit = MAX_LOGIN

    def begin(self, limit: int) -> None:
        """Begins anew with what is done next, which may print ``limit`` bytes."""
        self._here, self._limit = 0, limit

    def count(self, new: str) -> None:
        """Counts what arrived.

        Raises:
            RouterTooLoud: it is more than may come; nothing more is to be read.
        """
        size = len(new) if new.isascii() else len(new.encode("utf-8", errors="replace"))
        self._here += size
        self._session += size
        if self._here > self._limit:
            mb = self._limit // _MB
            raise too_loud(f"the router prints without end (more than {mb} MB)", self._where)
        if self._session > MAX_SESSION:
            mb = MAX_SESSION // _MB
            raise too_loud(f"the router has printed more than {mb} MB in a session", self._where)
        self._measure_lines(new)

    def _measure_lines(self, new: str) -> None:
        start = 0
        while (end := new.find("\n", start, start + MAX_LINE + 1)) >= 0:
            if self._line + end - start > MAX_LINE:
                break
            self._line, start = 0, end + 1
        else:
            self._line += len(new) - start
        if end >= 0 or self._line > MAX_LINE:
            raise too_loud(
                f"the router prints a line of more than {MAX_LINE // 1024} KB", self._where
            )


class Echo:
    """Waits for a command to come back, wherever blanks and line breaks fall within it."""

    def __init__(self, command: str, where: str) -> None:
        self._wanted = "".join(command.split())
        self._where = where
        self._end = ""
        self._passed = 0

    def is_in(self, new: str) -> bool:
        """Tells whether the echo has come, with what has arrived now.

        Raises:
            RouterTooLoud: the router prints and does not echo.
        """
        if not self._wanted:
            return True
        text = self._end + "".join(new.split())
        if self._wanted in text:
            self._wanted = ""
            return True
        keep = len(self._wanted) - 1
        self._end = text[-keep:] if keep else ""
        self._passed += len(new)
        if self._passed > MAX_HEAD:
            raise too_loud("the router prints and does not echo what is typed", self._where)
        return False
