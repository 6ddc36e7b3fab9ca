"""Each failure mode has a test that bears its name, apart from the simulator's own tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from faults.cases import CASES
from slp_sim.fault_list import fault_list

TESTS = Path(__file__).parents[1]
NAME = re.compile(r"^def test_(\w+)\(", re.MULTILINE)
NUMBER = re.compile(r"(?:^|_)f(\d\d)(?=_)")


@cache
def named() -> dict[str, set[str]]:
    """Returns the tests by the faults that their names bear."""
    found: dict[str, set[str]] = {}
    for file in TESTS.rglob("test_*.py"):
        if (TESTS / "sim") in file.parents:
            continue  # that a router misbehaves proves nothing about who drives it
        for name in NAME.findall(file.read_text(encoding="utf-8")):
            for number in NUMBER.findall(f"{name}_"):
                found.setdefault(f"F{number}", set()).add(f"{file.name}::{name}")
    for case in CASES:
        found.setdefault(case.fault.partition("-")[0], set()).add(f"whole run {case.id}")
    return found


@pytest.mark.parametrize("number", [f"F{n:02}" for n in range(1, 48)])
def test_a_test_bears_its_name(number: str) -> None:
    assert named().get(number), f"no test outside tests/sim is named after {number}"


def test_every_variant_goes_through_a_whole_run() -> None:
    run = {c.fault for c in CASES}
    elsewhere = {"F11", "F24", "F25", "F32", "F40"}  # test_files, test_before_a_run, test_over_ssh
    for number, kind in fault_list().items():
        if kind.always or kind.client or number in elsewhere:
            continue
        variants = {f"{number}-{v}" for v in kind.variants}
        assert variants <= run, variants - run
        assert number in run or kind.needs_variant or kind.default, number
