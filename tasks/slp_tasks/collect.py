"""Collect: everything that assess needs, in as few round trips as there are commands."""

from __future__ import annotations

from pathlib import Path

from nornir.core.task import Result, Task

from slp_core.clock import Clock
from slp_core.folders import folder_name
from slp_core.parsing import COLLECT, asked_besides, assemble
from slp_core.state import RouterState
from slp_tasks.connection.opening import open_session
from slp_tasks.evidence import write_outputs
from slp_tasks.host_data import host_clock
from slp_tasks.session import Session

__all__ = ["collect", "collect_state", "read_router", "write_outputs"]


def collect(
    session: Session,
    *,
    timeout: float = 120.0,
) -> dict[str, str]:
    """Returns outputs by full command.

    A command that this release lacks is kept with the router's rejection as its output, which
    ``assemble`` knows for what it is.

    Args:
        timeout: machine seconds for each command (``tech-support`` is long).
    """
    outputs = {command: session.run(command, timeout=timeout) for command in COLLECT}
    for command in asked_besides(outputs):
        outputs[command] = session.run(command, timeout=timeout)
    return outputs


def read_router(session: Session, name: str, clock: Clock) -> RouterState:
    """Returns the state of a router, dated by ``clock``."""
    return assemble(name, collect(session), read_at=clock.now())


def collect_state(task: Task, folder: Path | None = None, clock: Clock | None = None) -> Result:
    """Nornir task: the result is the state as JSON; nothing is changed.

    Args:
        folder: where masked outputs are kept, as captures (``<folder>/<router>/<slug>.txt``).
        clock: dates the state; the inventory's by default.
    """
    now = (clock or host_clock(task.host)).now()
    with open_session(task.host, config=task.nornir.config) as session:
        outputs = collect(session)
    if folder is not None:
        write_outputs(folder / folder_name(task.host.name), outputs)
    state = assemble(task.host.name, outputs, read_at=now)
    return Result(host=task.host, result=state.to_json(), changed=False)
