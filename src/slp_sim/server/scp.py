"""The router's end of SCP as a state machine: bytes in, bytes out, no sockets."""

from __future__ import annotations

import shlex
from collections.abc import Callable

CHUNK_LIMIT = 2 * 1024 * 1024 * 1024
_MAX_LINE = 4096


class Scp:
    """One ``scp -t`` or ``scp -f`` on a router.

    Args:
        read: returns a file's bytes; None where there is none.
        write: writes a file; ``OSError`` where it does not fit.

    Attributes:
        status: exit status once it has ended; None while it goes on.
    """

    def __init__(
        self,
        read: Callable[[str], bytes | None],
        write: Callable[[str, bytes], object],
        command: str,
    ) -> None:
        self._read, self._write = read, write
        self.status: int | None = None
        self._buffer = bytearray()
        self._expect = 0
        self._name = ""
        self._receiving = False
        self._failed: str | None = None
        self._queue: list[bytes] = []
        self._sent = False
        self._sink, self._path = _parse(command)

    def start(self) -> bytes:
        """Returns what is sent before anything has come in."""
        if self._sink is None:
            return self._fail("Protocol not available", fatal=True)
        if self._sink:
            return b"\0"
        data = self._read(self._path)
        if data is None:
            return b""  # said when the client asks for it: before, it does not listen
        name = self._path.rpartition("/")[2]  # clients check it against what they asked for
        self._queue = [f"C0600 {len(data)} {name}\n".encode(), data + b"\0"]
        return b""

    def feed(self, data: bytes) -> bytes:
        """Takes what came in, returns what goes out."""
        if self.status is not None:
            return b""
        self._buffer += data
        return self._receive() if self._sink else self._send()

    def eof(self) -> None:
        """The client has nothing more to say."""
        if self.status is None:
            self.status = 0 if self._sink and not self._receiving and not self._failed else 1

    # --- a file to the router -------------------------------------------------------------------

    def _receive(self) -> bytes:
        out = b""
        while self.status is None:
            step = self._take_data() if self._receiving else self._take_line()
            if step is None:
                return out
            out += step
        return out

    def _take_line(self) -> bytes | None:
        end = self._buffer.find(b"\n")
        if end < 0:
            too_long = len(self._buffer) > _MAX_LINE
            return self._fail("request too long", fatal=True) if too_long else None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        kind, rest = line[:1], line[1:].decode("utf-8", "replace")
        if kind == b"C":
            return self._begin(rest)
        if kind in b"TE" and kind:
            return b"\0"
        if kind == b"D":
            return self._fail("directories are not supported", fatal=True)
        self.status = 1
        return b""

    def _begin(self, rest: str) -> bytes:
        parts = rest.split(" ", 2)
        if len(parts) != 3 or not parts[1].isdigit() or int(parts[1]) > CHUNK_LIMIT:
            return self._fail("protocol error", fatal=True)
        self._expect, name = int(parts[1]), parts[2].rpartition("/")[2]
        whole = not self._path or self._path[-1] in ":/"
        self._name = f"{self._path}{name}" if whole else self._path
        self._receiving = True
        return b"\0"

    def _take_data(self) -> bytes | None:
        if len(self._buffer) < self._expect + 1:
            return None
        data = bytes(self._buffer[: self._expect])
        del self._buffer[: self._expect + 1]
        self._receiving = False
        try:
            self._write(self._name, data)
        except OSError as error:
            return self._fail(f"{self._name}: {error.strerror or error}", fatal=False)
        return b"\0"

    # --- a file from the router -----------------------------------------------------------------

    def _send(self) -> bytes:
        out = b""
        while self._buffer and self.status is None:
            answer = self._buffer.pop(0)
            if answer != 0:
                self.status = 1
            elif not self._queue and not self._sent:
                out += self._fail(f"{self._path}: No such file or directory", fatal=True)
            elif self._queue:
                self._sent = True
                out += self._queue.pop(0)
            else:
                self.status = 0
        return out

    def _fail(self, text: str, *, fatal: bool) -> bytes:
        self._failed = text
        if fatal:
            self.status = 1
        return (b"\2" if fatal else b"\1") + f"scp: {text}\n".encode()


def _parse(command: str) -> tuple[bool | None, str]:
    """Returns whether the router receives (None: neither way), and the path."""
    try:
        words = shlex.split(command)[1:]
    except ValueError:
        return None, ""
    options = "".join(w[1:] for w in words if w.startswith("-"))
    paths = [w for w in words if not w.startswith("-")]
    if len(paths) != 1 or ("t" in options) == ("f" in options):
        return None, ""
    return "t" in options, paths[0].removeprefix("/") if ":" in paths[0] else paths[0]
