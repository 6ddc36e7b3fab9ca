"""One row of the matrix: a task, the state it meets, and what the router itself shows of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nornir.core.task import MultiResult

from kit.labs import BY_ITSELF, Bench
from kit.routers import options
from slp_sim.ports import Output
from slp_sim.router.console.exec import open_terminal

LOOKS = ("show ", "dir ", "verify ", "terminal ", "enable", "telnet ", "disconnect")
"""Beginnings of what is typed only to look, or to be able to look."""


@dataclass
class World:
    """One lab with the router of a row, and what can be asked of that router."""

    made: Bench
    tmp: Path

    def run(self, task: Any, **arguments: Any) -> MultiResult:
        """Runs an ordinary Nornir task on the router."""
        if "files" in inspect.signature(task).parameters:
            arguments.setdefault("files", self.tmp / "files")
        result = self.made.nornir.run(task=task, **options(self.made), **arguments)["r1"]
        self.made.nornir.data.reset_failed_hosts()
        return result

    def did(self, task: Any, **arguments: Any) -> MultiResult:
        """Runs a task that belongs to the way to a starting state."""
        result = self.run(task, **arguments)
        assert not result.failed, f"on the way to the starting state: {result.exception}"
        return result

    def drop(self, name: str, data: bytes) -> None:
        """Puts a file where a person would, for the router to take in."""
        folder = self.tmp / "files" / "r1" / "in"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    def out(self, name: str) -> Path:
        """Returns where a file stands that left the router."""
        return self.tmp / "files" / "r1" / "out" / name

    # --- the router's own word ------------------------------------------------------------------

    def shown(self, command: str) -> str:
        """Returns what the router prints, read at a terminal of the lab's own."""
        router = self.made.router()
        with self.made.lab.lock:
            kept = list(router.typed)
            line = open_terminal(router, "admin")
            line.start()
            line.feed(b"terminal length 0\r")
            said = line.feed(f"{command}\r".encode())
            line.close()
            router.typed.clear()
            router.typed.extend(kept)
        text = b"".join(x.data for x in said if isinstance(x, Output)).decode()
        return text.replace("\r\n", "\n").partition("\n")[2]

    def by_hand(self, *lines: str) -> None:
        """Somebody configures lines at a terminal of the router."""
        with self.made.lab.lock:
            line = open_terminal(self.made.router(), "admin")
            line.start()
            for typed in ("configure terminal", *lines, "end"):
                line.feed(f"{typed}\r".encode())
            line.close()

    def forget(self) -> None:
        """Lets the record of typed lines begin here."""
        with self.made.lab.lock:
            self.made.router().typed.clear()

    def lasting(self) -> list[str]:
        """Returns every typed line that could change something, in order.

        What was typed in configuration mode bears its mode: ``(config)#hostname x``.
        """
        with self.made.lab.lock:
            typed = list(self.made.router().typed)
        return [x.lstrip("#>") for x in typed if not x.lstrip("#>").startswith(LOOKS)]

    def seen(self) -> Seen:
        """Returns everything of the router that a task may have changed."""
        router = self.made.router()
        with self.made.lab.lock:
            return Seen(
                running=list(router.running.lines()),
                startup=list(router.startup.lines()) if router.startup else [],
                files={n: (f.size, f.modified) for n, f in router.flash.files.items()},
                events=[e for e in self.made.events() if e not in BY_ITSELF],
            )


@dataclass(frozen=True)
class Seen:
    """A router at one moment: both configurations, its flash, its own log."""

    running: list[str]
    startup: list[str]
    files: dict[str, Any]
    events: list[str]


Prepare = Callable[[World], object]
Arguments = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One task from one starting state.

    Attributes:
        state: the starting state, by the name that docs/tasks.md gives it.
        case: tells rows of the same state apart.
        prepare: brings the router there, where its scenario alone cannot.
        sends: every lasting line that is typed, in order; none: nothing may change.
        adds, drops: lines of the running configuration.
        writes, removes: files on flash.
        events: of the router's own log, in order.
        shows: what the router prints afterwards, by command: a pattern, or several.
        refused: words of the one sentence, where the task must fail.
        again: lasting lines of the second run, with the reason why there are any.
        speed: of the lab's clock over SSH; more where hours are waited for.
        lab: what the scenario says beside its router: images, epoch.
        floor: machine seconds of the shortest deadline over SSH, for what never comes.
    """

    kind: str
    state: str
    task: Callable[..., Any]
    router: Mapping[str, Any]
    args: Arguments = field(default_factory=dict)
    case: str = ""
    prepare: Prepare | None = None
    sends: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    shows: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    refused: str | None = None
    again: tuple[tuple[str, ...], str] = ((), "")
    speed: float = 600.0
    floor: float | None = None
    lab: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As the row is called in the list of tests."""
        words = (self.kind, self.state, self.case)
        return "-".join(w.replace(" ", "_") for w in words if w)

    def arguments(self, world: World) -> dict[str, Any]:
        """Returns what the task is given."""
        return dict(self.args(world) if callable(self.args) else self.args)
