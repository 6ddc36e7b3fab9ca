"""Standard output for results, standard error for the rest; nothing in a text is obeyed (F33)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nornir_slp.inert import inert
from nornir_slp.saved_files import write_text
from nornir_slp.sheet import Sheet, md
from nornir_slp.view import Answer
from slp_cli.tables import print_sheet
from slp_cli.ui import Ui
from slp_core.errors import InputError, UsageError

SHEET = Sheet(("router", "state"), [("r1", "proven")])
ANSWER = Answer(SHEET, data=lambda: {"router": "r1"})


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J\x1b[31m", "\x07", "a\rb", "\u202egpj.exe", "\x9b31m", "\u2066x\u2069", "\u200b"],
)
def test_f33_controls_are_inert(hostile):
    shown = inert(f"before{hostile}after")
    assert shown.startswith("before")
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u200b" for c in shown)


def test_lines_and_tabs_stay():
    assert inert("a\tb\r\nc\n") == "a\tb\nc\n"


def test_f33_rich_markup_in_a_message_is_text(capsys):
    Ui().say("[bold]r1[/bold] [link=http://x]y[/link]")
    assert "[bold]r1[/bold]" in capsys.readouterr().err


def test_messages_go_to_standard_error_and_quiet_silences_them(capsys):
    Ui().say("reading")
    Ui(quiet=True).say("reading")
    Ui(quiet=True).warn("beware")
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.split() == ["reading", "beware"]


def test_json_is_the_only_thing_on_standard_output(capsys):
    Ui(format="json").answer(ANSWER)
    assert json.loads(capsys.readouterr().out) == {"router": "r1"}


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ({}, "table"),
        ({"output": Path("x.json")}, "json"),
        ({"output": Path("x.HTML")}, "html"),
        ({"output": Path("x.md")}, "markdown"),
        ({"output": Path("x.csv")}, "csv"),
        ({"output": Path("x.txt")}, "table"),
        ({"output": Path("x.csv"), "format": "json"}, "json"),
    ],
)
def test_the_format_follows_from_the_suffix_unless_named(given, form):
    assert Ui(**given).form == form


def test_a_format_that_a_command_lacks_is_wrong_usage():
    with pytest.raises(UsageError, match="no html output"):
        Ui(format="html").answer(ANSWER)


def test_output_goes_to_the_file_and_not_to_the_terminal(tmp_path, capsys):
    for name in ("a.json", "a.csv", "a.txt"):
        Ui(output=tmp_path / name).answer(ANSWER)
    assert capsys.readouterr().out == ""
    assert (tmp_path / "a.csv").read_text() == "router,state\nr1,proven\n"
    assert "proven" in (tmp_path / "a.txt").read_text()


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "plan.json"
    write_text(target, "first")
    write_text(target, "second")
    assert target.read_text() == "second"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "no" / "plan.json", "x")


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@SUM(A1)", "\tx"])
def test_f33_no_cell_is_a_formula_for_a_spreadsheet(cell):
    line = Sheet(("a",), [(cell,)]).csv().splitlines()[1]
    assert line.strip('"').startswith("'")


def test_f33_markdown_cells_are_text():
    assert md("<b>|`[x](javascript:1)`") == r"&lt;b&gt;\|\`\[x\](javascript:1)\`"
    table = Sheet(("a",), [("x | y\nz",)]).markdown()
    assert len(table.splitlines()) == 3


def test_f33_a_table_cell_cannot_style_the_terminal(capsys):
    print_sheet(Ui().out, Sheet(("a",), [("[red]x[/red]\x1b[31m",)]))
    out = capsys.readouterr().out
    assert "[red]x[/red]" in out
    assert "\x1b" not in out
