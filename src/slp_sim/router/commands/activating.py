"""Install mode: activation, by a reload or in service, alone or with all that belongs to it."""

from __future__ import annotations

from slp_sim.router.commands.install_talk import (
    FAULT_TEXT,
    Part,
    boot_config,
    clean_config,
    failed,
    phase,
    refusal,
    sanity,
)
from slp_sim.router.commands.installing import add_image
from slp_sim.router.commands.who import installs
from slp_sim.router.dialogue import Ask, Dialogue, Hangup, Wait
from slp_sim.router.grammar import Grammar
from slp_sim.router.install import Package
from slp_sim.router.issu import PREPARE_S
from slp_sim.router.processors import SWITCHOVER_S
from slp_sim.router.render.text import install_time
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_ACTIVATE_S = 45.0


def register(exec_: Grammar) -> None:
    """Adds it to EXEC."""
    quiet = "[prompt-level none]"
    timer = "auto-abort-timer <minutes>"
    exec_.add(f"install activate {quiet}", activate, installs)
    exec_.add(f"install activate {timer} {quiet}", activate, installs)
    exec_.add(f"install activate issu {quiet}", activate, installs)
    exec_.add(f"install activate issu {timer} {quiet}", activate, installs)
    exec_.add(f"install add file <path> activate commit {quiet}", one_shot, installs)
    exec_.add(f"install add file <path> activate issu commit {quiet}", one_shot, installs)


def activate(line: Vty, minutes: str = "") -> Dialogue:
    """Makes the added image boot: asks, then reloads."""
    operation = "install_activate"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    refused = refusal(line)
    if refused is not None:
        yield failed(operation, refused)
        return
    package = router.install.of_state("I")
    if package is None:
        yield failed(operation, "No inactive package to activate")
        return
    if minutes and not (minutes.isdigit() and 30 <= int(minutes) <= 1200):
        yield "% Invalid auto-abort-timer: 30 to 1200 minutes\n"
        return
    words = line.last_line.lower().split()
    quiet = "none" in words
    if "issu" in words and not (yield from sanity(line, operation)):
        return
    yield from _activate(
        line,
        package,
        operation,
        int(minutes) if minutes else None,
        quiet=quiet,
        issu="issu" in words,
    )


def _activate(
    line: Vty,
    package: Package,
    operation: str,
    minutes: int | None,
    *,
    quiet: bool,
    issu: bool,
) -> Part:
    router = line.router
    if not quiet and not (yield from clean_config(line, operation)):
        return False
    if quiet and router.modified():
        yield failed(operation, FAULT_TEXT["unsaved"])
        return False
    if not (yield from boot_config(line, operation, quiet=quiet)):
        return False
    yield f"{operation}: Activating IMG\nFollowing packages shall be activated:\n"
    yield f"/bootflash/{router.platform.image}-rpbase.{package.release.padded}.SPA.pkg\n\n"
    if not quiet:
        question = (
            "This operation may require a reload of the system. Do you want to proceed? [y/n]"
        )
        key = (yield Ask(question, key=True)).lower()
        yield f"{key.strip()}\n"
        if key != "y":
            yield failed(operation, "User aborted the operation")
            return False

    if router.install.busy is None and not router.issu.in_progress():  # a one-shot is at it already
        _begin(router, package, operation, minutes, issu=issu)
    if issu:
        yield from _stages(line)
        return True
    yield from phase(line, "Activate", _ACTIVATE_S)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
    yield Wait(3.0)
    yield Hangup()
    return True


def _begin(
    router: Router, package: Package, operation: str, minutes: int | None, *, issu: bool
) -> None:
    """Has an activation happen, whatever becomes of the session."""
    commit = operation != "install_activate"
    if issu:
        router.issu.begin(package, minutes, commit=commit)
        return

    def act() -> None:
        router.install.activate(package, minutes, commit=commit)
        router.reload_in(3.0, "Install")

    router.install.begin(operation, _ACTIVATE_S, act)


def _stages(line: Vty) -> Dialogue:
    """Tells the stages of an in-service upgrade; its session ends with the switchover at last."""
    router = line.router
    yield "STAGE 1: Installing software on Active/Standby\n"
    yield Wait(PREPARE_S)
    yield "STAGE 2: Restarting Standby\n--- Starting standby reload ---\n"
    yield Wait(router.spec.boot_s + router.processors.sync_s)
    yield "STAGE 3: Switchover\n"
    yield Wait(SWITCHOVER_S)


def one_shot(line: Vty, path: str) -> Dialogue:
    """Adds, activates and commits in one go; a session that dies stops it only at a question."""
    operation = "install_add_activate_commit"
    router = line.router
    words = line.last_line.lower().split()
    quiet, issu = "none" in words, "issu" in words
    if issu and not (yield from sanity(line, operation)):
        return
    if not quiet and not (yield from clean_config(line, operation)):
        return

    def go_on(package: Package) -> None:
        if quiet and not router.modified():
            _begin(router, package, operation, None, issu=issu)

    if not (yield from add_image(line, path, operation, go_on)):
        return
    package = router.install.of_state("I")
    if package is not None:
        yield from _activate(line, package, operation, None, quiet=quiet, issu=issu)
