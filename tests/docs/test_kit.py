"""Tests stand by themselves: what several share stands in ``tests/kit``, or beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
WATCHES = "test_fidelity_coverage.py"
"""It counts which captures three test modules compare, and so has to run them."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}"
            yield from (f"{module}.{alias.name}" for alias in node.names)


def of_tests(name: str) -> bool:
    """Tells whether a name comes out of a module that pytest collects."""
    return any(
        (part.startswith("test_") and (TESTS / "/".join(before) / f"{part}.py").exists())
        or part == "conftest"
        for before, part in _parts(name)
    )


def _parts(name: str) -> Iterator[tuple[list[str], str]]:
    parts = [p for p in name.split(".") if p]
    for place, part in enumerate(parts):
        yield parts[:place], part


def test_no_test_module_imports_a_test_module() -> None:
    modules = [p for p in sorted(TESTS.rglob("*.py")) if p.name != WATCHES]
    assert len(modules) > 250
    wrong = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in modules
        for name in imported(path)
        if of_tests(name)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("docs.test_kit.imported", True),
        ("docs.test_kit", True),
        ("fleet.conftest.bench", True),
        (".conftest.BEGAN", True),
        ("kit.labs.bench", False),
        ("starlette.testclient.test_client", False),
    ],
)
def test_what_comes_out_of_a_test_module_is_told_from_a_helper(name: str, is_one: bool) -> None:
    assert of_tests(name) is is_one
