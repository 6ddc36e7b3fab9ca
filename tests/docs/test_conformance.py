"""The audit of the two documents is whole, true to the tests that there are, and up to date."""

from __future__ import annotations

from pathlib import Path

from docs.conformance import DATA, page, places, rows
from slp_core.rules.data import builtin_rules

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_every_row_is_held_by_tests_that_exist_or_argued_in_a_line() -> None:
    known = places()
    assert [r for r in rows() if not r.tests and not r.text] == []
    assert [(r.document, r.line, t) for r in rows() for t in r.tests if t not in known] == []


def test_every_rule_of_a_row_is_one_that_slp_explains() -> None:
    known = set(builtin_rules().rules)
    assert [(r.document, r.line, r.rule) for r in rows() if r.rule and r.rule not in known] == []


def test_what_a_test_holds_names_its_rule_and_what_is_text_names_none() -> None:
    assert [r for r in rows() if bool(r.tests) is not bool(r.rule)] == []


def test_rows_stand_in_the_order_of_the_documents() -> None:
    for document in ("A", "B"):
        lines = [r.line for r in rows() if r.document == document]
        assert lines == sorted(lines)


def test_the_page_is_made_of_the_rows() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"make docs: {DATA.name} has changed"
