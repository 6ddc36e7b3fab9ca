"""The audit of the two documents is whole, true to the tests that there are, and up to date."""

from __future__ import annotations

from pathlib import Path

from docs.conformance import DATA, page, places, rows
from slp_core.rules.data import builtin_rules

# Rules that name a document as a whole, and why no single statement of it is theirs.
WITHOUT_A_STATEMENT = {
    "MODEL-CLASSIC": "inferred: neither document says where one ends and the other begins",
    "TOPO-URL": "the form of each URL is held by the rows of its topology",
    "UP-3": "left by the guide to the upgrade document of each platform (A116)",
}

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_every_row_is_held_by_tests_that_exist_or_argued_in_a_line() -> None:
    known = places()
    assert [r for r in rows() if not r.tests and not r.text] == []
    assert [(r.document, r.line, t) for r in rows() for t in r.tests if t not in known] == []


def test_a_row_names_one_test_and_no_other_of_its_name() -> None:
    known = places()
    assert [(r.document, r.line, t) for r in rows() for t in r.tests if len(known[t]) > 1] == []


def test_every_rule_of_a_row_is_one_that_slp_explains() -> None:
    known = set(builtin_rules().rules)
    assert [(r.document, r.line, r.rule) for r in rows() if r.rule and r.rule not in known] == []


def test_every_rule_by_a_document_has_a_statement_of_it() -> None:
    stated = {row.rule for row in rows()}
    by_document = {
        name for name, rule in builtin_rules().rules.items() if rule.source[:1] in ("A", "B")
    }
    assert by_document - stated == set(WITHOUT_A_STATEMENT)


def test_what_a_test_holds_names_its_rule_and_what_is_text_names_none() -> None:
    assert [r for r in rows() if bool(r.tests) is not bool(r.rule)] == []


def test_rows_stand_in_the_order_of_the_documents() -> None:
    for document in ("A", "B"):
        lines = [r.line for r in rows() if r.document == document]
        assert lines == sorted(lines)


def test_the_page_is_made_of_the_rows() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"make docs: {DATA.name} has changed"
