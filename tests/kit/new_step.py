"""The two files of a step that the house does not have: its parameters, and its behaviour."""

from __future__ import annotations

PARAMETERS = '''
from slp_core import typed
from slp_core.steps.base import BOOTFLASH, StepFacts, StepParams

class NameServerParams(StepParams):
    """The router asks this name server."""

    facts = StepFacts(
        kind="name_server",
        title="Set the name server",
        deadline_s=120,
        settle_s=20,
        skipped="stood there",
        disruptive=True,
    )

    address: typed.Address

    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"ip name-server {self.address}",)
'''
BEHAVIOUR = '''
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.steps.name_server import NameServerParams
from slp_tasks.look import configuration
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

class NameServer(Step[NameServerParams]):
    """Sends the line where it is missing."""

    params = NameServerParams

    def probe(self, ctx: StepContext[NameServerParams]) -> Probe:
        if ctx.line in configuration(ctx):
            return Probe("done", f"asks {ctx.params.address} already")
        return Probe("ready", "sets the name server", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[NameServerParams]) -> Acted:
        ctx.session.configure([ctx.line])
        return Acted(True, "sent")

    def confirm(self, ctx: StepContext[NameServerParams]) -> Confirm:
        shown = ctx.line in configuration(ctx)
        return Confirm("confirmed" if shown else "failed", f"asks {ctx.params.address}")

def name_server(task: Task, address: str, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: has the router ask this name server."""
    return carry_out(task, NameServer(), {"address": address}, **options)
'''
LINE = "ip name-server 192.0.2.53"
