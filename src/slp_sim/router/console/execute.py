"""One line of input as a dialogue: understood, carried out, filtered, shown page by page."""

from __future__ import annotations

from slp_sim.router.commands import dialing
from slp_sim.router.commands.configure import config_line
from slp_sim.router.dialogue import Ask, Dialogue
from slp_sim.router.flash import FlashFull
from slp_sim.router.grammar import Reject
from slp_sim.router.pipes import Filter, split_pipe
from slp_sim.router.render.config import contents
from slp_sim.router.render.text import load_lines
from slp_sim.router.vty import Vty

MORE = " --More-- "
_WIPE = "\b" * len(MORE) + " " * len(MORE) + "\b" * len(MORE)


def perform(line: Vty, text: str) -> Dialogue:
    """Carries out what was typed in the mode that the line is in."""
    if line.config_paths is not None:
        yield from config_line(line, text)
        return
    yield from exec_line(line, text)


def exec_line(line: Vty, text: str, skipped: int = 0) -> Dialogue:
    """Carries out one EXEC command, also for ``do``, which stands ``skipped`` columns before it."""
    router = line.router
    command, pipe = split_pipe(text)
    line.last_line = command.strip()
    match = line.exec_grammar.match(command, line)
    if router.faults.unknown(command):
        match = Reject("invalid", len(command) - len(command.split(maxsplit=1)[-1]))
    elif (
        isinstance(match, Reject)
        and match.kind == "invalid"
        and " " not in line.last_line
        and dialing.dials_out(line)
    ):
        yield from dialing.telnet(line, line.last_line)
        return
    if isinstance(match, Reject):
        yield line.reject(Reject(match.kind, match.column + skipped), command)
        return
    if pipe is not None and not pipe.valid:
        yield line.reject(Reject("invalid", len(command) + 2 + skipped), text)
        return
    yield from router.faults.before_output()
    stamp = load_lines(router) if line.timestamps or router.faults.on("F20") else ""
    if stamp:
        yield stamp
    result = match.handler(line, **match.args)
    if isinstance(result, Reject):
        indent = len(command) - len(command.lstrip())
        yield line.reject(Reject(result.kind, result.column + indent + skipped), command)
        return
    yield from _shown(line, result, pipe)


def _shown(line: Vty, result: str | Dialogue | None, pipe: Filter | None) -> Dialogue:
    if result is None:
        return
    if isinstance(result, str):
        if pipe is not None and pipe.to_file:
            yield from _to_file(line, result, pipe)
        else:
            yield from _paged(line, pipe(result) if pipe else result)
        return
    kept = ""
    try:
        step = next(result)
        while True:
            if isinstance(step, str) and pipe is not None:
                kept, step = kept + step, "" if pipe.to_file else pipe(step)
            answer = yield step
            step = result.send(answer)
    except StopIteration:
        if pipe is not None and pipe.to_file:
            yield from _to_file(line, kept, pipe)


def _to_file(line: Vty, text: str, pipe: Filter) -> Dialogue:
    router, path = line.router, pipe.expression
    if path.partition(":")[0].lower() not in ("bootflash", "flash"):
        yield f"%Error opening {path} (Invalid argument)\n"
        return
    old = contents(router, path) if pipe.kind == "append" else None
    try:
        router.write_file(path, (old or b"") + text.encode())
    except FlashFull:
        yield f"%Error writing {path} (No space left on device)\n"
    if pipe.kind == "tee":
        yield from _paged(line, text)


def _paged(line: Vty, text: str) -> Dialogue:
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
