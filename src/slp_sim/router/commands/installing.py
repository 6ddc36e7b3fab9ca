"""Install mode: add, activate, commit, abort, remove; with what each refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from slp_sim.router.catalog import Release
from slp_sim.router.commands.install_talk import (
    FAULT_TEXT,
    Part,
    boot_config,
    clean_config,
    failed,
    phase,
    refusal,
)
from slp_sim.router.commands.who import installs
from slp_sim.router.flash import File, plain
from slp_sim.router.grammar import Grammar
from slp_sim.router.install import Package
from slp_sim.router.render.text import install_time
from slp_sim.router.steps import Ask, Dialogue, Hangup, Wait

if TYPE_CHECKING:
    from slp_sim.router.router import Router
    from slp_sim.router.terminal import Terminal


_ACTIVATE_S = 45.0
_ISSU_S = 900.0
_SWITCHOVER_S = 15.0


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    quiet = "[prompt-level none]"
    exec_.add("install add file <path>", add, installs)
    exec_.add(f"install activate {quiet}", activate, installs)
    exec_.add(f"install activate issu {quiet}", activate, installs)
    exec_.add(f"install activate auto-abort-timer <minutes> {quiet}", activate, installs)
    exec_.add("install auto-abort-timer stop", stop_timer, installs)
    exec_.add("install activate auto-abort-timer stop", stop_timer, installs)
    exec_.add("install commit", commit, installs)
    exec_.add("install abort [issu]", abort, installs)
    exec_.add("install rollback to committed", abort, installs)
    exec_.add("install remove inactive", remove_inactive, installs)
    exec_.add(f"install add file <path> activate commit {quiet}", one_shot, installs)


# --- add ----------------------------------------------------------------------------------------


def add(line: Terminal, path: str) -> Dialogue:
    """Unpacks an image."""
    yield from _add(line, path, "install_add")


def _add(
    line: Terminal, path: str, operation: str, then: Callable[[Package], object] | None = None
) -> Part:
    """Adds an image; what follows of the same operation begins at once, session or not."""
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    refused = refusal(line)
    if refused is not None:
        yield failed(operation, refused) if "Same" not in refused else f"{refused}\n"
        return False
    file = router.flash.get(path)
    if file is None:
        yield failed(operation, f"File {path} does not exist or cannot be read")
        return False
    problem = _unusable(router, file)
    if problem is not None:
        yield failed(operation, problem)
        return False
    needed = router.install.needed(file.size)
    if router.flash.free < needed:
        yield failed(operation, f"/bootflash requires {needed // 1024} KB of free space")
        return False
    yield f"{operation}: Adding IMG\n\n--- Starting initial file syncing ---\n"
    yield f"[1]: Copying bootflash:{plain(path)} from  R0 to  R0\n"
    yield "Info: Finished copying to the selected \nFinished initial file syncing\n"
    long = float(router.faults.param("F04", "seconds", 1500.0)) if router.faults.on("F04") else 0.0
    seconds = max(router.spec.add_s, long)

    def act() -> None:
        package = router.install.add(path)
        if package is not None and then is not None:
            then(package)

    router.install.begin(operation, seconds, act)
    yield from phase("Add", seconds)
    package = router.install.of_state("I")
    if package is None or package.file != plain(path):
        yield failed(operation, f"File {path} could not be added")
        return False
    yield f"Image added. Version: {package.row}\n\n"
    yield f"SUCCESS: {operation} {install_time(router)}\n"
    return True


def _unusable(router: Router, file: File) -> str | None:
    header = file.image()
    if header is None:
        return f"Signature verification failed for bootflash:{file.name}: image is corrupt"
    if not router.install.fits(header.platform):
        return f"Image bootflash:{file.name} is not compatible with this platform"
    release = Release.parse(header.release)
    known = {p.release for p in router.install.packages}
    if release in known or release == router.release:
        return "Same Image File-No Change"
    return None


# --- activate -----------------------------------------------------------------------------------


def activate(line: Terminal, minutes: str = "") -> Dialogue:
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
    if "issu" in words and not router.pair_is_hot():
        yield failed(operation, "ISSU needs a standby processor in hot standby state")
        return
    quiet = "none" in words
    yield from _activate(line, package, operation, int(minutes) if minutes else None, quiet=quiet)


def _activate(
    line: Terminal, package: Package, operation: str, minutes: int | None, *, quiet: bool
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

    issu = "issu" in line.last_line.lower().split()
    if router.install.busy is None:  # a one-shot install without questions is at it already
        _begin_activation(router, package, operation, minutes, issu=issu)
    yield from phase("Activate", _ISSU_S if issu else _ACTIVATE_S)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
    yield Wait(3.0)
    yield Hangup()
    return True


def _begin_activation(
    router: Router, package: Package, operation: str, minutes: int | None, *, issu: bool = False
) -> None:
    """Has an activation happen and end in a reload, whatever becomes of the session."""

    def act() -> None:
        router.install.activate(package, minutes, commit=operation != "install_activate")
        reason = "ISSU switchover" if issu else "Install"
        router.reload_in(3.0, reason, outage_s=_SWITCHOVER_S if issu else None)

    router.install.begin(operation, _ISSU_S if issu else _ACTIVATE_S, act)


def one_shot(line: Terminal, path: str) -> Dialogue:
    """Adds, activates and commits in one go; a session that dies stops it only at a question."""
    operation = "install_add_activate_commit"
    router = line.router
    quiet = "none" in line.last_line.split()
    if not quiet and not (yield from clean_config(line, operation)):
        return

    def go_on(package: Package) -> None:
        if quiet and not router.modified():
            _begin_activation(router, package, operation, None)

    if not (yield from _add(line, path, operation, go_on)):
        return
    package = router.install.of_state("I")
    if package is not None:
        yield from _activate(line, package, operation, None, quiet=quiet)


# --- commit, abort, remove ----------------------------------------------------------------------


def commit(line: Terminal) -> Dialogue:
    """Keeps what was activated."""
    operation = "install_commit"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    if router.install.of_state("U") is None:
        yield failed(operation, "No uncommitted package to commit")
        return
    refused = refusal(line)
    if refused is not None:
        yield failed(operation, refused)
        return
    yield f"{operation}: Committing PACKAGE\n"
    router.install.begin(operation, 8.0, router.install.commit)
    yield from phase("Commit", 8.0)
    if router.install.of_state("U") is not None:
        yield failed(operation, "The activation was rolled back")
        return
    yield f"SUCCESS: {operation} {install_time(router)}\n"


def stop_timer(line: Terminal) -> str:
    """Stops the auto-abort timer."""
    router = line.router
    router.install.stop_timer()
    return f"install_auto_abort_timer_stop: START {install_time(router)}\nSUCCESS: timer stopped\n"


def abort(line: Terminal) -> Dialogue:
    """Goes back to what is committed."""
    operation = "install_abort"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    if router.faults.on("F09", "issu"):
        router.faults.clear("F09")
        yield f"SUCCESS: {operation} {install_time(router)}\n"
        return
    if router.install.of_state("U") is None:
        yield failed(operation, "No uncommitted package to abort")
        return
    question = "This operation may require a reload of the system. Do you want to proceed? [y/n]"
    key = (yield Ask(question, key=True)).lower()
    yield f"{key.strip()}\n"
    if key != "y":
        yield failed(operation, "User aborted the operation")
        return
    router.install.begin(operation, 21.0, lambda: router.install.roll_back("abort"))
    yield from phase("Abort", 20.0)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
    yield Wait(1.0)
    yield Hangup()


def remove_inactive(line: Terminal) -> Dialogue:
    """Deletes images and packages that are not active."""
    operation = "install_remove"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    install = router.install
    keep = [p.release.padded for p in install.packages if p.state != "I"]
    names = [
        f.name
        for f in router.flash.files.values()
        if f.name != install.boot_file
        and (f.name.endswith(".pkg") or f.image() is not None)
        and not any(k in f.name for k in keep)
    ]
    if not names and install.of_state("I") is None:
        yield f"Nothing to clean.\n\nSUCCESS: {operation} {install_time(router)}\n"
        return
    yield "The following files will be deleted:\n"
    yield "".join(f"    /bootflash/{name}\n" for name in names)
    key = (yield Ask("Do you want to remove the above files? [y/n]", key=True)).lower()
    yield f"{key.strip()}\n"
    if key != "y":
        yield failed(operation, "User aborted the operation")
        return
    install.begin(operation, 10.0, install.remove_inactive)
    yield from phase("Remove", 10.0)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
