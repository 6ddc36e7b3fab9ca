"""What *proven* means: a router that would not come back from its next reload is not proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from kit.labs import Bench, bench
from slp_core.parsing import assemble
from slp_core.plan import Finding, RouterPlan
from slp_core.verify import verify
from slp_sim.router.router import Router
from slp_tasks.collect import collect
from slp_tasks.connection.opening import open_session

Spoil = Callable[[Router], None]


def set_line(router: Router, old: str, *new: str) -> None:
    """Has somebody at the router replace a line and save."""
    lines = [x for x in router.running.lines() if not x.startswith(old)]
    router.running = type(router.running)([*new, *lines])
    router.save()


def boots(*files: str) -> Spoil:
    lines = [f"boot system bootflash:{file}" for file in files]
    return lambda router: set_line(router, "boot system", *lines)


def register(value: str) -> Spoil:
    return lambda router: setattr(router, "next_register", value)


def erased(router: Router) -> None:
    router.startup = None


def unsaved(router: Router) -> None:
    router.running.merge(["ip name-server 192.0.2.99"])


def gone(router: Router) -> None:
    router.flash.files = {k: f for k, f in router.flash.files.items() if f.name != "packages.conf"}


CASES: dict[str, tuple[Spoil, str, str]] = {
    "a boot variable that names a missing file": (
        boots("gone.bin"), "next_boot.image", "gone.bin (not on flash)"),
    "an old image in front of packages.conf": (
        boots("OLD", "packages.conf"), "next_boot.image", "OLD"),
    "no boot system": (boots(), "next_boot.image", "None"),
    "packages.conf deleted": (gone, "next_boot.image", "packages.conf (not on flash)"),
    "0x2142": (register("0x2142"), "next_boot.register", "startup configuration is ignored"),
    "0x2100": (register("0x2100"), "next_boot.register", "it stops in ROMMON"),
    "write erase": (erased, "next_boot.unsaved", "not saved: hostname"),
    "a line that is not saved": (
        unsaved, "next_boot.unsaved", "not saved: ip name-server 192.0.2.99"),
}  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, RouterPlan]]:
    """A router whose plan is carried out to its end."""
    folder = tmp_path_factory.mktemp("comes_back")
    with bench(folder, {"name": "r1", "family": "s4_evaluation"}, over="fake") as made:
        plan = made.plan()
        ended = made.migrate(plan)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        assert {f.verdict for f in next_boot(made, plan)} == {"met"}
        yield made, plan


def next_boot(made: Bench, plan: RouterPlan) -> list[Finding]:
    state = made.state()
    made.host().close_connections()
    return [f for f in verify(plan, state) if f.path.startswith("next_boot.")]


@pytest.mark.parametrize("case", CASES)
def test_up_3_what_would_not_come_back_is_not_proven(
    done: tuple[Bench, RouterPlan], case: str
) -> None:
    made, plan = done
    router, (spoil, path, told) = made.router(), CASES[case]
    kept = router.running.copy(), router.startup, dict(router.flash.files), router.next_register
    if case.startswith("an old"):
        image = next(f.name for f in router.flash.files.values() if f.image())
        spoil, told = boots(image, "packages.conf"), image
    try:
        spoil(router)
        unmet = {f.path: f for f in next_boot(made, plan) if f.verdict == "unmet"}
        last = [s for s in plan.steps if s.kind == "verify"][-1]
        at_the_end = made.carry(plan, last)
    finally:
        router.running, router.startup, router.flash.files, router.next_register = kept
    assert told in str(unmet[path].found)
    assert unmet[path].severity == "failure"
    assert at_the_end.startswith("failed: not as predicted: next_boot.")


def test_a_later_statement_that_flash_has_brings_the_router_back(
    done: tuple[Bench, RouterPlan],
) -> None:
    made, plan = done
    router = made.router()
    kept = router.running.copy(), router.startup
    try:
        boots("gone.bin", "packages.conf")(router)
        unmet = [f.path for f in next_boot(made, plan) if f.verdict == "unmet"]
    finally:
        router.running, router.startup = kept
    assert unmet == []


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("show boot", "next_boot.register"),
        ("show startup-config", "next_boot.unsaved"),
        ("both", "next_boot.image"),
    ],
)
def test_up_3_what_a_router_does_not_show_of_its_next_boot_is_not_proven(
    done: tuple[Bench, RouterPlan], command: str, path: str
) -> None:
    made, plan = done
    with open_session(made.host(), secrets=made.secrets) as session:
        outputs = collect(session)
    made.host().close_connections()
    gone = ("show boot", "show bootvar", "show startup-config") if command == "both" else (command,)
    if path == "next_boot.register":  # show version prints it as well
        gone = ("show boot", "show bootvar", "show version")
    left = {c: text for c, text in outputs.items() if c not in gone}
    live = verify(plan, assemble("r1", left, read_at=made.clock.now()), live=True)
    finding = next(f for f in live if f.path == path)
    assert (finding.verdict, finding.severity) == ("unmet", "failure")
    assert finding.why == "the router did not show it"
    saved = verify(plan, assemble("r1", left))
    assert {f.verdict for f in saved if f.path == path} <= {"unobservable"}, "a part was saved"
