"""``slp plan --probe``: what a router itself says of the way to its licence server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from nornir_slp.reads import Look, Read
from slp_core.errors import SlpError
from slp_core.plan import Notice

if TYPE_CHECKING:
    from nornir.core.inventory import Host

    from slp_core.rules.schema import RuleData
    from slp_core.targets import Target
    from slp_tasks.session import Session

Severity = Literal["blocker", "warning", "note"]
_OF_WAY: dict[str, Severity] = {"open": "note", "unseen": "warning", "barred": "blocker"}
_OF_TOKEN: dict[str, Severity] = {"missing": "warning", "refused": "blocker", "unasked": "warning"}


def prober(target_of: Callable[[Read], Target], rules: RuleData | None) -> Look:
    """Returns a look at one router that has just been read, in the session that read it.

    What it finds are notices of the router's plan; it raises nothing and changes nothing.

    Args:
        target_of: where a router should go; an ``SlpError`` is left to whoever plans it.
    """

    def look(host: Host, session: Session, read: Read) -> tuple[Notice, ...]:
        try:
            return _found(host, session, read, target_of, rules)
        except SlpError as error:
            text = f"the way to the licence server could not be looked at: {error.what}"
            return (Notice(rule="READY-3", severity="warning", text=text),)

    return look


def _found(
    host: Host,
    session: Session,
    read: Read,
    target_of: Callable[[Read], Target],
    rules: RuleData | None,
) -> tuple[Notice, ...]:
    from slp_core.planner import make_plan
    from slp_core.planner.notices import as_notices
    from slp_core.planner.situation import situation
    from slp_core.rules.concern import Concern
    from slp_core.rules.data import builtin_rules
    from slp_core.way import RULE, way_before_reload
    from slp_tasks.held_tokens import token_troubles
    from slp_tasks.host_data import host_clock, secret_store
    from slp_tasks.server_way import LOOK_S, REMEDY, look_at_way
    from slp_tasks.service_tokens import with_service_tokens

    if read.state is None:
        return ()
    try:
        target = target_of(read)
    except SlpError:  # whoever plans it says what is wrong
        return ()
    data = rules or builtin_rules()
    plan = make_plan(read.state, target, rules=data)
    secrets = with_service_tokens(host, secret_store(host))
    found = [
        Concern("TOKEN-1", _OF_TOKEN[t.kind], t.text, t.remedy, overridable=True)
        for t in token_troubles(plan, secrets)
    ]
    way = way_before_reload(plan, read.state, data)
    if way is not None:
        verdict = look_at_way(session, read.name, way, timeout=host_clock(host).patience(LOOK_S))
        remedy = REMEDY if verdict.kind == "barred" else ""
        found.append(Concern(RULE, _OF_WAY[verdict.kind], verdict.text, remedy))
    return as_notices(situation(read.state, target, data), found)
