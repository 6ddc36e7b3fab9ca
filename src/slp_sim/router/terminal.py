"""One VTY line: what is typed, echoed, paged and prompted; the ``Shell`` of the lab's ports."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from inspect import GEN_RUNNING, getgeneratorstate
from sys import intern
from typing import TYPE_CHECKING

from slp_sim.ports import Action, Close, Delay, Output, Wake
from slp_sim.router.grammar import Grammar, Reject
from slp_sim.router.keyboard import Editor, completion, help_text, reject_text
from slp_sim.router.running import MORE, perform
from slp_sim.router.steps import Ask, Dialogue, Hangup, Step, Wait

if TYPE_CHECKING:
    from slp_sim.router.router import Router


class Terminal:
    """A session of one user on one router."""

    def __init__(self, router: Router, username: str, privilege: int) -> None:
        self.router = router
        self.username = username
        self.privilege = privilege
        self.config_paths: list[tuple[str, ...]] | None = None
        """None in EXEC; in configuration mode the sections that lines go to, if any."""
        self.in_range = False
        self.length = 24
        self.width = 80
        self.monitor = False
        vty = [x for head, x in router.running.sections() if head.startswith("line vty 0")]
        self.timestamps = any("exec prompt timestamp" in rows for rows in vty)
        self.last_line = ""
        self.history: deque[str] = deque(maxlen=20)
        self._boot = router.boot_count
        self._editor = Editor()
        self._typed_ahead: deque[str] = deque()
        self._after_cr = False
        self._swallow = False
        self._dialogue: Dialogue | None = None
        self._fresh = False
        self._ask: Ask | None = None
        self._wake_at: datetime | None = None
        self._out: list[Action] = []
        self._closed = False
        self._prompt_shown = ""
        self._seen_log = len(router.syslog)

    # --- the front end's side -------------------------------------------------------------------

    def start(self) -> list[Action]:
        """Banner and first prompt, after login."""
        with self.router.lock:
            self.router.settle()
            if not self.router.up or self.router.too_many_lines():
                return [Close()]
            for banner in self.router.banners():
                self._print(f"\n{banner}\n")
            self._prompt()
            return self._flush()

    def feed(self, data: bytes) -> list[Action]:
        """Takes what was typed, returns what the router does."""
        with self.router.lock:
            self.router.settle()
            if self._gone():
                return [Close()]
            self._typed_ahead.extend(data.decode("utf-8", "replace"))
            self._take_input()
            return self._flush()

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
            return self._flush()

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
        if self._closed or self.router.boot_count != self._boot or not self.router.up:
            self.close()
            return True
        return False

    def _flush(self) -> list[Action]:
        actions, self._out = self._out, []
        merged: list[Action] = []
        pieces: list[bytes] = []
        for action in actions:
            if isinstance(action, Output):
                pieces.append(action.data)
                continue
            if pieces:
                merged.append(Output(b"".join(pieces)))
                pieces = []
            merged.append(action)
        if pieces:
            merged.append(Output(b"".join(pieces)))
        return merged

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
        if self._ask is not None and self._ask.key:
            self._answer_key(char)
        elif char in "\r\n":
            self._enter()
        elif char in "\b\x7f":
            self._echo(self._editor.erase())
        elif char == "\x15":
            self._echo(self._editor.clear())
        elif char == "\x03":
            self._interrupt()
        elif char == "\x1a":
            self._end_config()
        elif char == "?" and self._ask is None:
            text = help_text(self.grammar(), self._editor.text, self, self._prompt_shown)
            self._print(f"?\n{text}{self._prompt_shown}{self._editor.text}")
        elif char == "\t":
            for added in completion(self.grammar(), self._editor.text, self):
                self._echo(self._editor.insert(added))
        elif char >= " ":
            self._echo(self._editor.insert(char))

    def _echo(self, text: str) -> None:
        if self._ask is None or not self._ask.hidden:
            self._print(text)

    def _answer_key(self, char: str) -> None:
        more = self._ask is not None and self._ask.prompt == MORE
        self._ask = None
        if char not in "\r\n" and not more:
            self._swallow = True  # clients send "y" and a line end where one key answers
        self._advance(char)

    def _enter(self) -> None:
        line = self._editor.take()
        self._print("\n")
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
        self._print("^C\n")
        self._prompt()

    def _end_config(self) -> None:
        self._editor.take()
        self._print("^Z\n")
        if self.config_paths is not None:
            self.leave_config()
        self._prompt()

    # --- commands -------------------------------------------------------------------------------

    def grammar(self) -> Grammar:
        """Returns the commands of the mode that the line is in."""
        from slp_sim.router.commands import CONFIG, EXEC

        return EXEC if self.config_paths is None else CONFIG

    def _command(self, line: str) -> None:
        text = line.strip()
        if not text or text.startswith("!"):
            self._prompt()
            return
        self.history.append(text)
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
                self._print(step)
            elif isinstance(step, Ask):
                self._print(step.prompt)
                self._ask = step
                return
            elif isinstance(step, Wait):
                self._wake_at = self.router.clock.now() + timedelta(seconds=step.seconds)
                self._out.append(Wake(step.seconds))
                return
            else:
                assert isinstance(step, Hangup)
                dialogue.close()
                self._dialogue = None
                self._out.append(Close())
                self.close()
                return
        self._dialogue = None
        if not self._closed:
            self._prompt()

    # --- output ---------------------------------------------------------------------------------

    def pause(self, seconds: float) -> None:
        """Lets the front end wait before what follows (a slow router)."""
        self._out.append(Delay(seconds))

    def _print(self, text: str) -> None:
        self._out.append(Output(text.replace("\n", "\r\n").encode()))

    def _prompt(self) -> None:
        late = self.router.faults.prompt_delay()
        if late:
            self.pause(late)
        self._messages()
        noise = self.router.faults.at_prompt()
        if noise:
            self._print(noise)
        self._prompt_shown = self.prompt()
        self._editor.width, self._editor.prompt_width = self.width, len(self._prompt_shown)
        self._print(self._prompt_shown)

    def _messages(self) -> None:
        """Prints what was logged meanwhile, where the user asked for it."""
        news = self.router.syslog[self._seen_log :] if self.monitor else []
        self._seen_log = len(self.router.syslog)
        for line in news:
            self._print(f"{line}\n")

    def prompt(self) -> str:
        """Returns the prompt of the mode that the line is in."""
        name = self.router.hostname[:20] if self.config_paths is not None else self.router.hostname
        if self.config_paths is not None:
            from slp_sim.router.commands.sections import label

            return f"{name}({label(self)})#"
        return f"{name}{'#' if self.privilege >= 15 else '>'}"

    def leave_config(self) -> None:
        """Goes back to EXEC; the router logs that it was configured."""
        self.config_paths = None
        self.router.log(
            "SYS-5-CONFIG_I", f"Configured from console by {self.username} on vty0 (127.0.0.1)"
        )

    def reject(self, reject: Reject, line: str) -> str:
        """Returns what the router says of a line that it did not understand."""
        return reject_text(reject, line, self._prompt_shown)
