"""The session of ``docs/lab-transcript.md``: typed over real SSH to be recorded, or in process.

``python tests/docs/transcript.py`` (``make transcript``) starts a lab, types the session with
OpenSSH's ``ssh`` and ``scp``, and writes the page. The same keys typed at a router in process tell
a test whether the page is stale.
"""

from __future__ import annotations

import os
import pty
import re
import secrets
import select
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from slp_sim.router.console.exec import open_terminal

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "lab-transcript.md"
ROUTER, IMAGE = "branch-lyon", "isr4300-universalk9.17.04.01a.SPA.bin"
SPEED = 60
TOKEN = "token-of-the-lab"
_ASKS = re.compile(rb"(?:^|[\r\n])branch-lyon(?:\([a-z-]+\))?[#>]$|[?\]:] ?$|\[confirm\]$|\[y/n\]$")


class Keyboard(Protocol):
    """Where the session is typed."""

    def login(self) -> str:
        """Opens a session; returns what is shown."""
        ...

    def type(self, keys: str) -> str:
        """Types keys; returns what is shown until the router asks for more or hangs up."""
        ...

    def shell(self, command: str) -> str:
        """Runs a command of the person's own machine; returns what it prints."""
        ...

    def wait(self, minutes: float) -> None:
        """Lets so many minutes of the router's time pass."""
        ...


@dataclass
class Chapter:
    """Some words, and what is typed after them; ``$ …`` is the person's own shell."""

    words: str
    typed: list[str | float] = field(default_factory=list)


LOGIN, SCP = "$ ssh", "$ scp"
STORY = [
    Chapter(
        "The router has never been registered; its engineer takes it to Smart Licensing Using "
        "Policy by hand. First a look around: abbreviations, help, a tab, a filter, a misprint.",
        [
            LOGIN,
            "terminal length 0\r",
            "show clock\r",
            "sh lic sum\r",
            "show license ?",
            "\x15show lic\tus\t| include EVAL\r",
            "show licence\r",
            "show ip int brief\r",
            "show platform hardware throughput level\r",
            "dir | include pkg\r",
            "show users\r",
        ],
    ),
    Chapter(
        "A net under the work: a reload in ten minutes, should the change cut the line. What "
        "changed is looked at, the reload is taken back, and the change is saved.",
        [
            "reload in 10\r",
            "\r",
            "configure terminal\r",
            "interface gi0/0/2\r",
            "description WAN to Lyon 2\r",
            "do show interfaces description\r",
            "end\r",
            "show archive config differences\r",
            "ping images.lab\r",
            "reload cancel\r",
            "write memory\r",
        ],
    ),
    Chapter(
        "The image goes to flash by SCP (`-O`: like a router, the lab has no SFTP subsystem); a "
        "router can also fetch it (`copy scp: bootflash:` asks for all it needs).",
        [
            SCP,
            f"verify /md5 bootflash:{IMAGE}\r",
            f"install add file bootflash:{IMAGE}\r",
            "install activate\r",
            "y",
        ],
    ),
    Chapter(
        "The reload cuts the session. Some minutes later the router answers with the new release, "
        "and the rest is licensing.",
        [
            15.0,
            LOGIN,
            "terminal length 0\r",
            "show version | include Version|uptime|image\r",
            "install commit\r",
            "show install summary\r",
            "configure terminal\r",
            "license smart transport smart\r",
            "license smart url default\r",
            "end\r",
            "copy running-config startup-config\r",
            "\r",
            "\r",
            f"license smart trust idtoken {TOKEN} local\r",
            30.0,
            "show license summary\r",
            "show license status | section Usage|Trust\r",
            "show logging | include SMART_LIC\r",
            "show running-config | section license smart\r",
            "exit\r",
        ],
    ),
]


def played(keyboard: Keyboard) -> str:
    """Returns the page's session, typed at a keyboard."""
    text = ""
    for chapter in STORY:
        text += f"{textwrap.fill(chapter.words, 98)}\n\n```console\n"
        for keys in chapter.typed:
            if isinstance(keys, float):
                keyboard.wait(keys)
            elif keys == LOGIN:
                text += keyboard.login()
            elif keys == SCP:
                text += keyboard.shell("scp")
            else:
                text += keyboard.type(keys)
        text = "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n```\n\n"
    return text.replace(TOKEN, "<token>").rstrip() + "\n"


def seen(raw: str) -> str:
    """Returns what a terminal shows of raw output: what was wiped is gone."""
    rows: list[str] = []
    for line in raw.replace("\r\n", "\n").replace("\a", "").split("\n"):
        row: list[str] = []
        at = 0
        for char in line:
            if char == "\b":
                at = max(at - 1, 0)
            elif char == "\r":
                at = 0
            else:
                row[at : at + 1] = [char]
                at += 1
        rows.append("".join(row).rstrip(" ") if "\b" in line else "".join(row))
    return "\n".join(rows)


# --- over SSH -----------------------------------------------------------------------------------


class OpenSsh:
    """A person with OpenSSH, at a lab that runs in this process."""

    def __init__(self, folder: Path, facts: dict[str, Any], password: str, address: str) -> None:
        self._folder, self._port, self._address = folder, facts["port"], address
        self._fd = -1
        self._pending = ""
        asks = folder / "askpass"
        asks.write_text(f"#!/bin/sh\necho '{password}'\n")
        asks.chmod(0o700)
        self._environment = os.environ | {
            "SSH_ASKPASS": str(asks),
            "SSH_ASKPASS_REQUIRE": "force",
            "TERM": "xterm",
        }

    def _options(self) -> list[str]:
        known = self._folder / "inventory" / "known_hosts"
        return ["-F/dev/null", f"-oUserKnownHostsFile={known}", "-oLogLevel=INFO"]

    def login(self) -> str:
        arguments = ["ssh", "-p", str(self._port), *self._options(), f"admin@{self._address}"]
        self._pending = ""
        child, self._fd = pty.fork()
        if child == 0:
            os.execvpe("ssh", arguments, self._environment)
        return f"$ ssh -p {self._port} admin@{self._address}\n" + self._shown(self._read())

    def type(self, keys: str) -> str:
        os.write(self._fd, keys.encode())
        return self._shown(self._read())

    def _shown(self, raw: str) -> str:
        """Returns whole lines; the line that is being typed is kept until it is finished."""
        text = self._pending + raw
        cut = text.rfind("\n") + 1
        self._pending = text[cut:]
        return seen(text[:cut])

    def _read(self) -> str:
        data, deadline = b"", time.monotonic() + 60
        while time.monotonic() < deadline:
            patience = 0.4 if _ASKS.search(data) else 1.5 if data.endswith(b" ") else 20
            ready, _, _ = select.select([self._fd], [], [], patience)
            if not ready:
                break
            try:
                chunk = os.read(self._fd, 65536)
            except OSError:
                chunk = b""
            if not chunk:
                break
            data += chunk
        return data.decode()

    def shell(self, command: str) -> str:
        target = f"admin@{self._address}:bootflash:{IMAGE}"
        where = str(self._folder / "images" / IMAGE)
        arguments = [command, "-O", "-P", str(self._port), *self._options(), where, target]
        subprocess.run(arguments, env=self._environment, check=True, capture_output=True)
        return f"$ {command} -O -P {self._port} images/{IMAGE} {target}\n"

    def wait(self, minutes: float) -> None:
        time.sleep(minutes * 60 / SPEED)


def over_ssh() -> str:
    """Returns the session, recorded from a lab that is started for it."""
    from slp_sim.scenario import load_scenario
    from slp_sim.server import run_lab

    password = secrets.token_urlsafe(12)
    ready, stop = threading.Event(), threading.Event()
    facts: dict[str, Any] = {}

    def started(found: Any) -> None:
        facts.update(found)
        ready.set()

    with tempfile.TemporaryDirectory() as folder:
        arguments: dict[str, Any] = {
            "speed": SPEED,
            "folder": Path(folder),
            "password": password,
            "secrets": {"SLP_TOKEN": TOKEN, "SLP_TOKEN_EXPIRED": "old"},
            "ready": started,
            "stop": stop,
        }
        lab = threading.Thread(target=run_lab, args=(load_scenario("demo"),), kwargs=arguments)
        lab.start()
        try:
            if not ready.wait(60):
                raise SystemExit("the lab did not start")
            first, _, _ = str(facts["addresses"][0]).rpartition(".")
            number = [r.name for r in load_scenario("demo").routers].index(ROUTER) + 1
            return played(OpenSsh(Path(folder), facts, password, f"{first}.{number}"))
        finally:
            stop.set()
            lab.join()


# --- in process ---------------------------------------------------------------------------------


class InProcess:
    """The same keys at the same router, without a network; time is moved by hand."""

    def __init__(self) -> None:
        from slp_sim.clock import ManualClock
        from slp_sim.lab import Lab
        from slp_sim.scenario import load_scenario

        scenario = load_scenario("demo")
        self._clock = ManualClock(scenario.epoch)
        self._lab = Lab.from_scenario(
            scenario,
            clock=self._clock,
            password="lab-pw",
            secrets={"SLP_TOKEN": TOKEN, "SLP_TOKEN_EXPIRED": "old"},
        )
        self._router = self._lab.routers[ROUTER]
        self._pending = ""

    def login(self) -> str:
        assert self._router.is_up()
        self._pending = ""
        self._line = open_terminal(self._router, "admin")
        return "$ ssh -p 1 admin@127.0.0.1\n" + self._done(self._line.start())

    def type(self, keys: str) -> str:
        return self._done(self._line.feed(keys.encode()))

    def _done(self, actions: list[Any]) -> str:
        from slp_sim.ports import Close, Output, Wake

        text = ""
        while actions:
            action, *actions = actions
            if isinstance(action, Output):
                text += action.data.decode()
            elif isinstance(action, Wake):
                self._clock.advance(action.seconds)
                actions += self._line.wake()
            elif isinstance(action, Close):
                text += "\r\nConnection to 127.0.0.1 closed.\r\n"
        whole = self._pending + text
        cut = whole.rfind("\n") + 1
        self._pending = whole[cut:]
        return seen(whole[:cut])

    def shell(self, command: str) -> str:
        self._router.write_file(f"bootflash:{IMAGE}", self._lab.images[IMAGE])
        return f"$ {command} -O -P 1 images/{IMAGE} admin@127.0.0.1:bootflash:{IMAGE}\n"

    def wait(self, minutes: float) -> None:
        self._clock.advance(minutes * 60)


def masked(page: str) -> str:
    """Returns a session without what differs each time: numbers, and how SSH says good-bye."""
    lines = [re.sub(r"\s+", " ", re.sub(r"[\d.:]*\d", "#", x)).strip() for x in page.splitlines()]
    return "\n".join(x for x in lines if x and not x.startswith("Connection to"))


HEAD = f"""# A session on a simulated router

Recorded by `make transcript` with OpenSSH's own `ssh` and `scp` against the lab `demo` at {SPEED}
times real speed; only the passwords and the token are left out. A test types the same keys in
process and fails when this page has become stale.

```console
$ slp lab start --scenario demo --speed {SPEED} --detach
```

"""


def record(write: Callable[[str], object]) -> None:
    """Records the session and hands the page on."""
    write(HEAD + over_ssh())


if __name__ == "__main__":
    record(lambda text: PAGE.write_text(text, encoding="utf-8"))
    print(f"wrote {PAGE}", file=sys.stderr)
