"""Blockers and warnings of a plan, each with its remedy and, where it is one, its override."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from slp_core.plan import Notice, StepSpec
from slp_core.planner.check_controller import check_controller
from slp_core.planner.check_licensing import check_licensing
from slp_core.planner.check_read import check_mixed, check_read
from slp_core.planner.check_ready import check_boot_mode, check_ready
from slp_core.planner.check_registration import check_communication
from slp_core.planner.check_release import check_pile_up, check_release
from slp_core.planner.check_reload import check_reload
from slp_core.planner.check_reporting import check_reporting
from slp_core.planner.classic_check import check_classic, check_idle
from slp_core.planner.firmware_stop import due
from slp_core.planner.situation import Situation, situation
from slp_core.planner.snapshot import stop_is_due
from slp_core.rules.concern import Concern
from slp_core.rules.data import builtin_rules
from slp_core.rules.messages import check_messages
from slp_core.rules.model import Model
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState
from slp_core.targets import Target, Topology

UNVERIFIED = "memory"


def notices_of(s: Situation, steps: Sequence[StepSpec]) -> tuple[Notice, ...]:
    """Returns what stops this router, and what should be known before it is touched.

    Blockers come first. Of a router that has nothing to do only an unknown model, or usage reports
    that pile up, are worth a word.
    """
    if not steps and s.model not in (Model.UNKNOWN, Model.NOLICENSE) and s.goal is not None:
        checks = [check_read(s, idle=True), check_pile_up(s), check_boot_mode(s)]
        return as_notices(s, chain(*checks, check_idle(s)))
    return as_notices(s, chain(concerns_of(s), check_controller(s, steps), check_reload(s, steps)))


def notices_of_state(state: RouterState, rules: RuleData | None = None) -> tuple[Notice, ...]:
    """Returns what should be known of a router wherever it shall go (F40)."""
    anywhere = Target(topology=Topology(kind="controller"))
    s = situation(state, anywhere, rules or builtin_rules())
    checks = [check_pile_up(s), check_communication(s), check_messages(state)]
    return as_notices(s, chain(check_mixed(state), *checks))


def concerns_of(s: Situation) -> Iterator[Concern]:
    """Yields everything that the checks have against a full plan of this router."""
    yield from check_read(s)
    yield from check_messages(s.state)
    if s.model is Model.CLASSIC:
        checks = [check_classic(s), check_ready(s)]
    else:
        checks = [check_licensing(s), check_release(s), check_ready(s), check_pile_up(s)]
        checks.append(check_reporting(s))
    for check in checks:
        yield from check
    yield from _stop(s)


def _stop(s: Situation) -> Iterator[Concern]:
    """Yields that a stop of the target is not made, because nothing on the way asks for one."""
    stop, classic = s.target.stop, s.model is Model.CLASSIC
    if stop is None or not s.upgrade or (stop_is_due(s) if classic else due(s) is not None):
        return
    name = stop.release or (stop.image.name if stop.image else "")
    yield Concern(
        "B9-3" if classic else "ROMMON-2",
        "warning",
        f"the stop at {name} is not made: the way from {s.state.release} to {s.goal} asks for none",
        "take stop out of the target; where the router shall run it first, plan to it first",
    )


def as_notices(s: Situation, concerns: Iterable[Concern]) -> tuple[Notice, ...]:
    """Returns concerns with their sources and the operator's overrides, blockers first."""
    return by_severity(_notice(s, c) for c in concerns)


def by_severity(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Returns notices with the blockers first."""
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(sorted(notices, key=lambda n: order[n.severity]))


def _notice(s: Situation, concern: Concern) -> Notice:
    row = s.rules.rules.get(concern.rule)
    source = concern.source or (row.source if row else "")
    basis = concern.basis or (row.basis if row else "guide")
    if basis == UNVERIFIED:
        source = f"{source} (not verified)".strip()
    overridable = concern.severity == "blocker" and (
        concern.overridable if concern.overridable is not None else bool(row and row.overridable)
    )
    reason = s.target.allow.get(concern.rule) if overridable else None
    extra: dict[str, str] = {"allowed": reason} if reason else {}
    if row and row.scope:
        extra["scope"] = row.scope
    return Notice(
        rule=concern.rule,
        severity=concern.severity,
        text=concern.text,
        remedy=concern.remedy,
        source=source,
        overridable=overridable,
        **extra,
    )
