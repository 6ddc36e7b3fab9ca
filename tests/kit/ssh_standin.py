"""A tiny SSH server that misbehaves on purpose, for the rows of the transport's robustness table.

Not a router: what a router *means* is tested against ``slp_sim``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "pässwörd-7"
HELLO = "\r\nAuthorised use only. Everything is logged#\r\n"


@dataclass
class Standin:
    """How the server behaves, and what it saw."""

    hostname: str = "edge-1"
    methods: tuple[str, ...] = ("password",)
    prompt_end: str = "#"
    secret: str | None = None
    banner: str = HELLO
    algorithms: dict[str, Any] = field(default_factory=dict)
    logins: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    open_sessions: int = 0
    copies: tuple[int, ...] = ()
    """Sizes of the files that any copy from here gets, one after the other."""
    copied: int = 0
    """How many bytes of them were handed over."""
    rounds: int = 1
    """How often keyboard-interactive asks for the password."""
    port: int = 0
    host: str = "127.0.0.1"
    key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-rsa"))

    def known_hosts_line(self, *, with_port: bool = True, hashed: bool = False) -> str:
        public = self.key.export_public_key().decode().split()
        name = f"[{self.host}]:{self.port}" if with_port else self.host
        if hashed:
            salt = b"twenty-bytes-of-salt"
            digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
            name = f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"
        return f"{name} {public[0]} {public[1]}\n"


class _Server(asyncssh.SSHServer):
    def __init__(self, standin: Standin) -> None:
        self._standin = standin
        self._asked = 0

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return "password" in self._standin.methods

    def validate_password(self, username: str, password: str) -> bool:
        self._standin.logins.append(("password", password))
        return password == PASSWORD

    def public_key_auth_supported(self) -> bool:
        return "publickey" in self._standin.methods

    def kbdint_auth_supported(self) -> bool:
        return "keyboard-interactive" in self._standin.methods

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username: str, responses: Any) -> Any:
        self._standin.logins.append(("keyboard-interactive", responses[0]))
        self._asked += 1
        if self._asked < self._standin.rounds:
            return "", "", "", [("Password: ", False)]
        return bool(responses[0] == PASSWORD)

    def session_requested(self) -> Any:
        return _Shell(self._standin)


class _Shell(asyncssh.SSHServerSession[bytes]):
    def __init__(self, standin: Standin) -> None:
        self._standin = standin
        self._line = b""
        self._end = standin.prompt_end
        self._asking: Callable[[str], None] | None = None
        self._paging = False
        self._copy: Iterator[int] | None = None
        self._left, self._held, self._begun = 0, False, False

    def connection_made(self, chan: Any) -> None:
        self._chan = chan
        self._standin.open_sessions += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._standin.open_sessions -= 1

    def pty_requested(self, *_: Any) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._copy = iter(self._standin.copies) if self._standin.copies else None
        return self._copy is not None

    def pause_writing(self) -> None:
        self._held = True

    def resume_writing(self) -> None:
        self._held = False
        self._pour()

    def _next_copy(self) -> None:
        assert self._copy is not None
        self._left = next(self._copy, 0)
        if self._left:
            self._chan.write(b"C0644 %d file\n" % self._left)
        else:
            self._chan.exit(0)

    def _pour(self) -> None:
        while self._left > 0 and not self._held and not self._chan.is_closing():
            block = b"z" * min(self._left, 65536)
            self._left -= len(block)
            self._standin.copied += len(block)
            self._chan.write(block if self._left else block + b"\0")

    def _copy_answered(self) -> None:
        if not self._begun:
            self._begun = True
            self._next_copy()
        elif self._left > 0:
            self._pour()
        else:
            self._next_copy()

    def session_started(self) -> None:
        if self._copy is not None:
            return
        self.say(self._standin.banner)
        self.prompt()

    def say(self, text: str) -> None:
        self._chan.write(text.encode())

    def prompt(self) -> None:
        self.say(f"\r\n{self._standin.hostname}{self._end}")

    def data_received(self, data: bytes, datatype: Any) -> None:
        if self._copy is not None:
            return self._copy_answered()
        for byte in data:
            if self._paging:
                self._second_page()
            elif byte in b"\r\n":
                line, self._line = self._line.decode(), b""
                self._entered(line)
            else:
                self._line += bytes([byte])
                if self._asking is None:
                    self._chan.write(bytes([byte]))
        return None

    def _entered(self, line: str) -> None:
        self._standin.typed.append(line)
        if self._asking is not None:
            asking, self._asking = self._asking, None
            asking(line)
            return
        self.say("\r\n")
        getattr(self, "do_" + line.split(" ")[0].replace("-", "_"), self.do_unknown)(line)

    def do_(self, line: str) -> None:
        self.say(f"{self._standin.hostname}{self._end}")

    def do_unknown(self, line: str) -> None:
        self.say("          ^\r\n% Invalid input detected at '^' marker.\r\n")
        self.prompt()

    def do_terminal(self, line: str) -> None:
        self.prompt()

    def do_show(self, line: str) -> None:
        if line == "show privilege":
            self.say("Current privilege level is 15\r\n")
        self.prompt()

    def do_enable(self, line: str) -> None:
        if self._standin.secret is None:
            self._end = "#"
            return self.prompt()
        self.say("Password: ")
        self._asking = self._enabled
        return None

    def _enabled(self, secret: str) -> None:
        if secret == self._standin.secret:
            self._end = "#"
            self.prompt()
        else:
            self.say("\r\nPassword: ")
            self._asking = self._enabled

    def do_silent(self, line: str) -> None:
        """Nothing, for ever."""

    def do_drip(self, line: str) -> None:
        self.say(".")
        asyncio.get_running_loop().call_later(0.05, self._drip)

    def _drip(self) -> None:
        if not self._chan.is_closing():
            self.do_drip("")

    def do_drop(self, line: str) -> None:
        self.say("half of an answ")
        self._chan.exit(0)

    def do_lookalike(self, line: str) -> None:
        self.say("first\r\nRouter#\r\nshow run | include hash#")
        asyncio.get_running_loop().call_later(0.3, self._lookalike)

    def _lookalike(self) -> None:
        self.say("\r\nlast line\r\n")
        self.prompt()

    def do_noisy(self, line: str) -> None:
        self.say("answer\r\n")
        self.prompt()
        self.say("\r\n*Nov 22 03:31:11.123: %SYS-5-CONFIG_I: Configured from console by vty0\r\n")

    def do_pages(self, line: str) -> None:
        self.say("page one\r\n --More-- ")
        self._paging = True

    def _second_page(self) -> None:
        self._paging = False
        self.say(
            "\x08\x08\x08\x08\x08\x08\x08\x08\x08         \x08\x08\x08\x08\x08\x08\x08\x08\x08"
        )
        self.say("page two\r\n")
        self.prompt()

    def do_reload(self, line: str) -> None:
        self.say("Proceed with reload? [confirm]")
        self._asking = lambda _: self._chan.exit(0)

    def do_ask(self, line: str) -> None:
        self.say("Are you sure? [y/n/q] ")
        self._asking = lambda said: (self.say(f"\r\nyou said {said}\r\n"), self.prompt())[1]

    def do_flood(self, line: str) -> None:
        """Prints without end, as fast as it is read."""
        self._left, self._held = 1 << 40, False
        self._pour()

    def do_big(self, line: str) -> None:
        self.say(("x" * 98 + "\r\n") * int(line.split()[1]))
        self.prompt()


class ServerThread:
    """The stand-in on a free loopback port, in an event loop of its own."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Standin:
        self._thread.start()
        assert self._ready.wait(20)
        return self.standin

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        self._server = await asyncssh.create_server(
            lambda: _Server(self.standin),
            self.standin.host,
            0,
            server_host_keys=[self.standin.key],
            encoding=None,
            line_editor=False,
            gss_host=None,
            allow_scp=False,
            **self.standin.algorithms,
        )
        self.standin.port = self._server.get_port()

    def __exit__(self, *_: object) -> None:
        async def stop() -> None:
            self._server.close()
            await asyncio.sleep(0)
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(stop(), self._loop)
        self._thread.join(10)


def write_known_hosts(folder: Path, *lines: str) -> Path:
    file = folder / "known_hosts"
    file.write_text("".join(lines))
    return file
