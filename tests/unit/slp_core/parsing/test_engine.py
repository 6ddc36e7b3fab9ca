"""The shared layer, by a small output of its own: sections, items, evidence, what is unknown."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from slp_core.parsing.command import Command, Parsed
from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern, Prose
from slp_core.parsing.printed import Printed


class Engine(Printed):
    """A section."""

    status: Annotated[str | None, Label("Status")] = None
    power: Annotated[int | None, Label("Power (kW)", "Power")] = None


class Part(Printed):
    """An item."""

    name: str | None = None
    tag: str | None = None
    note: Annotated[str | None, Label("Note")] = None
    status: Annotated[str | None, Label("Status")] = None


class Machine(Printed):
    """An output."""

    running: Annotated[bool | None, Pattern(r"Machine is (on|off)$", hint="Machine")] = None
    engine: Annotated[Engine | None, Heading("Engine")] = None
    brake: Annotated[Engine | None, Heading("Brake")] = None
    parts: Annotated[
        tuple[Part, ...] | None,
        Blocks(r"^(?P<name>.*?)\s*\((?P<tag>\w+)\):$", key="tag"),
        Pattern(r"No parts$", value="<none>"),
    ] = None
    labels: Annotated[tuple[str, ...] | None, Label("Sticker")] = None
    owner: Annotated[str | None, Label("Owner")] = None


MACHINE = Command(
    "show machine", Machine, signature=r"Machine is", prose=Prose("Built with care in a factory")
)


def read(text: str) -> Parsed:
    return MACHINE.parse("Machine is on\n" + text)


def said(text: str) -> dict[str, Any]:
    return read(text).data.to_json()


def test_a_label_belongs_to_the_section_that_it_stands_in() -> None:
    found = said("Engine:\nStatus: warm\nPower: 7\nBrake:\nStatus: open")
    assert found["engine"] == {"status": "warm", "power": 7}
    assert found["brake"] == {"status": "open"}


def test_several_spellings_and_any_case() -> None:
    assert said("ENGINE:\n  power (KW):12")["engine"] == {"power": 12}


def test_none_printed_and_not_printed_are_two_facts() -> None:
    data: Any = read("Engine:\n  Status: <none>").data
    assert data.engine.status is None
    assert data.engine.known("status")
    assert not data.engine.known("power")
    assert not data.known("brake")


def test_the_first_value_stands_and_the_second_is_reported() -> None:
    parsed = read("Owner: us\nOwner: them")
    assert parsed.data.to_json()["owner"] == "us"
    assert [line.text for line in parsed.unknown] == ["Owner: them"]


def test_a_value_that_cannot_be_read_is_reported() -> None:
    parsed = read("Engine:\n  Power: strong")
    assert parsed.data.to_json()["engine"] == {}
    assert [(line.line, line.text) for line in parsed.unknown] == [(3, "Power: strong")]


def test_a_value_may_stand_below_its_label() -> None:
    parsed = read("Owner:\n    Example Ltd")
    assert parsed.data.to_json()["owner"] == "Example Ltd"
    assert parsed.evidence["owner"] == (2, 3)


def test_a_value_may_be_wrapped_after_a_comma_or_at_the_width_of_the_terminal() -> None:
    assert said("A (a):\n  Note: one,\ntwo")["parts"][0]["note"] == "one, two"
    long = "w" * 70
    assert said(f"A (a):\n  Note: {long}\ntwo")["parts"][0]["note"] == f"{long} two"
    assert "two" in [line.text for line in read("A (a):\n  Note: short\ntwo").unknown]


def test_items_are_named_by_their_key_and_a_double_is_told_apart() -> None:
    parsed = read("A (a):\n  Status: x\nB (b):\n  Status: y\nA again (a):\n  Status: z")
    assert [part["name"] for part in parsed.data.to_json()["parts"]] == ["A", "B", "A again"]
    assert parsed.evidence["parts[a].status"] == (3,)
    assert parsed.evidence["parts[b].status"] == (5,)
    assert parsed.evidence["parts[a#2].status"] == (7,)


def test_a_name_wrapped_over_lines_is_united_with_its_tag() -> None:
    parsed = read("A long name,\nand its rest\n(a):\nStatus: x")
    assert parsed.data.to_json()["parts"][0]["name"] == "A long name, and its rest"
    assert parsed.evidence["parts[a].name"] == (2, 3, 4)
    assert parsed.unknown == ()


def test_no_items_is_an_empty_list() -> None:
    assert said("No parts")["parts"] == []
    assert "parts" not in said("")


def test_a_repeated_label_is_collected() -> None:
    parsed = read("Sticker: red\nSticker: blue\nSticker:\n  green")
    assert parsed.data.to_json()["labels"] == ["red", "blue", "green"]
    assert parsed.evidence["labels"] == (2, 3, 4, 5)


def test_what_stands_below_an_unknown_heading_is_reported_not_mistaken() -> None:
    parsed = read("Engine:\n  Status: warm\nWarp:\n  Status: folded\n  Sticker: x\nOwner: us")
    assert parsed.data.to_json()["engine"] == {"status": "warm"}
    assert "labels" not in parsed.data.to_json()
    assert parsed.data.to_json()["owner"] == "us"
    assert [line.line for line in parsed.unknown] == [4, 5, 6]


def test_an_open_section_goes_on_after_an_unknown_one() -> None:
    parsed = read("Engine:\nWarp:\n  Factor: 9\n  Power: 7\nStatus: warm")
    assert parsed.data.to_json()["engine"] == {"power": 7, "status": "warm"}
    assert [line.line for line in parsed.unknown] == [3, 4]


def test_prose_is_no_fact_and_not_unknown() -> None:
    assert read("Built with care\nin a factory").unknown == ()
    assert len(read("Built without").unknown) == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "empty"),
        ("Owner: us", "foreign"),
        ("% Invalid input detected", "rejected"),
        ("Machine is on\n<output truncated>", "cut"),
        ("Machine is on", "ok"),
    ],
)
def test_what_an_output_is(text: str, status: str) -> None:
    assert MACHINE.parse(text).status == status


def test_messages_come_with_the_output() -> None:
    parsed = read("*Jan 15 03:26:07.1: %SIP-1-LICENSING: SIP service is Up.\nOwner: us")
    assert parsed.messages[0].mnemonic == "LICENSING"
    assert parsed.messages[0].line == 2
    assert parsed.data.to_json()["owner"] == "us"
