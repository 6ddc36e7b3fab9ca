"""A VTY line behind an SSH channel: what a shell says is printed, waited for, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterator

import asyncssh

from slp_sim.ports import Action, Close, Delay, Output, Shell, Wake
from slp_sim.server.endpoint import Endpoint, Server

LOG = logging.getLogger("slp_sim.server")
_MAX_TYPED_AHEAD = 1024 * 1024


@contextlib.contextmanager
def crashing(endpoint: Endpoint) -> Iterator[None]:
    """Has a defect of a simulated router look like a router's: it is logged, and its lines drop."""
    try:
        yield
    except Exception:
        LOG.exception("%s: a session crashed", endpoint.router.spec.name)
        for connection in list(endpoint.connections):
            connection.abort()


class Line:
    """Carries out what a shell says: bytes now, pauses in lab time, the end."""

    def __init__(
        self,
        server: Server,
        endpoint: Endpoint,
        channel: asyncssh.SSHServerChannel[bytes],
        shell: Shell,
    ) -> None:
        self._server = server
        self._endpoint = endpoint
        self._channel = channel
        self._shell = shell
        self._actions: deque[Action] = deque()
        self._typed = bytearray()
        self._pause: asyncio.TimerHandle | None = None
        self._wakes: set[asyncio.TimerHandle] = set()
        self._over = False
        self._alone: bytearray | None = None
        self._echoed = False
        self._ended = False

    def run_alone(self, command: str) -> None:
        """Carries out one command without a prompt, as ``ssh router show clock`` does."""
        self._alone = bytearray()
        if any(isinstance(action, Close) for action in self._shell.start()):
            self.act([Close()])
            return
        self._shell.feed(b"terminal length 0\n")
        self.act(self._shell.feed(command.encode() + b"\n"))

    def end_of_input(self) -> None:
        """The client has nothing more to say: what is at work goes on, nothing new begins."""
        self._ended = True
        self._go_on()

    def typed(self, data: bytes) -> None:
        """Hands on what was typed, later while the router is busy."""
        if self._over:
            return
        if self._pause is not None:
            if len(self._typed) < _MAX_TYPED_AHEAD:
                self._typed += data
            return
        self.act(self._shell.feed(data))

    def look(self) -> None:
        """Prints what the router has logged meanwhile, where its user monitors it."""
        if self._over or self._pause is not None or self._alone is not None:
            return
        news = self._shell.news()
        if news:
            self._actions.extend(news)
            self._go_on()

    def act(self, actions: list[Action]) -> None:
        """Carries out actions in order; what follows a pause waits for its end."""
        self._actions.extend(actions)
        self._go_on()
        self._server.touched(self._endpoint)

    def _go_on(self) -> None:
        while self._actions and not self._over and self._pause is None:
            action = self._actions.popleft()
            if isinstance(action, Output):
                self._write(action.data)
            elif isinstance(action, Delay):
                self._pause = self._server.after(action.seconds, self._resumed)
            elif isinstance(action, Wake):
                self._wake_in(action.seconds)
            else:
                assert isinstance(action, Close)
                self._hang_up()
        if self._over or self._pause is not None:
            return
        if self._alone is not None:
            self._show_alone(self._alone)
        if self._shell.idle and self._alone is not None:
            self._shell.feed(b"exit\n")
            self._hang_up()
        elif self._ended and not self._wakes and not self._typed:
            self._hang_up()

    def _show_alone(self, text: bytearray) -> None:
        """Prints what a command said; neither its echo nor the prompt that follows it."""
        if not self._echoed:
            _, line_end, rest = text.partition(b"\n")
            if not line_end:
                return
            text[:], self._echoed = rest, True
        end = text.rfind(b"\n") + 1 if self._shell.idle else len(text)
        self._channel.write(bytes(text[:end]))
        text.clear()

    def _write(self, data: bytes) -> None:
        if self._alone is None:
            self._channel.write(data)
        else:
            self._alone += data

    def _resumed(self) -> None:
        self._pause = None
        self._go_on()
        if self._typed and self._pause is None and not self._over:
            data = bytes(self._typed)
            self._typed.clear()
            with crashing(self._endpoint):
                self.act(self._shell.feed(data))

    def _wake_in(self, seconds: float) -> None:
        handle: asyncio.TimerHandle

        def wake() -> None:
            self._wakes.discard(handle)
            with crashing(self._endpoint):
                if not self._over:
                    self.act(self._shell.wake())

        handle = self._server.after(seconds, wake)
        self._wakes.add(handle)

    def _hang_up(self) -> None:
        self._over = True
        if self._alone:
            self._show_alone(self._alone)
        if self._endpoint.router.is_up():
            self._channel.exit(0)
        # A router that goes down cuts its lines: the server sees to it.

    def gone(self) -> None:
        """The client is gone: the line is free."""
        self._over = True
        for handle in (self._pause, *self._wakes):
            if handle is not None:
                handle.cancel()
        self._wakes.clear()
        self._shell.close()
