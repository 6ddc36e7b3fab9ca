"""One VTY line: what is typed, echoed, paged and prompted; the ``Shell`` of the lab's ports."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from inspect import GEN_RUNNING, getgeneratorstate
from sys import intern

from slp_sim.ports import Action, Close, Wake
from slp_sim.router.commands.sections import label
from slp_sim.router.console.execute import MORE, exec_line, perform
from slp_sim.router.console.help import answer
from slp_sim.router.console.keyboard import Editor
from slp_sim.router.console.screen import Screen, Unread
from slp_sim.router.dialogue import Ask, Dialogue, Hangup, Remote, Step, Wait
from slp_sim.router.grammar import Grammar
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_ESCAPE = "\x1e"
_STOPS = {"\x03", "\x1e"}
"""Ctrl-C and Ctrl-Shift-6: they end a command that can be ended."""


class Terminal(Vty):
    """A session of one user, as somebody who types sees it."""

    def __init__(
        self, router: Router, username: str, privilege: int, exec_grammar: Grammar
    ) -> None:
        super().__init__(router, username, privilege, exec_grammar)
        self._remote: str | None = None
        self._leaving = False
        self._config_history: deque[str] = deque(maxlen=20)
        self._boot = router.life
        self._editor = Editor()
        self._typed_ahead: deque[str] = deque()
        self._after_cr = False
        self._swallow = False
        self._dialogue: Dialogue | None = None
        self._fresh = False
        self._ask: Ask | None = None
        self._wake_at: datetime | None = None
        self._stoppable = False
        self._screen = Screen()
        self._closed = False
        self._unread = Unread(router.syslog)

    # --- the front end's side -------------------------------------------------------------------

    def start(self) -> list[Action]:
        """Banner and first prompt, after login."""
        with self.router.lock:
            self.router.settle()
            if not self.router.up or self.router.too_many_lines():
                return [Close()]
            for banner in self.router.banners():
                self._screen.print(f"\n{banner}\n")
            self._prompt()
            return self._screen.flush()

    def feed(self, data: bytes) -> list[Action]:
        """Takes what was typed, returns what the router does."""
        with self.router.lock:
            self.router.settle()
            if self._gone():
                return [Close()]
            self.used_at = self.router.clock.now()
            self._typed_ahead.extend(data.decode("utf-8", "replace"))
            if (
                self._stoppable
                and self._wake_at is not None
                and not _STOPS.isdisjoint(self._typed_ahead)
            ):
                self._typed_ahead.clear()
                self._wake_at, self._stoppable = None, False
                self._interrupt()
            self._take_input()
            return self._screen.flush()

    def wake(self) -> list[Action]:
        """Goes on after a ``Wake``; too early, it waits for the rest."""
        with self.router.lock:
            self.router.settle()
            if self._gone():
                return [Close()]
            if self._wake_at is None:
                return []
            left = (self._wake_at - self.router.clock.now()).total_seconds()
            if left > 0.001:
                return [Wake(left)]
            self._wake_at = None
            self._messages()
            self._advance("")
            self._take_input()
            return self._screen.flush()

    def news(self) -> list[Action]:
        """Prints what was logged while nobody typed, on a line that monitors."""
        with self.router.lock:
            waits = not self.monitor or self._dialogue is not None
            if (
                waits
                or self._closed
                or not self.router.up
                or not self._unread.look(self.router.syslog)
            ):
                return []
            self._screen.print("\n")
            self._messages()
            if self.synchronous:
                self._screen.print(self.prompt_shown + self._editor.shown())
            return self._screen.flush()

    @property
    def idle(self) -> bool:
        """Tells whether it shows a prompt: no command is at work or asks something."""
        return self._dialogue is None and not self._typed_ahead

    def close(self) -> None:
        """The client hung up; the line is free again."""
        with self.router.lock:
            if not self._closed:
                self._closed = True
                self.router.line_closed(self)
                if self._dialogue is not None and getgeneratorstate(self._dialogue) != GEN_RUNNING:
                    self._dialogue.close()
                self._dialogue = None

    def _gone(self) -> bool:
        if self._closed or self.router.life != self._boot or not self.router.up:
            self.close()
            return True
        return False

    # --- typing ---------------------------------------------------------------------------------

    def _take_input(self) -> None:
        while self._typed_ahead and not self._closed and self._wake_at is None:
            self._key(self._typed_ahead.popleft())

    def _key(self, char: str) -> None:
        if char == "\n" and self._after_cr:
            self._after_cr = False
            return
        self._after_cr = char == "\r"
        if self._swallow:
            self._swallow = False
            if char in "\r\n":
                return
        if self._remote is not None:
            self._far_key(char, self._remote)
        elif self._ask is not None and self._ask.key:
            self._answer_key(char)
        elif char in "\r\n":
            self._enter()
        elif char == "\x03":
            self._interrupt()
        elif char == "\x1a":
            self._end_config()
        elif self._ask is None and char in "?\t\x0c\x12" and not self._editor.quoted:
            self._screen.print(answer(self, self._editor, char, self.prompt_shown))
        else:
            echo = self._editor.press(char)
            if echo is None:
                echo = self._editor.insert(char) if char == "?" else ""
            self._echo(echo)

    def _far_key(self, char: str, host: str) -> None:
        """What is typed in a session goes to the other host; Ctrl-Shift-6 and x leave it."""
        if self._leaving and char in "xX":
            self.connections.append(host)
            self._remote, self._leaving = None, False
            self._screen.print("\n")
            self._advance("")
            return
        self._leaving = char == _ESCAPE

    def far_closed(self) -> list[Action]:
        """The other host ends the session that the line is in."""
        with self.router.lock:
            if self._remote is None:
                return []
            self._screen.print(f"\n[Connection to {self._remote} closed by foreign host]\n")
            self._remote, self._leaving = None, False
            self._advance("")
            return self._screen.flush()

    def _echo(self, text: str) -> None:
        if self._ask is None or not self._ask.hidden:
            self._screen.print(text)

    def _answer_key(self, char: str) -> None:
        more = self._ask is not None and self._ask.prompt == MORE
        self._ask = None
        if char not in "\r\n" and not more:
            self._swallow = True  # clients send "y" and a line end where one key answers
        self._advance(char)

    def _enter(self) -> None:
        line = self._editor.take()
        self._screen.print("\n")
        if self._ask is not None:
            self._ask = None
            self._advance(line)
            return
        self._command(line)

    def _interrupt(self) -> None:
        self._editor.take()
        if self._dialogue is not None:
            self._dialogue.close()
            self._dialogue, self._ask = None, None
        if self.config_paths is not None:
            self._screen.print("^C")
            self.leave_config()
        self._screen.print("\n")
        self._prompt()

    def _end_config(self) -> None:
        """Ctrl-Z: what stands on the line is configured still, then EXEC it is."""
        line = self._editor.take()
        if self._ask is not None:
            return
        self._screen.print("^Z\n")
        in_config = self.config_paths is not None
        if in_config and line.strip():
            self._typed_ahead.extendleft(reversed("end\r"))
            self._command(line)
            return
        if in_config:
            self.leave_config()
        self._prompt()

    # --- commands -------------------------------------------------------------------------------

    def _command(self, line: str) -> None:
        text = line.strip()
        if not text and self.connections and self.config_paths is None:
            self._dialogue, self._fresh = perform(self, "resume"), True
            self._advance("")
            return
        if not text or text.startswith("!"):
            self._prompt()
            return
        self._editor.remember(text)
        mode = self.prompt()[-1] if self.config_paths is None else "(config)#"
        self.router.typed.append(intern(f"{mode}{text}"))  # few differ, in however many routers
        self._dialogue, self._fresh = perform(self, line), True
        self._advance("")

    def _advance(self, answer: str) -> None:
        """Runs the command until it asks, waits or ends."""
        dialogue = self._dialogue
        if dialogue is None:
            return
        while True:
            try:
                step: Step = next(dialogue) if self._fresh else dialogue.send(answer)
            except StopIteration:
                break
            self._fresh, answer = False, ""
            if isinstance(step, str):
                self._screen.print(step)
            elif isinstance(step, Ask):
                self._screen.print(step.prompt)
                self._ask = step
                return
            elif isinstance(step, Wait):
                self._wake_at = self.router.clock.now() + timedelta(seconds=step.seconds)
                self._stoppable = step.stoppable
                self._screen.wake_in(step.seconds)
                return
            elif isinstance(step, Remote):
                self._remote = step.host
                return
            else:
                assert isinstance(step, Hangup)
                dialogue.close()
                self._dialogue = None
                self._screen.hang_up()
                self.close()
                return
        self._dialogue = None
        if not self._closed:
            self._prompt()

    # --- output ---------------------------------------------------------------------------------

    def _prompt(self) -> None:
        late = self.router.faults.prompt_delay()
        if late:
            self._screen.pause(late)
        self._messages()
        noise = self.router.faults.at_prompt()
        if noise:
            self._screen.print(noise)
        self.prompt_shown = self.prompt()
        editor = self._editor
        editor.width, editor.prompt_width = self.width, len(self.prompt_shown)
        editor.history = self.history if self.config_paths is None else self._config_history
        self._screen.print(self.prompt_shown)

    def _messages(self) -> None:
        """Prints what was logged meanwhile, where the user asked for it."""
        news = self._unread.take(self.router.syslog)
        for line in news if self.monitor else []:
            self._screen.print(f"{line}\n")

    def execute(self, text: str, skipped: int = 0) -> Dialogue:
        """Carries out one EXEC command; ``skipped`` columns stand before it."""
        return exec_line(self, text, skipped)

    def prompt(self) -> str:
        """Returns the prompt of the mode that the line is in."""
        name = self.router.hostname[:20] if self.config_paths is not None else self.router.hostname
        if self.config_paths is not None:
            return f"{name}({label(self)})#"
        return f"{name}{'#' if self.privilege >= 15 else '>'}"
