"""The documents' command sequences as data, and how what a router got is held against them.

A journey names, with its place in the document, every command that the document has typed into the
router; what we send instead, in its order; and for each difference a reason. A difference that is
not named is an error, and so is one that is named and not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

FOLDER = Path(__file__).parent / "sequences"
NAMES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7", "a1", "a2", "a3", "a4", "a5", "a6", "a7")
_LOOKS = re.compile(
    r"(show|sh|dir|terminal|verify|telnet) |(enable|configure terminal|disconnect|end|exit)$"
)
_RELOADS = ("install activate ", "reload")


def _text(value: object) -> str:
    return " ".join(str(value).split())


Text = Annotated[str, BeforeValidator(_text)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Typed(_Entry):
    """A command of the document.

    Attributes:
        when: ``before`` or ``after`` the upgrade.
        mode: ``config`` where the document prints it with the prompt of another mode than its own.
    """

    line: int
    send: Text
    when: Literal["before", "after"] = "after"
    mode: Literal["config"] | None = None


class Sent(_Entry):
    """A lasting command of ours; ``line``: the document's that it stands for."""

    send: Text
    line: int | None = None
    why: str | None = None
    moved: bool = False


class Instead(_Entry):
    """The look that stands for one of the document's."""

    send: Text
    why: str


class Journey(_Entry):
    """One journey."""

    journey: str
    title: str
    document: str
    begins: int
    scenario: str
    router: str
    person: bool = False
    jobs: list[list[str]] = Field(default_factory=list)
    commands: list[Typed]
    ours: list[Sent]
    looks: dict[int, Instead] = Field(default_factory=dict)
    left_out: dict[int, str] = Field(default_factory=dict)

    def lasting(self) -> list[Typed]:
        """Returns the commands of the document that change something."""
        return [c for c in self.commands if is_lasting(c.send)]


@cache
def journey(name: str) -> Journey:
    """Returns the journey of this name."""
    return Journey.model_validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text()))


@cache
def reasons() -> dict[str, str]:
    """Returns every reason by its name."""
    found: dict[str, str] = yaml.safe_load((FOLDER / "reasons.yaml").read_text())
    return {name: text.strip() for name, text in found.items()}


def is_lasting(command: str) -> bool:
    """Tells whether a command does more than look."""
    return _LOOKS.match(command) is None


def plain(typed: str) -> str:
    """Returns what was entered, without the end of the prompt that the lab keeps with it."""
    return _text(re.sub(r"^(\(config[^)]*\))?[#>]", "", typed))


# --- held against each other ----------------------------------------------------------------------


def differences(said: Journey, typed: Sequence[str]) -> Iterator[str]:
    """Yields every difference between the journey and what the router got that is not named."""
    lines = [plain(t) for t in typed]
    got, wanted = [x for x in lines if is_lasting(x)], [s.send for s in said.ours]
    if got != wanted:
        yield f"the router got {got}, the sequence names {wanted}"
    yield from _unseen_looks(said, lines)


def flaws(said: Journey) -> Iterator[str]:
    """Yields what the journey leaves open about its own differences."""
    lasting = {c.line: c.send for c in said.lasting()}
    odd = {c.line for c in said.commands if c.mode is not None}
    stands_for = [s.line for s in said.ours if s.line is not None]
    for line, send in lasting.items():
        if (line in stands_for) == (line in said.left_out):
            yield f"line {line}, `{send}`: either one of ours stands for it, or it is left out"
    for line in {*stands_for, *said.left_out} - set(lasting):
        yield f"line {line} is no lasting command of the document"
    for line in set(said.looks) - {c.line for c in said.commands if not is_lasting(c.send)}:
        yield f"line {line} is no look of the document"
    in_order = [s.line for s in said.ours if s.line is not None and not s.moved]
    if in_order != sorted(in_order):
        yield f"not in the document's order: {in_order}"
    for sent in said.ours:
        same = sent.line not in odd and lasting.get(sent.line or 0) == sent.send
        if (same and not sent.moved) is not (sent.why is None):
            yield f"`{sent.send}`: a difference has a reason, and what is alike has none"
    named = [s.why for s in said.ours] + [*said.left_out.values()]
    named += [x.why for x in said.looks.values()]
    for name in {n for n in named if n is not None} - set(reasons()):
        yield f"there is no reason named {name}"


def _unseen_looks(said: Journey, lines: list[str]) -> Iterator[str]:
    first = next((i for i, x in enumerate(lines) if x.startswith(_RELOADS)), 0)
    for command in said.commands:
        if is_lasting(command.send):
            continue
        instead = said.looks.get(command.line)
        wanted = instead.send if instead else command.send
        part = lines[:first] if command.when == "before" else lines[first:]
        if wanted not in part:
            yield f"line {command.line}: `{wanted}` was not sent {command.when} the upgrade"
        if instead is not None and command.send in part:
            yield f"line {command.line}: `{command.send}` was sent after all"
