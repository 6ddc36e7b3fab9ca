"""Every promise names its tests, and each of them is there: a file, or a function in one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises.md"
PROMISES = ("What is never sent", "What *proven* means", "What one store protects")
FILE = re.compile(r"`(tests/[^`]+?)`")
FUNCTION = re.compile(r"`(test_\w+?)(\u2026?)`")


def sections() -> dict[str, str]:
    head, *parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert head.startswith("# ")
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}


def functions(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef)}


def test_the_three_promises_stand_there() -> None:
    assert set(PROMISES) <= set(sections())


@pytest.mark.parametrize("title", sorted(sections()))
def test_a_promise_is_one_sentence_in_bold_and_names_what_holds_it(title: str) -> None:
    text = sections()[title].strip()
    sentence = re.match(r"\*\*([^*]+)\*\*", text)
    assert sentence is not None
    assert sentence[1].endswith(".")
    assert sentence[1].count(". ") == 0
    held = text.partition("Held by ")[2]
    assert FILE.search(held)


@pytest.mark.parametrize("title", sorted(sections()))
def test_every_test_that_is_named_is_there(title: str) -> None:
    text = sections()[title]
    files = [ROOT / name for name in FILE.findall(text)]
    assert [f for f in files if not f.is_file()] == []
    there = {name for file in files for name in functions(file)}
    assert any(name.startswith("test_") for name in there)
    for name, cut in FUNCTION.findall(text):
        known = [n for n in there if n.startswith(name)] if cut else [n for n in there if n == name]
        assert known, f"{title}: there is no {name} in {[f.name for f in files]}"
