"""``redundancy …``: a switchover by hand, a reload of the standby alone."""

from __future__ import annotations

from slp_sim.router.commands.reloading import confirmed
from slp_sim.router.commands.who import privileged
from slp_sim.router.dialogue import Ask, Dialogue
from slp_sim.router.grammar import Grammar
from slp_sim.router.vty import Vty


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add("redundancy force-switchover", force_switchover, privileged)
    exec_.add("redundancy reload peer", reload_peer, privileged)


def force_switchover(line: Vty) -> Dialogue:
    """Hands over to the standby; what was active reloads and stands by."""
    router = line.router
    processors = router.processors
    if not processors.hot():
        yield "The standby is not ready: switchover is refused\n"
        return
    key = yield Ask(
        "This will reload the active unit and force switchover to standby[confirm]", key=True
    )
    if not confirmed(key):
        yield "\n"
        return
    own = router.release

    def other_boots() -> None:
        processors.boot_standby(own)

    processors.switch_over("user forced", other_boots)


def reload_peer(line: Vty) -> Dialogue:
    """Reloads the standby."""
    processors = line.router.processors
    if processors.standby is None:
        yield "There is no peer unit\n"
        return
    key = yield Ask("Reload peer [confirm]", key=True)
    yield "\n"
    if confirmed(key):
        processors.boot_standby(processors.standby.release)
        yield "Preparing to reload peer\n"
