"""A lab made of captures, typed at in process."""

from __future__ import annotations

from slp_core.parsing import COLLECT, assemble
from slp_core.state import RouterState
from slp_sim.lab import Lab
from slp_sim.router.console.exec import open_terminal


def printed(lab: Lab, name: str) -> dict[str, str]:
    """Returns what a simulated router prints of all that assess asks."""
    shell = open_terminal(lab.routers[name], "admin")
    shell.start()
    outputs = {}
    for command in ("terminal length 0", *COLLECT):
        actions = shell.feed(f"{command}\n".encode())
        text = b"".join(getattr(a, "data", b"") for a in actions).decode()
        outputs[command] = "\n".join(text.replace("\r", "").split("\n")[1:-1])
    shell.close()
    return {command: outputs[command] for command in COLLECT}


def typed(lab: Lab, name: str) -> RouterState:
    """Returns a simulated router as assess reads it."""
    return assemble(name, printed(lab, name))
