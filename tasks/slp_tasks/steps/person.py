"""Person: something that only a person can do, in a web page or with a file in hand."""

from __future__ import annotations

from slp_core.errors import InputError
from slp_core.rules.urls import tenant_of
from slp_core.steps.around import PersonParams
from slp_tasks.look import STATUS, VERSION, LooksOnly, look
from slp_tasks.sending import incoming_file
from slp_tasks.step import Probe, StepContext

_AGAIN_S = 60.0


class Person(LooksOnly[PersonParams]):
    """Waits until the person has confirmed, and what was asked for is there.

    That is: every file fits this router, and the router shows what the person's work brings about.
    """

    params = PersonParams

    def probe(self, ctx: StepContext[PersonParams]) -> Probe:
        if not ctx.confirmed:
            return Probe("waiting", _asks(ctx), retry_in=_AGAIN_S)
        kept = {}
        for name in ctx.params.provides:
            try:
                kept[name] = incoming_file(ctx, name, ctx.plan.udi).kind
            except InputError as error:  # the person can mend that; nothing has been sent
                said = f"{error.what}; {error.remedy}" if error.remedy else error.what
                return Probe("waiting", said, retry_in=_AGAIN_S)
        missing = _not_shown(ctx)
        if missing:
            return Probe("waiting", f"confirmed, but {missing}", retry_in=_AGAIN_S)
        return Probe("done", "confirmed by a person", seen={"files": kept} if kept else {})


def _not_shown(ctx: StepContext[PersonParams]) -> str:
    """Returns what the router should show by now and does not; nothing where all is there."""
    wanted = ctx.params.shows
    if wanted is None:
        return ""
    licensing = look(ctx, VERSION, STATUS).licensing
    shown = licensing.transport if licensing else None
    kind, url = (shown.kind, shown.cslu_address) if shown else (None, None)
    if kind != wanted.transport:
        return f"the router still shows transport {kind}, not {wanted.transport}"
    if wanted.transport == "cslu" and not wanted.url and not tenant_of(url or ""):
        return f"the router shows the address {url}, not one of a local account of SSM On-Prem"
    if wanted.url and url != wanted.url:
        return f"the router shows the address {url}, not {wanted.url}"
    return ""


def _asks(ctx: StepContext[PersonParams]) -> str:
    person = ctx.step.person
    where = f" ({person.where})" if person and person.where else ""
    return f"waits for a person: {ctx.step.title}{where}"
