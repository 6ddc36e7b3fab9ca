"""C01, C06: an upgrade after which nobody reaches the router, as a whole run.

With the remedy of the plan's blocker it ends proven; overridden, or where the router does it all
the same, it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import slp_router
from kit.throttled import stopped, unmet
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.targets import load_target
from slp_tasks.connection.opening import open_session

NEW = "isr4300-universalk9.17.12.04.SPA.bin"
IMAGES = [{"name": NEW, "release": "17.12.4", "platform": "isr4300", "size": 722345678}]
FLASH = {"files": [{"name": NEW, "release": "17.12.4", "size": 722345678}]}
GOAL: dict[str, Any] = {
    "release": "17.12.4",
    "image": {"name": NEW, "size": 722345678},
    "topology": {"kind": "controller"},
}
OVER = ["fake", pytest.param("ssh", marks=pytest.mark.slow)]
MODES = ["install", "bundle"]
SILENT = "does not answer|Connection refused"


def router(**more: Any) -> dict[str, Any]:
    return slp_router(release="17.9.4a", flash=FLASH, **more)


def blocked_by(plan: RouterPlan) -> list[str]:
    return [n.rule for n in plan.blockers]


def configure(made: Bench, *lines: str) -> None:
    """Has an operator type the remedy of a blocker."""
    with open_session(made.host(), secrets=made.secrets) as session:
        session.configure(list(lines))
        session.run("write memory")


def remedy(plan: RouterPlan, rule: str) -> list[str]:
    """Returns what the remedy says to type in configuration mode."""
    (blocker,) = [n for n in plan.blockers if n.rule == rule]
    said = blocker.remedy.partition(", save")[0].replace(" in configuration mode", "")
    return [
        x for x in said.split("; ") if x.startswith(("config-register", "crypto key", "ip ssh"))
    ]


def open_at_the_end(made: Bench, plan: RouterPlan) -> list[Any]:
    """Returns what keeps a plan from being proven once it is carried out; nothing where it is."""
    return stopped(made.migrate(plan)) or unmet(made, plan)


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("register", ["0x2100", "0x2142"])
def test_c01_with_the_register_set_right_the_upgrade_is_proven(
    tmp_path: Path, register: str, over: str
) -> None:
    with bench(tmp_path, router(config_register=register), over=over, images=IMAGES) as made:
        plan = made.plan(**GOAL)
        assert blocked_by(plan) == ["UP-3"]
        configure(made, *remedy(plan, "UP-3"))
        plan = made.plan(**GOAL)
        assert blocked_by(plan) == []
        assert open_at_the_end(made, plan) == []


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize(
    ("register", "event"), [("0x2100", "stopped in ROMMON"), ("0x2142", "boot 1 17.12.4")]
)
def test_c01_overridden_the_router_is_not_reached_and_not_proven(
    tmp_path: Path, register: str, event: str, over: str
) -> None:
    with bench(tmp_path, router(config_register=register), over=over, images=IMAGES) as made:
        plan = made.plan(**GOAL, allow={"UP-3": "tried"})
        assert blocked_by(plan) == []
        ((step, why),) = open_at_the_end(made, plan)
        assert "install-activate" in step
        assert re.search(SILENT if register == "0x2100" else "refuse[sd] the login", why)
        assert event in made.events()


@pytest.mark.parametrize("mode", MODES)
def test_c01_a_register_that_changes_before_the_reload_is_not_proven(
    tmp_path: Path, mode: str
) -> None:
    with bench(tmp_path, router(boot_mode=mode), images=IMAGES) as made:
        plan = made.plan(**GOAL)
        before_the_reload(made, plan, lambda: setattr(made.router(), "next_register", "0x2100"))
        assert "stopped in ROMMON" in made.events()


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("mode", MODES)
def test_c06_with_a_new_key_the_upgrade_is_proven(tmp_path: Path, mode: str, over: str) -> None:
    short = router(ssh_key_bits=1024, boot_mode=mode)
    with bench(tmp_path, short, over=over, images=IMAGES) as made:
        plan = made.plan(**GOAL)
        assert blocked_by(plan) == ["ACCESS-1"]
        lines = remedy(plan, "ACCESS-1")
        assert len(lines) == 2
        configure(made, *lines)
        made.trust_host_keys()
        plan = made.plan(**GOAL)
        assert blocked_by(plan) == []
        assert open_at_the_end(made, plan) == []


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize("mode", MODES)
def test_c06_overridden_ssh_refuses_after_the_reload_and_nothing_is_proven(
    tmp_path: Path, mode: str, over: str
) -> None:
    short = router(ssh_key_bits=1024, boot_mode=mode)
    with bench(tmp_path, short, over=over, images=IMAGES) as made:
        plan = made.plan(**GOAL, allow={"ACCESS-1": "tried"})
        assert blocked_by(plan) == []
        ((_, why),) = open_at_the_end(made, plan)
        assert re.search(SILENT, why)
        assert "boot 1 17.12.4" in made.events()
        if over == "fake":  # and only the timer of install mode lets anybody in again
            made.clock.sleep(3 * 3600)
            assert (made.router().ssh_key() is not None) is (mode == "install")


def test_c06_a_key_that_is_lost_before_the_reload_is_not_proven(tmp_path: Path) -> None:
    with bench(tmp_path, router(), images=IMAGES) as made:
        plan = made.plan(**GOAL)
        assert blocked_by(plan) == []
        name = next(iter(made.router().rsa_keys))
        before_the_reload(made, plan, lambda: made.router().rsa_keys.update({name: 1024}))
        assert made.router().ssh_key() is None or made.router().release.short == "17.9.4a"


@pytest.mark.parametrize("allowed", [False, True])
def test_c06_a_key_that_the_plan_did_not_see_is_looked_at_before_the_reload(
    tmp_path: Path, allowed: bool
) -> None:
    with bench(tmp_path, router(ssh_key_bits=1024), images=IMAGES) as made:
        unread = made.state().model_copy(update={"ssh": None})
        allow = {"ACCESS-1": "a console server is at hand"} if allowed else {}
        plan = make_plan(unread, load_target({**GOAL, "allow": allow}, where="r1", base=tmp_path))
        assert blocked_by(plan) == []
        said = made.carry(plan, plan.steps[0])
        assert said.startswith("skipped" if allowed else "blocked")
        assert allowed or "1,024 bits" in said


def before_the_reload(made: Bench, plan: RouterPlan, happens: Callable[[], None]) -> None:
    """Carries a plan out; something happens before the router reloads, and it is not proven."""
    reload = next(i for i, s in enumerate(plan.steps) if s.facts.reloads)
    before, after = plan.steps[:reload], plan.steps[reload:]
    assert stopped(made.migrate(plan.model_copy(update={"steps": before}))) == []
    happens()
    assert stopped(made.migrate(plan.model_copy(update={"steps": after})))
