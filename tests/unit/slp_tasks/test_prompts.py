"""Prompts, questions and log lines as routers print them, and what only looks like one."""

from __future__ import annotations

import pytest

from slp_tasks.connection.prompts import anchored, asked, at_end, open_question, tidy
from slp_tasks.session import Answer

LONG = "edge-router-of-the-main-building-1"
LOG = "*Nov 22 03:31:11.123: %SYS-5-CONFIG_I: Configured from console by admin"


@pytest.mark.parametrize(
    ("hostname", "text", "found"),
    [
        ("edge-1", "output\nedge-1#", True),
        ("edge-1", "output\nedge-1# ", True),
        ("edge-1", "edge-1>", True),
        ("edge-1", "\nedge-1(config-if)#", True),
        (LONG, f"\n{LONG[:20]}(config)#", True),
        (LONG, f"\n{LONG}#", True),
        ("a.b", "\naxb#", False),
        ("edge-1", "output\nRouter#", False),
        ("edge-1", "hash edge-1#", False),
        ("edge-1", "\nedge-1#\nmore of the output", False),
        ("edge-1", "\nedge-1#show version\n", False),
        ("edge-1", f"\nedge-1#\n{LOG}\n", True),
        ("edge-1", f"\nedge-1#\n000123: {LOG}\n{LOG}\n", True),
        ("edge-1", f"\n{LOG}\n", False),
    ],
)
def test_f17_only_this_routers_prompt_at_the_end_is_a_prompt(
    hostname: str, text: str, found: bool
) -> None:
    assert (at_end(anchored(hostname), text) is not None) is found


def test_f12_questions_are_literal_and_the_longest_wins() -> None:
    answers = [Answer("[y/n]", "a"), Answer("proceed? [y/n]", "b"), Answer("[confirm]", "c")]
    assert asked("Do you want to proceed? [y/n]", answers) == answers[1]
    assert asked("Proceed with reload? [confirm]", answers) == answers[2]
    assert asked("[y/n] was asked before\n", answers) is None
    assert asked(f"Proceed with reload? [confirm]\n{LOG}\n", answers) == answers[2]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("\nDelete filename [x]? ", "Delete filename [x]?"),
        ("\nPassword: ", "Password:"),
        ("\nsome output", None),
    ],
)
def test_an_open_question_is_recognised(text: str, question: str | None) -> None:
    assert open_question(text) == question


def test_output_is_what_stands_between_echo_and_prompt() -> None:
    text = f"show clock\n12:00:00.000 UTC Sun Nov 22 2026\n\nedge-1#\n{LOG}\n"
    shown = tidy(text, "show clock", anchored("edge-1"))
    assert shown.splitlines()[0] == "12:00:00.000 UTC Sun Nov 22 2026"
    assert "show clock" not in shown
    assert "edge-1#" not in shown
