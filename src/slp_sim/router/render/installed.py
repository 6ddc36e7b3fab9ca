"""What is installed on which processor: ``show install summary``, ``show issu state detail``."""

from __future__ import annotations

from slp_sim.router.install import Package
from slp_sim.router.processors import Processor
from slp_sim.router.router import Router

_RULE = "-" * 80 + "\n"
_STATES = (
    "State (St): I - Inactive, U - Activated & Uncommitted,\n"
    f"            C - Activated & Committed, D - Deactivated & Uncommitted\n{_RULE}"
)


def summary(router: Router) -> str:
    """Returns ``show install summary``: a block for all processors, or one for each."""
    slots = [p for p in router.processors.slots() if _answers(router, p)]
    if len({p.release for p in slots}) > 1:
        return "".join(
            _block(p.name, _rows_of(router, p)) + _timer(router, p is router.processors.active)
            for p in slots
        )
    rows = "".join(_row(p, p.state) for p in router.install.packages)
    return _block(" ".join(p.name for p in slots), rows) + _timer(router, True)


def _answers(router: Router, processor: Processor) -> bool:
    """A processor that boots tells nothing of itself."""
    return processor is router.processors.active or router.processors.peer()[0] > 1


def _block(slots: str, rows: str) -> str:
    return (
        f"[ {slots} ] Installed Package(s) Information:\n{_STATES}"
        f"Type  St   Filename/Version    \n{_RULE}{rows}\n{_RULE}"
    )


def _row(package: Package, state: str) -> str:
    return f"IMG   {state}    {package.row}{' ' * 44}\n"


def _rows_of(router: Router, processor: Processor) -> str:
    """What a processor runs is active on it; what it does not run yet is not."""
    rows, known = "", False
    for package in router.install.packages:
        runs = package.release == processor.release
        known = known or runs
        active = package.state if package.state in "CU" else "U"
        rows += _row(package, active if runs else "C" if package.state == "C" else "I")
    return rows if known else f"IMG   C    {processor.release.row}{' ' * 44}\n"


def _timer(router: Router, here: bool) -> str:
    install = router.install
    if install.abort_at is None or not here:
        timer = "inactive"
    else:
        left = max(int((install.abort_at - router.now()).total_seconds()), 0)
        clock = f"{left // 3600:02}:{left % 3600 // 60:02}:{left % 60:02}"
        timer = f"active on install_activate, time before rollback - {clock}"
    return f"Auto abort timer: {timer}\n{_RULE}\n"


def issu_state(router: Router) -> str:
    """Returns ``show issu state detail``; what it prints during an operation is not verified."""
    slot = router.processors.active.name
    head = (
        f"--- Starting local lock acquisition on {slot} ---\n"
        f"Finished local lock acquisition on {slot}\n\n"
    )
    if router.faults.on("F09", "issu"):
        return f"{head}Operation type: Step-by-step ISSU\nCurrent state : Added state\n\n"
    if router.issu.in_progress():
        return head + _operation(router)
    checks = router.issu.checks()
    pair = router.processors.pair
    rule, line = "=" * 55 + "\n", "-" * 55 + "\n"
    rows = "".join(f"{k:<36}{'Yes' if v else 'No'}\n" for k, v in checks.items())
    return (
        f"{head}Current ISSU Status: {'Enabled' if all(checks.values()) else 'Disabled'}\n"
        f"Previous ISSU Operation: {router.issu.previous}\n{rule}"
        f"System Check                        Status\n{line}"
        f"{rows}Operational Mode                    {'HA-REDUNDANT' if pair else 'HA-STANDALONE'}\n"
        f"{rule}No ISSU operation is in progress\n"
    )


def _operation(router: Router) -> str:
    issu = router.issu
    kind = "One-shot ISSU" if issu.one_shot else "Step-by-step ISSU"
    rows = "".join(f"{what:<39}{at:%Y-%m-%d:%H:%M:%S}\n" for what, at in issu.done)
    last = issu.done[-1][0] if issu.done else "Add"
    reached = "terminal state reached" if issu.settled else "terminal state not reached"
    return (
        f"Operation type: {kind}\nInstall type : Image installation using ISSU\n"
        f"Current state : {issu.state} state\nLast operation: {last}\n\nCompleted operations:\n\n"
        f"{'Operation':<39}Start time\n{'-' * 59}\n{rows}\n"
        "State transition: Added" + (" -> Activated" if issu.state != "Added" else "") + "\n\n"
        f"Running image: bootflash:{router.install.boot_file}\n"
        f"Operating mode: {router.processors.mode()}, {reached}\n\n"
    )
