"""Every capture of the guide is held against a simulated router, and the comparison is strict."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from kit.captures import DATA, Explained, compare
from sim.router import (
    test_fidelity_after,
    test_fidelity_before,
    test_fidelity_classic,
)

CAPTURE = "Smart Account: A B\n  Status: REGISTERED\nExpires: Jan 19 2021\n"
LONG = "Entitlement Tag: regid.2015-01.com.cisco.ISR_4351_Application,1.0_601ccfff-5601-4293"


@pytest.mark.slow
def test_every_capture_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[tuple[str, str, str]] = set()
    for module in (test_fidelity_before, test_fidelity_after, test_fidelity_classic):
        _watch(module, seen, monkeypatch)
    for scenario, slug in test_fidelity_before._slugs():
        test_fidelity_before.test_router_prints_its_capture(scenario, slug)
    for module in (test_fidelity_after, test_fidelity_classic):
        for name, story in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and not inspect.signature(story).parameters:
                story()
    there = {
        (path.parts[-3].split("_")[0], path.parts[-2], path.stem)
        for path in DATA.glob("*/*/*.json")
    }
    assert len(there) > 90
    assert sorted(there - seen) == []


def _watch(
    module: ModuleType, seen: set[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = module.captured

    def watched(scenario: str, phase: str, slug: str) -> str:
        seen.add((scenario, phase, slug))
        text: str = original(scenario, phase, slug)
        return text

    monkeypatch.setattr(module, "captured", watched)


@pytest.mark.parametrize(
    "printed",
    [
        CAPTURE.replace("A B", "AB"),
        CAPTURE.replace("Status: REGISTERED", "Status:REGISTERED"),
        CAPTURE.replace("REGISTERED\n", "REGISTERED "),
        CAPTURE.replace("  Status: REGISTERED\n", ""),
        CAPTURE.replace("2021", "2022"),
        CAPTURE + "One line more\n",
        "\n".join(reversed(CAPTURE.splitlines())),
        "",
    ],
)
def test_the_comparison_lets_nothing_pass_but_blanks(printed: str) -> None:
    assert compare("x", CAPTURE, printed, []) is not None


def test_the_comparison_knows_indentation_wraps_and_cuts() -> None:
    assert compare("x", CAPTURE, CAPTURE.replace("  Status", "\n Status"), []) is None
    assert compare("x", LONG.replace(",", ",\n  "), LONG, []) is None
    assert compare("x", "Status:\nREGISTERED\n", "Status: REGISTERED\n", []) is not None
    cut = "Smart Account: A B\n<output truncated>\nExpires: Jan 19 2021\n"
    assert compare("x", cut, CAPTURE, []) is None
    assert compare("x", cut.replace("2021", "2022"), CAPTURE, []) is not None
    backwards = "<output truncated>\nExpires: Jan 19 2021\nSmart Account: A B\n"
    assert compare("x", backwards, CAPTURE, []) is not None


def test_explained_differences_are_few_and_of_one_output_each() -> None:
    lists = (
        test_fidelity_before.EXPLAINED,
        test_fidelity_after.EXPLAINED,
        test_fidelity_classic.EXPLAINED,
    )
    every: list[Explained] = [one for some in lists for one in some]
    assert len(every) < 30
    assert [one.where for one in every if "*" in one.where] == []
    assert all(len(one.captured) < 160 and one.captured != one.printed for one in every)
