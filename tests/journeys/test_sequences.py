"""The documents' command sequences, and whether each difference from ours is argued."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeys.page import render
from journeys.sequences import NAMES, Journey, differences, flaws, journey, reasons

PAGE = Path(__file__).parents[2] / "docs" / "command-sequences.md"


@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_the_document_is_sent_replaced_or_left_out_for_a_reason(name: str) -> None:
    assert list(flaws(journey(name))) == []


def test_the_page_says_what_the_sequences_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "make docs"


def test_no_reason_is_there_for_nothing() -> None:
    text = render()
    assert [r for r in reasons() if f"**{r}**" not in text] == []


def _got(said: Journey) -> list[str]:
    looks = [said.looks[c.line].send if c.line in said.looks else c.send for c in said.commands]
    shows = [x for x in looks if x.startswith(("show", "dir"))]
    ours = [f"(config)#{s.send}" for s in said.ours]
    return [*(f"#{x}" for x in shows), *ours, *(f"#{x}" for x in shows)]


def test_a_command_more_less_other_or_elsewhere_is_told() -> None:
    said = journey("s4")
    right = _got(said)
    assert list(differences(said, right)) == []
    assert "the router got" in " ".join(differences(said, [*right, "#reload"]))
    trust = next(x for x in right if "trust" in x)
    assert list(differences(said, [x for x in right if x != trust])) != []
    assert list(differences(said, [x.replace(" local", " all") for x in right])) != []
    at = right.index(trust)
    swapped = [*right[: at - 1], right[at], right[at - 1], *right[at + 1 :]]
    assert list(differences(said, swapped)) != []
    unseen = [x for x in right if x != "#show platform software cerm-information"]
    assert len(list(differences(said, unseen))) == 2  # before the upgrade and after it


def test_a_difference_without_a_reason_is_told() -> None:
    said = journey("s4")
    bare = [s.model_copy(update={"why": None}) for s in said.ours]
    assert list(flaws(said.model_copy(update={"ours": bare}))) != []
    assert list(flaws(said.model_copy(update={"left_out": {3676: "by-scp"}}))) != []
    assert list(flaws(said.model_copy(update={"commands": said.commands[:-1]}))) == []
    assert list(flaws(said.model_copy(update={"commands": said.commands[:12]}))) != []
