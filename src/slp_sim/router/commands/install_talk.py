"""What install mode says and asks in the course of its operations."""

from __future__ import annotations

from collections.abc import Generator

from slp_sim.router.dialogue import Ask, Dialogue, Step, Wait
from slp_sim.router.vty import Vty

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


def refusal(line: Vty) -> str | None:
    """Returns why install mode refuses anything at all just now."""
    if line.router.install.busy is not None:
        return f"Another install operation is in progress: {line.router.install.busy}"
    if line.router.issu.in_progress():
        return FAULT_TEXT["issu"]
    faults = line.router.faults
    variant = faults.param("F09", "variant", "unsaved")
    return FAULT_TEXT[variant] if faults.strikes("F09") else None


def clean_config(line: Vty, operation: str) -> Part:
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


def phase(line: Vty, name: str, seconds: float) -> Dialogue:
    """Prints the phase of an operation, which takes so many lab seconds."""
    slots = [p.name for p in line.router.processors.slots()]
    yield f"\n--- Starting {name} ---\nPerforming {name} on Active/Standby\n"
    yield "".join(f"  [1] {name} package(s) on {slot}\n" for slot in slots)
    yield Wait(seconds)
    both = " ".join(slots)
    yield "".join(f"  [1] Finished {name} on {slot}\n" for slot in slots)
    yield f"Checking status of {name} on [{both}]\n"
    yield f"{name}: Passed on [{both}]\nFinished {name}\n\n"


_NEEDS = {
    "Platform ISSU Support": "ISSU is not supported on this platform",
    "Standby Online": "the standby is not in standby hot state",
    "SSO Mode": "the redundancy mode is not sso",
    "Install Boot": "the router did not boot packages.conf",
    "Autoboot Enabled": "autoboot is not enabled (config-register 0x2102)",
    "Valid Boot Media": "the router did not boot from valid media",
}


def sanity(line: Vty, operation: str) -> Part:
    """Prints the first stage of an in-service upgrade; tells whether its conditions are met.

    What is asked is public (``show issu state detail``), the wording is not verified.
    """
    yield "STAGE 0: Initial System Level Sanity Check before starting ISSU\n"
    yield "===============================================================\n"
    checks = line.router.issu.checks()
    for name, why in _NEEDS.items():
        yield f"--- Verifying {name} ---\n"
        if not checks[name]:
            yield failed(operation, why)
            return False
    yield "Finished Initial System Level Sanity Check\n\n"
    return True


def boot_config(line: Vty, operation: str, *, quiet: bool) -> Part:
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
