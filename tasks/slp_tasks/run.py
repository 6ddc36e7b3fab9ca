"""One phase of one step on one router: what the fleet calls, from any process, any number of times.

Nothing is kept between calls but what the caller hands back: ``notes`` of this step, ``earlier``
notes of the router's other steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from nornir.core import Nornir
from nornir.core.inventory import Host

from slp_core.clock import Clock
from slp_core.errors import InventoryError
from slp_core.plan import RouterPlan, StepSpec
from slp_core.secrets import SecretStore
from slp_tasks import lost, others, waited
from slp_tasks.connection.opening import kept_session
from slp_tasks.identity import prove_identity
from slp_tasks.look import VERSION, look, reached
from slp_tasks.registry import behaviour_of
from slp_tasks.rehearse import rehearse
from slp_tasks.service_tokens import with_service_tokens
from slp_tasks.session import Session
from slp_tasks.step import Acted, Ended, Probe, RouterFiles, StepContext

Phase = Literal["probe", "act", "confirm"]


def run_phase(
    host: Host | tuple[Nornir, str],
    plan: RouterPlan,
    step: StepSpec,
    phase: Phase,
    *,
    files: RouterFiles,
    clock: Clock,
    secrets: SecretStore,
    notes: Mapping[str, Any] | None = None,
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    confirmed: bool = False,
    dry_run: bool = False,
    session: Session | None = None,
) -> Ended:
    """Returns what the phase found or did: a ``Probe``, ``Acted`` or ``Confirm``, by its name.

    A probe or confirm that looked at the router brings along, as ``sight``, what it saw.

    The connection is opened when a step first needs it and kept for the next phase: end with
    ``host.close_connections()``, always. A ``session`` that is given is the caller's.

    Raises:
        SlpError: as the step raised it. Nothing of the router's output is in it.
    """
    context = StepContext(
        session=session or kept_session(named(host), secrets=secrets),
        plan=plan,
        step=step,
        clock=clock,
        secrets=with_service_tokens(named(host), secrets, clock),
        files=files,
        notes=notes or {},
        earlier=earlier or {},
        confirmed=confirmed,
        dry_run=dry_run,
    )
    ended = _call(context, phase)
    if isinstance(ended, Acted) or dry_run:
        return ended
    return replace(ended, sight=context.sight)


def _call(context: StepContext, phase: Phase) -> Ended:
    step = behaviour_of(context.step.kind, context.plan.router)
    if phase == "probe" and _is_beyond(context):
        return Probe("done", f"the router runs {context.step.params.beyond} already")
    if phase == "probe":
        if context.dry_run:
            return rehearse(step, context)
        found = waited.probed(context, lost.probe(step, context))
        return others.yielding(context, found)
    if phase == "act":
        if context.dry_run:
            return Acted(changed=False, detail="dry run: nothing was sent")
        if context.step.lasting:
            prove_identity(context.session, context.plan)
        return step.act(context)
    return waited.confirmed(context, lost.confirm(step, context))


def _is_beyond(context: StepContext) -> bool:
    """Tells whether the router is past the stop on its way that the step leads to (B9-3)."""
    beyond = context.step.params.beyond
    if beyond is None or context.dry_run:
        return False
    return reached(look(context, VERSION), beyond)


def named(host: Host | tuple[Nornir, str]) -> Host:
    """Returns the host itself, or the one of that name.

    Raises:
        InventoryError: there is none.
    """
    if isinstance(host, Host):
        return host
    nornir, name = host
    found = nornir.inventory.hosts.get(name)
    if found is None:
        raise InventoryError(
            "the router is not in the inventory",
            where=name,
            remedy="use the inventory that the plan was made from",
        )
    return found
