"""One table of states: the terminal's colours, the report's tones and all words come from it."""

from __future__ import annotations

from typing import get_args

import pytest

from nornir_slp.sheet import Sheet
from nornir_slp.states import TABLE, rank, tone, words
from nornir_slp.view import Answer, Line
from slp_cli.tables import STYLES
from slp_core.plan import Finding
from slp_fleet.model import RouterRunState, RunState

NAMES = {state.name for state in TABLE}


@pytest.mark.parametrize("kind", [RouterRunState, RunState])
def test_every_state_of_a_run_and_of_its_routers_is_in_the_table(kind):
    assert {state.value for state in kind} <= NAMES


def test_every_verdict_is_in_the_table():
    assert set(get_args(Finding.model_fields["verdict"].annotation)) <= NAMES


def test_a_state_stands_in_it_once():
    assert len(NAMES) == len(TABLE)


def test_terminal_and_report_agree_on_what_is_bad():
    bad = {state.name for state in TABLE if tone(state.name) == "bad"}
    assert bad == {name for name, style in STYLES.items() if style == "bold red"}


def test_what_needs_attention_comes_first():
    assert sorted(["proven", "person", "failed", "elsewhere"], key=rank) == [
        "failed",
        "person",
        "proven",
        "elsewhere",
    ]


def test_a_state_without_words_is_said_by_its_name():
    assert words("person") == "waits for a person"
    assert words("install_add") == "install add"


def test_a_page_of_one_sheet_is_csv_and_markdown_too():
    sheet = Sheet(("a",), [("1",)])
    assert set(Answer(sheet).forms) == {"csv", "markdown"}
    assert not Answer(lambda: [Line.of("nothing")]).forms
    more = Answer(lambda: [Line.of("1")], sheet=lambda: sheet, texts={"html": lambda: "<p>"})
    assert {form: make() for form, make in more.forms.items()} == {
        "csv": "a\n1\n",
        "markdown": sheet.markdown(),
        "html": "<p>",
    }
