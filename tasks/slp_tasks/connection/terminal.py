"""A terminal on an IOS-XE router, over anything that reads and writes text.

Prompts are anchored to the router's own name and to the end of what has arrived, so that neither
a line that looks like a prompt (F17) nor a pause within output cuts an answer short; log lines
after a prompt (F16) do not hide it. Questions are met literally (F12). What is typed is one
printable line, a return or a blank for the next page; anything else is an error and never sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from slp_core.errors import (
    AuthFailed,
    CommandRejected,
    DeadlineExceeded,
    PrivilegeMissing,
    RouterError,
    RouterTooLoud,
    SessionLost,
)
from slp_core.secrets import REDACTOR
from slp_tasks.connection import hearing
from slp_tasks.connection.keys import ESCAPE
from slp_tasks.connection.printable import Keyboard, Stream, refuse_answer, refuse_command
from slp_tasks.connection.prompts import (
    ANY_PROMPT,
    MORE,
    TAIL,
    anchored,
    asked,
    at_end,
    open_question,
    tidy,
)
from slp_tasks.session import Answer, rejection

_SETTLE_S = 30.0
_LEAVE_S = 15.0
_OPENED = re.compile(r"^Trying [^\n]*\.\.\.\s*Open\b", re.MULTILINE)
_CLOSED = "closed by foreign host"


class Terminal:
    """One session: logs in to privileged EXEC, then runs commands one at a time."""

    def __init__(
        self, stream: Stream, where: str, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.hostname = ""
        self.lost = False
        self._stream = Keyboard(stream, where)
        self._where = where
        self._now = now
        self._prompt = ANY_PROMPT
        self._last_prompt = ""
        self._meter = hearing.Meter(where)
        self._settled = False

    # -- login -------------------------------------------------------------------------------

    def settle(self, *, enable: Callable[[], str | None], timeout: float = _SETTLE_S) -> None:
        """Finds the prompt, reaches privileged EXEC and makes the terminal plain.

        Args:
            enable: returns the enable secret, asked only if the router asks.

        Raises:
            AuthFailed: the enable secret was refused.
            PrivilegeMissing: privileged EXEC cannot be reached.
            RouterTooLoud: it prints without end.
        """
        prompt = self._find_prompt(timeout)
        self._anchor(prompt[:-1])
        if prompt.endswith(">"):
            self._enable(enable, timeout)
        # Width first: a long line that wraps would hide its own echo (F18).
        for command in ("terminal width 511", "terminal length 0", "terminal no monitor"):
            self.run(command, timeout=timeout)
        self._check_privilege(timeout)
        self._settled = True

    def _find_prompt(self, timeout: float) -> str:
        """Returns the prompt: what comes back, the same, for two returns (banners, F17)."""
        deadline = self._now() + timeout
        self._stream.write("\n")
        text, last = "", ""
        while True:
            text = (text + self._read(deadline, text))[-TAIL:]
            match = at_end(ANY_PROMPT, text)
            if match is None:
                continue
            if match[1] == last:
                return last
            last, text = match[1], ""
            self._stream.write("\n")

    def _anchor(self, name: str) -> None:
        self.hostname = name.partition("(")[0]
        self._prompt = anchored(self.hostname)

    def _enable(self, secret: Callable[[], str | None], timeout: float) -> None:
        deadline = self._now() + timeout
        self._stream.write("enable\n")
        text, asked, echoed = "", 0, False
        while True:
            text = (text + self._read(deadline, text))[-TAIL:]
            echoed = echoed or "enable" in text.replace(self.hostname, "")
            if not echoed:
                continue  # a prompt that was on its way before the command
            if text.rstrip().endswith("assword:"):
                asked += 1
                value = secret() if asked == 1 else None
                if asked > 1 or value is None:
                    self.close()
                    raise self._no_enable(asked)
                text = ""
                self._stream.write(value + "\n", hidden=True)
            elif (match := self._at_prompt(text)) is not None:
                if match[1].endswith("#"):
                    return
                self.close()
                raise self._no_enable(asked + 1)

    def _no_enable(self, asked: int) -> RouterError:
        if asked > 1:
            return AuthFailed(
                "the secret of enable was refused",
                where=self._where,
                remedy="check data.slp.enable",
            )
        return PrivilegeMissing(
            "privileged EXEC asks for a secret and none is given",
            where=self._where,
            remedy="give data.slp.enable as a reference, or a user of privilege 15",
        )

    def _check_privilege(self, timeout: float) -> None:
        level = re.search(r"privilege level is (\d+)", self.run("show privilege", timeout=timeout))
        if level and int(level[1]) < 15:
            self.close()
            raise PrivilegeMissing(
                f"the user has privilege level {level[1]}, not 15",
                where=self._where,
                remedy="use a user of privilege 15 or give data.slp.enable",
            )

    # -- commands ----------------------------------------------------------------------------

    def run(self, command: str, *, timeout: float = 60.0) -> str:
        """Returns what ``command`` printed (see ``Session.run``)."""
        return self.dialogue(command, timeout=timeout)

    def dialogue(
        self,
        command: str,
        answers: Sequence[Answer] = (),
        *,
        timeout: float = 60.0,
        drop_ok: bool = False,
        hidden: bool = False,
    ) -> str:
        """Sends ``command`` and answers what is asked (see ``Session.dialogue``).

        Raises:
            NeverSent: it or an answer is anything but one printable line; nothing was sent.
        """
        refuse_command(command, self._where, hidden=hidden)
        for answer in answers:
            refuse_answer(answer.send, self._where, hidden=answer.hidden)
        said: list[str] = []
        try:
            self._converse(command, list(answers), said, timeout, hidden)
        except SessionLost:
            self.lost = True
            if not drop_ok:
                raise
        return tidy("".join(said), command, self._prompt)

    def _converse(
        self, command: str, answers: list[Answer], said: list[str], timeout: float, hidden: bool
    ) -> None:
        """Appends to ``said`` what the router prints until its prompt is back."""
        deadline = self._now() + timeout
        if self._settled:
            self._meter.begin(hearing.MAX_COMMAND)
        self._stream.write(command + "\n", hidden=hidden)
        echo = hearing.Echo(command, self._where)
        heard = ""  # the end of what came since the command or the last answer
        while True:
            new = self._read(deadline, heard)
            heard = (heard + new)[-TAIL:]
            said.append(new)
            if not self._echoed(echo, new):
                continue  # what is here was on its way before the command
            if MORE.search(heard[-40:]):
                heard = ""
                self._stream.write(" ")
                continue
            answer = asked(heard, answers)
            if answer is not None:
                answers.remove(answer)
                heard = ""
                self._stream.write(answer.send + "\n", hidden=answer.hidden)
            elif (prompt := self._at_prompt(heard)) is not None:
                self._last_prompt = prompt[1]
                return

    def dial(self, command: str, *, timeout: float = 60.0) -> str:
        """Sends a ``telnet`` and leaves at once what it opens (see ``Session.dial``).

        Raises:
            NeverSent: it is anything but one printable line; nothing was sent.
        """
        refuse_command(command, self._where)
        deadline = self._now() + timeout
        self._meter.begin(hearing.MAX_LOGIN)
        self._stream.write(command + "\n")
        echo = hearing.Echo(command, self._where)
        said, echoed = "", False
        while not (echoed and self._at_prompt(said)):
            new = self._read(deadline, said)
            said += new
            echoed = echoed or self._echoed(echo, new)
            if _OPENED.search(said[-TAIL:]) and _CLOSED not in said[-TAIL:]:
                self._leave()
                break
        return tidy(said, command, self._prompt)

    def _leave(self) -> None:
        """Leaves and closes the session that has opened; hangs up where that is not sure.

        An empty line would go back into it: nothing else may be typed before it is closed.
        """
        self._escape()
        deadline, heard = self._now() + _LEAVE_S, ""
        try:
            while self._at_prompt(heard) is None:
                heard = (heard + self._read(deadline, heard))[-TAIL:]
            sure = _CLOSED not in heard  # else the x may stand at our own prompt
            if sure:
                said = self.dialogue("disconnect", [Answer("[confirm]", "")], timeout=_LEAVE_S)
                sure = "Closing connection" in said
        except DeadlineExceeded:
            return  # closed already
        if not sure:
            self.close()

    def _escape(self) -> None:
        self._stream.write(ESCAPE)

    def configure(self, lines: Sequence[str], *, timeout: float = 60.0) -> str:
        """Enters ``lines`` (see ``Session.configure``).

        Raises:
            NeverSent: one of them is anything but printable; none was sent.
        """
        for line in lines:
            refuse_command(line, self._where)
        said = [self.dialogue("configure terminal", timeout=timeout)]
        if "(config" not in self._last_prompt:
            refused = rejection(said[0])
            raise CommandRejected(
                "configuration mode cannot be entered" + (f": {refused}" if refused else ""),
                where=self._where,
                remedy="the SD-WAN manager configures a router in controller mode"
                if refused
                else "somebody else may hold the configuration lock",
            )
        try:
            for line in lines:
                if line.startswith("hostname "):
                    self._anchor(line.split()[1])
                said.append(self.dialogue(line, timeout=timeout))
                refused = rejection(said[-1])
                if refused:
                    raise CommandRejected(
                        REDACTOR.mask(f"{line!r} was refused: {refused}"),
                        where=self._where,
                        remedy="nothing was configured after this line",
                    )
        finally:
            if not self.lost:
                said.append(self.dialogue("end", timeout=timeout))
        return "\n".join(s for s in said if s)

    def alive(self, timeout: float = 5.0) -> bool:
        """Tells whether the prompt still answers; a terminal that does not is closed (F03)."""
        deadline = self._now() + timeout
        self._meter.begin(hearing.MAX_LOGIN)
        try:
            self._stream.write("\n")
            heard = ""
            while self._at_prompt(heard) is None:
                heard = (heard + self._read(deadline, heard))[-TAIL:]
        except RouterError:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Hangs up."""
        self.lost = True
        self._stream.close()

    # -- reading -----------------------------------------------------------------------------

    def _read(self, deadline: float, heard: str) -> str:
        left = deadline - self._now()
        try:
            if left <= 0:
                raise DeadlineExceeded("the router did not finish in time", where=self._where)
            new = self._stream.read(left)
            self._meter.count(new)
            return new
        except RouterTooLoud:
            self.close()
            raise
        except DeadlineExceeded as error:
            self.close()
            question = open_question(heard)
            if question is None:
                raise
            asks = REDACTOR.mask(question)
            raise DeadlineExceeded(
                f"the router waits for an answer to {asks!r}", where=self._where
            ) from error
        except SessionLost:
            self.lost = True
            raise

    def _echoed(self, echo: hearing.Echo, new: str) -> bool:
        try:
            return echo.is_in(new)
        except RouterTooLoud:
            self.close()
            raise

    def _at_prompt(self, text: str) -> re.Match[str] | None:
        return at_end(self._prompt, text)
