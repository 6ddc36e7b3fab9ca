"""``reload`` with its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.commands.who import privileged
from slp_sim.router.grammar import Grammar
from slp_sim.router.steps import Ask, Dialogue, Hangup, Wait

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("reload", reload, privileged)
    exec_.add("reload reason <rest...>", reload, privileged)
    exec_.add("reload cancel", cancel, privileged)


def confirmed(key: str) -> bool:
    """Tells whether a key answers ``[confirm]`` with yes."""
    return key in ("", "\r", "\n", "y", "Y")


def reload(line: Terminal, rest: str = "") -> Dialogue:
    """Asks whether to save, asks once more, and goes down."""
    router = line.router
    if router.modified() or router.faults.on("F15"):
        question = "\nSystem configuration has been modified. Save? [yes/no]: "
        while True:
            answer = (yield Ask(question)).strip().lower()
            if answer and "yes".startswith(answer):
                yield "Building configuration...\n"
                router.save()
                yield "[OK]\n"
                break
            if answer and "no".startswith(answer):
                break
            yield "% Please answer 'yes' or 'no'.\n"
            question = "System configuration has been modified. Save? [yes/no]: "
    key = yield Ask("Proceed with reload? [confirm]", key=True)
    if not confirmed(key):
        yield "\n"
        return
    router.reload_in(0.0 if router.faults.on("F02") else 1.0, rest or "Reload Command")
    if not router.faults.on("F02"):
        yield "\n"
        yield Wait(1.0)
    yield Hangup()


def cancel(_line: Terminal) -> str:
    """There is never a scheduled reload to cancel."""
    return "%No reload is scheduled.\n"
