"""``docs/command-sequences.md``, made from the journeys. ``python -m journeys.page`` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from journeys.sequences import NAMES, Journey, Typed, is_lasting, journey, reasons

_DOCUMENTS = {
    "A": "the migration guide",
    "B": "the guide of the ASR 900 family",
}
_HEAD = """\
# Command sequences

What the two documents have typed into a router, and what a router gets from us, journey by journey.
`tests/journeys` carries each journey out from start to end – `slp` on a simulated network over SSH,
the person's part by a process that has nothing but `slp show`, `slp confirm` and the web pages of
CSSM and SSM On-Prem – and holds every line that the router received against these tables: a command
more, less, other or in another order fails the test.

This page is made from `tests/journeys/sequences/*.yaml` (`make docs`); a test holds it. `A` is the
migration guide, `B` the guide of the ASR 900 family, each with its line. Only commands that change
something are in the tables: the documents' `show` commands are all sent too, before and after the
upgrade as there, unless a journey names another look instead. In between we look more often than
the documents do, because each step looks before it acts and confirms by what it sees.
`configure terminal` and `end` surround configuration lines and are left out, and so are answers to
questions. `<secret>` stands for a token; it never reaches a log.

What holds for every journey: before the first lasting command `slp` reads everything that
`slp assess` reads, and keeps both configurations; before each lasting command it reads
`show license udi` or `show version`, so that no other router gets it.
"""


def render() -> str:
    """Returns the page."""
    parts = [_HEAD]
    for name in NAMES:
        parts.append("\n".join(_section(journey(name))))
    used = {why for name in NAMES for why in _whys(journey(name))}
    parts.append("## Why they differ\n")
    parts += [f"**{name}**: {text}\n" for name, text in reasons().items() if name in used]
    return "\n".join(parts)


def _section(said: Journey) -> Iterator[str]:
    yield f"## {said.journey}: {said.title}"
    yield ""
    yield f"In {_DOCUMENTS[said.document]}, from line {said.begins}."
    jobs = [f"`slp {' '.join(_quoted(w) for w in job)}`" for job in said.jobs]
    way = ", ".join(jobs) if jobs else "`slp plan`, `slp apply latest`"
    yield f"Ours: {way}{', and a person' if said.person else ''}."
    yield ""
    yield "| document | its command | ours | why |"
    yield "|---|---|---|---|"
    yield from _rows(said)
    for line, instead in said.looks.items():
        send = next(c.send for c in said.commands if c.line == line)
        yield f"| {said.document}:{line} | {_code(send)} | {_code(instead.send)} | {instead.why} |"
    yield ""


def _rows(said: Journey) -> Iterator[str]:
    """Yields ours in their order, what is left out where the document has it."""
    lasting = {c.line: c for c in said.commands if is_lasting(c.send)}
    told: set[int] = set()
    for sent in said.ours:
        if sent.line is not None and not sent.moved:
            yield from _left_out(said, lasting, told, before=sent.line)
        if sent.line is None:
            yield f"| – | – | {_code(sent.send)} | {sent.why} |"
            continue
        place = f"{said.document}:{sent.line}"
        theirs = _code(lasting[sent.line].send) if sent.line not in told else "(the same line)"
        told.add(sent.line)
        yield f"| {place} | {theirs} | {_code(sent.send)} | {sent.why or ''} |"
    yield from _left_out(said, lasting, told, before=None)


def _left_out(
    said: Journey, lasting: dict[int, Typed], told: set[int], before: int | None
) -> Iterator[str]:
    for line, why in said.left_out.items():
        if line not in told and (before is None or line < before):
            told.add(line)
            yield f"| {said.document}:{line} | {_code(lasting[line].send)} | – | {why} |"


def _whys(said: Journey) -> Iterator[str]:
    yield from (s.why for s in said.ours if s.why)
    yield from (x.why for x in said.looks.values())
    yield from said.left_out.values()


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word else word


if __name__ == "__main__":
    print(render(), end="")
