"""The page of the faults is what the lab, ``slp explain`` and the tests say."""

from __future__ import annotations

from pathlib import Path

from faults.page import page
from nornir_slp.glossary import everything
from slp_sim.fault_list import fault_list

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def test_the_page_is_written_anew_after_a_change() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_lab_and_explain_know_the_same_faults() -> None:
    explained = {e.id: e for e in everything() if e.kind == "fault"}
    assert list(explained) == list(fault_list())
    for number, entry in explained.items():
        assert f"| {entry.title} {entry.answer} |" in page(), number
