"""The simulator renders what it holds: no text of a capture, nothing that ignores its inputs."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

import slp_sim
from kit.captures import DATA, spec_of
from kit.hand import Hand, World, router_of
from slp_sim.clock import ManualClock
from slp_sim.router.router import Router
from slp_sim.router.spec import RouterSpec

SOURCE = Path(slp_sim.__file__).parent
_TELLING = re.compile(
    r"\b(?:F[DG][OL]\d{4}[0-9A-Z]{3,4}|95QS\w+|[0-9a-f]{8}\b(?=[^-])|"
    r"[A-Z][a-z]{2} \d{2} \d\d:\d\d:\d\d \d{4}|\d{2}-[A-Z][a-z]{2}-\d{2})"
)
"""Serial numbers, confirmation codes, dates: what only one router of the captures had."""

COMMANDS = {
    "s1": ["version", "license summary", "license status", "license usage", "license all"],
    "s2": ["license summary", "license usage", "license reservation", "license status"],
    "s5": ["license", "license feature", "license all"],
}


def test_no_capture_stands_in_the_simulator() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py"))
    text += "\n".join(p.read_text(encoding="utf-8") for p in (SOURCE / "data").glob("*.yaml"))
    lines = {
        line.strip()
        for path in DATA.rglob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    found = [x for x in lines if len(x) > 12 and _TELLING.search(x) and x in text]
    assert found == []
    telling = {m for x in lines for m in re.findall(r"\b(?:FDO|FGL)\d{4}\w{3,4}\b", x)}
    assert telling
    assert [x for x in telling if x in text] == []


def test_the_simulator_imports_nothing_of_ours() -> None:
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:from|import) slp_(?:core|tasks|fleet|cli)", text, re.M), path


def _changed(scenario: str, change: dict[str, Any]) -> RouterSpec:
    spec = spec_of(scenario).model_dump(mode="json", exclude_unset=True)
    for path, value in change.items():
        at: Any = spec
        *heads, last = path.split(".")
        for head in heads:
            at = at[int(head)] if head.isdigit() else at[head]
        at[last] = value
    return RouterSpec.model_validate(spec)


@pytest.mark.parametrize(
    ("scenario", "path", "value", "seen", "where"),
    [
        ("s1", "serial", "FDO0000NEW1", "FDO0000NEW1", ["version", "license all", "license udi"]),
        ("s1", "pid", "ISR4431/K9", "ISR4431/K9", ["version", "license all", "inventory"]),
        ("s1", "hostname", "edge-77", "edge-77", ["version", "running-config"]),
        ("s1", "release", "16.12.9", "16.12.9", ["version"]),
        (
            "s1",
            "licensing.licences.2.count",
            7,
            "7 AUTHORIZED|Count: 7",
            ["license summary", "license usage", "license all"],
        ),
        (
            "s1",
            "licensing.licences.2.tag",
            "ISR_X_Tag",
            "ISR_X_Tag",
            ["license summary", "license usage", "license all"],
        ),
        (
            "s1",
            "licensing.registration.smart_account",
            "Other-SA",
            "Smart Account: Other-SA",
            ["license summary", "license status", "license all"],
        ),
        (
            "s1",
            "licensing.registration.authorized_at",
            "2021-01-14T01:02:03Z",
            "Feb 13 01:02:0[23] 2021",
            ["license summary", "license status"],
        ),
        (
            "s2",
            "licensing.reservation.confirmation_code",
            "abcd1234",
            "abcd1234",
            ["license reservation"],
        ),
        (
            "s2",
            "licensing.reservation.licences.0.count",
            5,
            "Total reserved count: 5",
            ["license reservation", "license usage"],
        ),
        (
            "s5",
            "licensing.licences.0.feature",
            "newk9",
            "newk9",
            ["license", "license feature", "license all"],
        ),
        ("s5", "licensing.licences.0.in_use", False, "Not in Use", ["license", "license all"]),
    ],
)
def test_changing_an_input_changes_every_output_that_depends_on_it(
    scenario: str, path: str, value: object, seen: str, where: list[str]
) -> None:
    _, _, before = router_of(spec_of(scenario))
    _, _, after = router_of(_changed(scenario, {path: value}))
    for words in where:
        old, new = before.show(f"show {words}"), after.show(f"show {words}")
        assert old != new, f"show {words} does not depend on {path}"
        assert re.search(seen, new), f"show {words}: {seen} is not printed"


def test_ten_thousand_idle_routers_cost_nothing() -> None:
    clock = ManualClock()
    world = World(clock)
    base = spec_of("s1")
    tracemalloc.start()
    routers = [
        Router(base.model_copy(update={"name": f"r{n}", "serial": f"S{n}"}), clock, world, seed=n)
        for n in range(200)
    ]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / len(routers) < 40_000, "10,000 routers would not fit"
    assert clock.next_due() is None, "an idle router waits for something"
    assert "Version 16.12.4" in Hand(routers[-1], clock).show("show version")


def test_the_same_seed_gives_the_same_router() -> None:
    texts = []
    for _ in range(2):
        _, _, hand = router_of(spec_of("s4"), seed=7)
        hand.type("license smart register idtoken x")
        hand.wait(20)
        texts.append(hand.show("show license all") + hand.show("show logging"))
    assert texts[0] == texts[1]
