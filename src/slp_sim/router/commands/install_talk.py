"""What install mode says and asks in the course of its operations."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from slp_sim.router.steps import Ask, Dialogue, Step, Wait

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal

Part = Generator[Step, str, bool]
"""A part of a dialogue that tells whether to go on."""

FAULT_TEXT = {
    "unsaved": "System configuration has been modified. Please save configuration and resubmit "
    "command.",
    "issu": "Install ISSU in progress. Abort the ISSU upgrade to proceed",
    "same": "Same Image File-No Change",
    "missing": "Install Operation failed as one or more package file(s) for running image is "
    "not present in the device",
}


def failed(operation: str, reason: str) -> str:
    """Returns the terminal line of an operation that did not work."""
    return f"FAILED: {operation} : {reason}\n"


def refusal(line: Terminal) -> str | None:
    """Returns why install mode refuses anything at all just now."""
    if line.router.install.busy is not None:
        return f"Another install operation is in progress: {line.router.install.busy}"
    faults = line.router.faults
    variant = faults.param("F09", "variant", "unsaved")
    return FAULT_TEXT[variant] if faults.strikes("F09") else None


def clean_config(line: Terminal, operation: str) -> Part:
    """Asks about an unsaved configuration; tells whether to go on."""
    router = line.router
    if not router.modified():
        return True
    yield "\nSystem configuration has been modified.\n"
    yield "Press Yes(y) to save the configuration and proceed.\n"
    yield "Press No(n) for proceeding without saving the configuration.\n"
    question = "Press Quit(q) to exit, you may save configuration and re-enter the command. [y/n/q]"
    key = (yield Ask(question, key=True)).lower()
    yield f"{key.strip()}\n"
    if key == "y":
        yield "Building configuration...\n"
        router.save()
        yield "[OK]Modified configuration has been saved\n"
        return True
    if key == "n":
        return True
    yield failed(operation, "User aborted the operation")
    return False


def phase(name: str, seconds: float) -> Dialogue:
    """Prints the phase of an operation, which takes so many lab seconds."""
    yield f"\n--- Starting {name} ---\nPerforming {name} on Active/Standby\n"
    yield f"  [1] {name} package(s) on R0\n"
    yield Wait(seconds)
    yield f"  [1] Finished {name} on R0\nChecking status of {name} on [R0]\n"
    yield f"{name}: Passed on [R0]\nFinished {name}\n\n"


def boot_config(line: Terminal, operation: str, *, quiet: bool) -> Part:
    """A bundle-mode router must boot ``packages.conf`` from now on."""
    router = line.router
    startup = router.startup
    entries = startup.values("boot system") if startup is not None else []
    if any(e.endswith("packages.conf") for e in entries[:1]):
        return True
    if not quiet:
        question = "Please confirm you have changed boot config to bootflash:packages.conf [y/n]"
        key = (yield Ask(question, key=True)).lower()
        yield f"{key.strip()}\n"
        if key != "y":
            yield failed(operation, "Boot config does not start bootflash:packages.conf")
            return False
    return True
