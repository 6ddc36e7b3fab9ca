"""The demo's processes: started with its secrets, spoken for line by line, ended on any exit."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from slp_core.child_environment import OWN, child_environment

Say = Callable[[str, str], None]
"""Tells who says what: ``say("operator", "uploaded …")``."""

_Stream = int | IO[Any] | None
_END_S = 20.0


class Processes:
    """Everything that the demo started; ended in the order of its start when the demo ends.

    Args:
        secrets: passwords and tokens, given to children by environment and to nobody else;
            of our own environment they get what they need to run, and no secret.
    """

    def __init__(self, secrets: Mapping[str, str], say: Say, *, cwd: Path) -> None:
        self._env = {**child_environment(OWN), **secrets, "PYTHONUNBUFFERED": "1"}
        self._say = say
        self._cwd = cwd
        self._children: list[tuple[str, subprocess.Popen[str]]] = []
        self._ending = threading.Event()

    def run(self, words: Sequence[str]) -> int:
        """Runs one ``slp`` command on the demo's own terminal and returns its exit code."""
        return self._popen("slp", _slp(words)).wait()

    def follow(self, who: str, words: Sequence[str], *, timeout: float) -> int:
        """Runs one ``slp`` command, telling each line that it says, and returns its exit code.

        Raises:
            TimeoutError: it did not end in time; it was interrupted as by Ctrl-C.
        """
        child = self._popen(who, _slp(words), stderr=subprocess.PIPE, own_session=True)
        reader = self._tell(who, child, child.stderr)
        try:
            child.wait(timeout)
        except subprocess.TimeoutExpired as error:
            self._end(child, signal.SIGINT)
            raise TimeoutError(f"slp {words[0]} did not end within {timeout:.0f} s") from error
        finally:
            reader.join(5)
        return child.returncode

    def start(self, who: str, words: Sequence[str], *, told: bool) -> subprocess.Popen[str]:
        """Starts something that lives until the demo ends, or until its parent is gone.

        Args:
            told: tell each line of its output.
        """
        sink = subprocess.PIPE if told else subprocess.DEVNULL
        child = self._popen(who, words, stdin=subprocess.PIPE, stdout=sink, own_session=True)
        if told:
            self._tell(who, child, child.stdout)
        return child

    def let_go(self, who: str) -> None:
        """Leaves a process running when the demo ends."""
        self._children = [(name, child) for name, child in self._children if name != who]

    def close(self) -> None:
        """Ends what still runs: politely first, and the lab last."""
        self._ending.set()
        for _, child in reversed(self._children):
            if child.poll() is None:
                with contextlib.suppress(OSError):
                    if child.stdin is not None:
                        child.stdin.close()
                        child.wait(_END_S)
                    else:
                        self._end(child, signal.SIGINT)
        for _, child in self._children:
            if child.poll() is None:
                self._end(child, signal.SIGTERM)

    def _popen(
        self,
        who: str,
        words: Sequence[str],
        *,
        stdin: _Stream = subprocess.DEVNULL,
        stdout: _Stream = None,
        stderr: _Stream = None,
        own_session: bool = False,
    ) -> subprocess.Popen[str]:
        child: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 - our own command
            list(words),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=self._env,
            cwd=self._cwd,
            text=True,
            start_new_session=own_session,
        )
        self._children.append((who, child))
        return child

    def _tell(
        self, who: str, child: subprocess.Popen[str], stream: IO[str] | None
    ) -> threading.Thread:
        def read() -> None:
            for line in stream or ():
                if not self._ending.is_set():
                    self._say(who, str(line).rstrip("\n"))

        thread = threading.Thread(target=read, name=f"tell-{who}-{child.pid}", daemon=True)
        thread.start()
        return thread

    @staticmethod
    def _end(child: subprocess.Popen[str], number: int) -> None:
        for attempt in (number, signal.SIGTERM, signal.SIGKILL):
            if child.poll() is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(attempt)
            until = time.monotonic() + _END_S
            while child.poll() is None and time.monotonic() < until:
                time.sleep(0.05)


def _slp(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "slp_cli", *words]
