"""``docs/conformance.md``: the two documents, statement by statement, and what holds each.

The rows stand in ``conformance.yaml``; this makes the page of them (``make docs``).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1]
DATA = Path(__file__).with_name("conformance.yaml")
TITLES = {
    "A": "A: migration to Smart Licensing Using Policy",
    "B": "B: Smart Licensing on the ASR 900 family",
}
HEAD = """# The two source documents, statement by statement

Made by `make docs` from `tests/docs/conformance.yaml`. Each row is one statement of a document, in
our words, with its line; the rule that the planner knows it by (`slp explain RULE`); and the tests
that hold it. A row without a test says why there is nothing to hold.
"""


@dataclass(frozen=True)
class Row:
    """One statement; ``tests`` are names without ``test_``, or ``text`` says why there are none."""

    document: str
    line: int
    says: str
    rule: str
    tests: tuple[str, ...]
    text: str


def rows() -> Iterator[Row]:
    """Yields every statement in the order of the documents."""
    data: dict[str, list[list[Any]]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    for document, statements in data.items():
        for line, says, rule, held in statements:
            text = held.removeprefix("text: ") if held.startswith("text: ") else ""
            names = () if text else tuple(name.strip() for name in held.split(","))
            yield Row(document, line, says, rule, names, text)


@cache
def places() -> dict[str, tuple[str, ...]]:
    """Returns the files that have a test, by its name without ``test_``, bare or as file::name."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                name, place = node.name.removeprefix("test_"), str(path.relative_to(TESTS.parent))
                found[name].append(place)
                found[f"{path.stem}::{name}"].append(place)
    return {name: tuple(paths) for name, paths in found.items()}


def page() -> str:
    """Returns the page."""
    known = list(rows())
    held = sum(bool(row.tests) for row in known)
    lines = [
        HEAD,
        f"{len(known)} statements: {held} held by tests, {len(known) - held} text only.",
        "",
    ]
    for document, title in TITLES.items():
        lines += [f"## {title}", "", "| line | statement | rule | held by |", "|---|---|---|---|"]
        for row in known:
            if row.document == document:
                by = row.text or "<br>".join(_place(name) for name in row.tests)
                lines.append(f"| {row.line} | {row.says} | {row.rule or '–'} | {by} |")
        lines.append("")
    return "\n".join(lines)


def _place(name: str) -> str:
    files = places().get(name, ())
    where = files[0] if files else "?"
    return f"`{where}::test_{name.rpartition('::')[2]}`"


if __name__ == "__main__":
    print(page(), end="")
