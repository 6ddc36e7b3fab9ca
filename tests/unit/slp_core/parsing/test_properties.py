"""What may happen to an output on its way to us, and must not change what it says.

Few examples by default; ``HYPOTHESIS_PROFILE=thorough`` for many.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.parsers import plain
from slp_core.errors import UsageError
from slp_core.parsing import Parsed, known_commands, parse

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "captures" / "data"
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

slow = settings(
    max_examples=400 if THOROUGH else 25,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def _samples() -> list[tuple[str, str]]:
    """Command and text of every capture, and of golden pairs of what the captures lack."""
    found = []
    for sidecar in sorted(DATA.glob("*/*/*.json")):
        text = sidecar.with_suffix(".txt").read_text()
        found.append((json.loads(sidecar.read_text())["command"], text))
    slugs = {re.sub(r"[^a-z0-9]+", "-", plain(name)): plain(name) for name in known_commands()}
    for path in sorted((HERE / "golden").glob("*/*.txt")):
        name = slugs.get(path.parent.name)
        if name is not None and path.stem not in ("empty", "foreign"):
            found.append((name, path.read_text()))
    return found


SAMPLES = _samples()
OUTPUTS = st.sampled_from(SAMPLES)
MESSAGES = (
    "*Jan 15 03:26:07.123: %SIP-1-LICENSING: SIP service is Up. License report acknowledged.",
    "Jan 21 2021 03:37:15.001 UTC: %SMART_LIC-6-TRUST_INSTALL_SUCCESS: A new licensing trust code"
    " was successfully installed on P:ISR4351/K9,S:FDO21512BJB.",
    "*Mar  1 00:00:12.119: %SMART_LIC-3-COMM_FAILED: Communications failure with the Cisco Smart"
    " License Utility (CSLU) : Unable to resolve server hostname/domain name",
    "000123: .Jan 21 04:00:00.000 CET: %LINEPROTO-5-UPDOWN: Line protocol on Interface"
    " GigabitEthernet0/0/0, changed state to up",
    "%SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.9)",
    "*Jan 21 04:04:11.001: %SMART_LIC-2-PLATFORM_ERROR: Smart Licensing has encountered an"
    " internal software error. Contact TAC",
)
FOREIGN = (
    "Quantum Entitlement:",
    "Flux Report Summary:",
    "Sub-Orbital Licensing Information:",
)


def facts(parsed: Parsed) -> tuple[str, dict[str, Any]]:
    """What an output says, without where it stood."""
    return parsed.status, parsed.data.to_json()


def wrapped_inside(one: str, two: str) -> bool:
    """Tells whether two lines are one that was wrapped: nothing can come between them."""
    bare = ":" not in two and not re.search(r"\(\S+\)\s+\d", two)
    return bool(two.strip()) and (
        one.rstrip().endswith(",")
        or one.count("(") > one.count(")")
        or bare
        or one.rstrip().endswith("Version")
        or two.strip().startswith(("(", "17.", "16."))
    )


@slow
@given(OUTPUTS, st.randoms(use_true_random=False))
def test_indentation_says_nothing(sample: tuple[str, str], random: Any) -> None:
    command, text = sample
    moved = "\n".join(
        " " * random.randrange(7) + line.strip() if line.strip() else line
        for line in text.split("\n")
    )
    assert facts(parse(command, moved)) == facts(parse(command, text))


@slow
@given(OUTPUTS)
def test_no_indentation_says_nothing(sample: tuple[str, str]) -> None:
    command, text = sample
    moved = "\n".join(line.strip() for line in text.split("\n"))
    assert facts(parse(command, moved)) == facts(parse(command, text))


@slow
@given(OUTPUTS, st.sampled_from(["\r\n", "\r\r\n", "\n\n", " \t \n", "\r\n\r\n"]))
def test_line_ends_and_blank_lines_say_nothing(sample: tuple[str, str], ending: str) -> None:
    command, text = sample
    assert facts(parse(command, text.replace("\n", ending))) == facts(parse(command, text))


@slow
@given(OUTPUTS, st.randoms(use_true_random=False))
def test_f16_system_messages_between_any_two_lines_say_nothing(
    sample: tuple[str, str], random: Any
) -> None:
    command, text = sample
    lines = text.split("\n")
    sent = [random.choice(MESSAGES) for _ in range(random.randrange(1, 5))]
    for message in sent:
        lines.insert(random.randrange(len(lines) + 1), message)
    parsed = parse(command, "\n".join(lines))
    assert facts(parsed) == facts(parse(command, text))
    assert len(parsed.messages) == len(sent) + len(parse(command, text).messages)


@slow
@given(OUTPUTS)
def test_f20_preamble_echo_and_prompt_say_nothing(sample: tuple[str, str]) -> None:
    command, text = sample
    noisy = (
        f"edge-rtr-1#{command}\r\n"
        "Load for five secs: 12%/0%; one minute: 9%; five minutes: 8%\r\n"
        "Time source is NTP, 09:15:22.123 UTC Thu Oct 1 2020\r\n\r\n"
        f"{text}\r\nedge-rtr-1#"
    )
    assert facts(parse(command, noisy)) == facts(parse(command, text))


@slow
@given(OUTPUTS)
def test_lines_wrapped_at_80_columns_within_a_tag_say_the_same(sample: tuple[str, str]) -> None:
    command, text = sample
    pieces = []
    for line in text.split("\n"):
        inside = line.rfind("(", 0, 80) > line.rfind(")", 0, 80) and ")" in line[80:]
        if len(line) > 80 and (inside or re.search(r"regid\.\S*$", line[:80])):
            pieces.extend([line[:80], line[80:]])
        else:
            pieces.append(line)
    assert facts(parse(command, "\n".join(pieces))) == facts(parse(command, text))


@slow
@given(OUTPUTS, st.sampled_from(FOREIGN), st.randoms(use_true_random=False))
def test_an_unknown_section_anywhere_is_reported_and_changes_nothing(
    sample: tuple[str, str], heading: str, random: Any
) -> None:
    command, text = sample
    before = parse(command, text)
    if before.status not in ("ok", "cut") or "config" in command:
        return
    lines = text.split("\n")
    places = [
        at
        for at in range(1, len(lines))
        if not wrapped_inside(
            next((line for line in reversed(lines[:at]) if line.strip()), ""),
            next((line for line in lines[at:] if line.strip()), ""),
        )
    ]
    if not places:
        return
    at = random.choice(places)
    depth = " " * (len(lines[at]) - len(lines[at].lstrip()))
    section = [f"{depth}{heading}", f"{depth}  Entangled With: B-612", f"{depth}  Spin Count: 42"]
    after = parse(command, "\n".join([*lines[:at], *section, *lines[at:]]))
    reported = {line.text for line in after.unknown}
    assert facts(after) == facts(before), f"at line {at + 1}"
    assert {line.strip() for line in section} <= reported


@slow
@given(OUTPUTS, st.randoms(use_true_random=False))
def test_a_fact_that_is_missing_is_missed(sample: tuple[str, str], random: Any) -> None:
    command, text = sample
    before = parse(command, text)
    proven = sorted({number for numbers in before.evidence.values() for number in numbers})
    if not proven:
        return
    gone = random.choice(proven)
    lines = text.split("\n")
    after = parse(command, "\n".join([*lines[: gone - 1], *lines[gone:]]))
    changed = facts(after) != facts(before)
    assert changed or after.unknown != before.unknown, f"line {gone}: {lines[gone - 1]!r}"


@slow
@given(st.sampled_from(known_commands()), st.binary(max_size=4000))
def test_f33_random_bytes_raise_nothing(command: str, raw: bytes) -> None:
    parsed = parse(plain(command), raw.decode("utf-8", errors="replace"))
    assert parsed.status in ("ok", "empty", "foreign", "rejected", "cut")


@slow
@given(OUTPUTS, st.randoms(use_true_random=False))
def test_f33_damaged_outputs_raise_nothing(sample: tuple[str, str], random: Any) -> None:
    command, text = sample
    raw = list(text)
    for _ in range(20):
        raw[random.randrange(len(raw))] = random.choice("\x00\x1b[(:,\n\t% é\u202e")
    parse(command, "".join(raw))


@slow
@given(st.text(max_size=60))
def test_a_command_that_nobody_knows_is_our_error(command: str) -> None:
    try:
        parse(command, "text")
    except UsageError:
        return
    assert command.split(), "only a command is a command"


@pytest.mark.parametrize(
    "command",
    [
        "show license summary",
        *(
            pytest.param(command, marks=pytest.mark.slow)
            for command in ("show license all", "show version", "show running-config")
        ),
    ],
)
def test_f33_five_megabytes_take_a_time_that_grows_with_them(command: str) -> None:
    """Linear: eight times the text is far from the 64 times that a quadratic reading takes.

    A megabyte here; the thorough profile and the bench go to five.
    """
    body = "\n".join(text for name, text in SAMPLES if name == command)
    small = body * (1 + (600_000 if THOROUGH else 100_000) // len(body))
    big = small * 8

    def seconds(text: str) -> float:
        started = time.process_time()
        parse(command, text)
        return time.process_time() - started

    little = min(seconds(small) for _ in range(3))  # the least of some: others use the machine too
    assert min(seconds(big) for _ in range(3)) < max(0.5, little * 8 * 4)


@pytest.mark.parametrize(
    "shape",
    [
        "x" + " " * 4000 + "(y",
        "(" * 4000,
        "(a" * 2000,
        ")(" * 2000,
        "regid." * 600 + " x",
        "Status: x" + " " * 4000 + "y",
        "Status: " + "on " * 1300,
        "Description: a,\nb,",
        "*" + " " * 4000 + "1",
        "a:" * 2000,
        "Number of a" + " " * 4000 + "b",
        "%" + "A-" * 2000,
        ":" + " " * 4000 + "%",
        "1 " + "a " * 2000,
    ],
    ids=range(14),
)
def test_f33_no_line_makes_a_parser_think_for_long(shape: str) -> None:
    """Forty bad lines of a sort, behind a real output of each command, in well under a second."""
    for command in known_commands():
        alone = plain(command)
        first = next(text for name, text in SAMPLES if name.startswith(alone))
        started = time.process_time()
        parse(alone, first + "\n" + f"{shape}\n" * 40)
        assert time.process_time() - started < 0.7, command


@pytest.mark.parametrize(
    "shape", ["(" * 600_000, "regid.2017-12.x" * 60_000, ":" * 600_000, "a, " * 300_000]
)
def test_f33_one_line_without_end_is_cut_and_reported(shape: str) -> None:
    started = time.process_time()
    parsed = parse(
        "show license all", "Smart Licensing Status\n" + shape + "\nSmart Licensing is ENABLED"
    )
    assert time.process_time() - started < 1.0
    assert any(len(line.text) <= 200 for line in parsed.unknown)
