"""Install mode: add, activate, commit, abort, remove; with what each refuses."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.router.catalog import Release
from slp_sim.router.commands.install_talk import (
    FAULT_TEXT,
    Part,
    failed,
    phase,
    refusal,
)
from slp_sim.router.commands.who import installs
from slp_sim.router.dialogue import Ask, Dialogue, Hangup, Wait
from slp_sim.router.flash import File, plain
from slp_sim.router.grammar import Grammar
from slp_sim.router.install import Package
from slp_sim.router.render.text import install_time
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    quiet = "[prompt-level none]"
    exec_.add("install add file <path>", add, installs)
    exec_.add("install auto-abort-timer stop", stop_timer, installs)
    exec_.add("install activate auto-abort-timer stop", stop_timer, installs)
    exec_.add("install commit", commit, installs)
    exec_.add(f"install abort [issu] {quiet}", abort, installs)
    exec_.add("install rollback to committed", abort, installs)
    exec_.add("install remove inactive", remove_inactive, installs)


_ONE_SHOT_SINCE = Release(17, 12, 1)
_ONE_SHOT = (
    "Booted in bundle mode. For Bundle-to-Install mode conversion, please use one-shot CLI - "
    "install add file <> activate commit"
)


# --- add ----------------------------------------------------------------------------------------


def add(line: Vty, path: str) -> Dialogue:
    """Unpacks an image.

    In bundle mode newer releases refuse it alone (VG400 series guide, a session on 17.12.1a).
    """
    router = line.router
    if router.install.mode == "bundle" and router.release >= _ONE_SHOT_SINCE:
        yield f"install_add: START {install_time(router)}\ninstall_add: Adding IMG\n"
        yield f" [1]  R0 FAILED: {_ONE_SHOT}\n"
        yield f"FAILED: install_add /bootflash/{plain(path)} {install_time(router)}\n"
        router.log(
            "INSTALL-3-OPERATION_ERROR_MESSAGE",
            f"R0/0: install_mgr: Failed to install add package {path}, Error: {_ONE_SHOT}",
        )
        return
    yield from add_image(line, path, "install_add")


def add_image(
    line: Vty, path: str, operation: str, then: Callable[[Package], object] | None = None
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
    yield from phase(line, "Add", seconds)
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


# --- commit, abort, remove ----------------------------------------------------------------------


def commit(line: Vty) -> Dialogue:
    """Keeps what was activated."""
    operation = "install_commit"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    if router.install.of_state("U") is None:
        yield failed(operation, "No uncommitted package to commit")
        return
    settled = router.issu.in_progress() and router.issu.settled and router.processors.hot()
    refused = None if settled else refusal(line)
    if refused is not None:
        yield failed(operation, refused)
        return
    yield f"{operation}: Committing PACKAGE\n"
    router.install.begin(operation, 8.0, router.install.commit)
    yield from phase(line, "Commit", 8.0)
    if router.install.of_state("U") is not None:
        yield failed(operation, "The activation was rolled back")
        return
    yield f"SUCCESS: {operation} {install_time(router)}\n"


def stop_timer(line: Vty) -> str:
    """Stops the auto-abort timer."""
    router = line.router
    router.install.stop_timer()
    return f"install_auto_abort_timer_stop: START {install_time(router)}\nSUCCESS: timer stopped\n"


def abort(line: Vty) -> Dialogue:
    """Goes back to what is committed."""
    operation = "install_abort"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    if router.faults.on("F09", "issu"):
        router.faults.clear("F09")
        yield f"SUCCESS: {operation} {install_time(router)}\n"
        return
    issu = router.issu.in_progress()
    refused = None
    if issu and "issu" not in line.last_line.lower().split():
        refused = FAULT_TEXT["issu"]
    elif router.issu.state == "Aborting":
        refused = "The ISSU upgrade is being aborted already"
    elif not issu and router.install.of_state("U") is None:
        refused = "No uncommitted package to abort"
    if refused is not None:
        yield failed(operation, refused)
        return
    question = "This operation may require a reload of the system. Do you want to proceed? [y/n]"
    key = (yield Ask(question, key=True)).lower()
    yield f"{key.strip()}\n"
    if key != "y":
        yield failed(operation, "User aborted the operation")
        return
    router.install.begin(operation, 21.0, lambda: router.install.roll_back("abort"))
    yield from phase(line, "Abort", 20.0)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
    if issu:
        return
    yield Wait(1.0)
    yield Hangup()


def remove_inactive(line: Vty) -> Dialogue:
    """Deletes images and packages that are not active."""
    operation = "install_remove"
    router = line.router
    yield f"\n{operation}: START {install_time(router)}\n"
    if router.issu.in_progress():
        yield failed(operation, FAULT_TEXT["issu"])
        return
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
    yield from phase(line, "Remove", 10.0)
    yield f"SUCCESS: {operation} {install_time(router)}\n"
