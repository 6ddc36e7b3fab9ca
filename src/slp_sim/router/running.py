"""One line of input as a dialogue: understood, carried out, filtered, shown page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.grammar import Reject
from slp_sim.router.pipes import Filter, split_pipe
from slp_sim.router.steps import Ask, Dialogue

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal

MORE = " --More-- "
_WIPE = "\b" * len(MORE) + " " * len(MORE) + "\b" * len(MORE)


def perform(line: Terminal, text: str) -> Dialogue:
    """Carries out what was typed in the mode that the line is in."""
    if line.config_paths is not None:
        from slp_sim.router.commands.configure import config_line

        yield from config_line(line, text)
        return
    yield from exec_line(line, text)


def exec_line(line: Terminal, text: str) -> Dialogue:
    """Carries out one EXEC command, also for ``do``."""
    from slp_sim.router.commands import EXEC

    router = line.router
    command, pipe = split_pipe(text)
    line.last_line = command.strip()
    match = EXEC.match(command, line)
    if router.faults.unknown(command):
        match = Reject("invalid", len(command) - len(command.split(maxsplit=1)[-1]))
    if isinstance(match, Reject):
        yield line.reject(match, command)
        return
    if pipe is not None and not pipe.valid:
        yield line.reject(Reject("invalid", len(command) + 2), text)
        return
    yield from router.faults.before_output()
    if line.timestamps or router.faults.on("F20"):
        yield router.load_lines()
    yield from _shown(line, match.handler(line, **match.args), pipe)


def _shown(line: Terminal, result: str | Dialogue | None, pipe: Filter | None) -> Dialogue:
    if result is None:
        return
    if isinstance(result, str):
        yield from _paged(line, pipe(result) if pipe else result)
        return
    try:
        step = next(result)
        while True:
            if isinstance(step, str) and pipe is not None:
                step = pipe(step)
            answer = yield step
            step = result.send(answer)
    except StopIteration:
        return


def _paged(line: Terminal, text: str) -> Dialogue:
    text = line.router.faults.in_output(text)
    lines = text.splitlines(keepends=True)
    room = line.length - 1
    if line.length <= 1 or len(lines) <= room:
        yield text
        return
    at, step = 0, room
    while True:
        yield "".join(lines[at : at + step])
        at += step
        if at >= len(lines):
            return
        key = yield Ask(MORE, key=True)
        yield _WIPE
        if key not in (" ", "\r", "\n", ""):
            return
        step = room if key == " " else 1
