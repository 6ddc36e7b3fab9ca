"""What stands against registering, renewing and deregistering, in full plans as in jobs (B9)."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.registration_steps import registered
from slp_core.planner.situation import Situation
from slp_core.rules import classic as rules
from slp_core.rules.classic import ClassicMode
from slp_core.rules.concern import Concern
from slp_core.rules.model import RESERVED_MODELS, Model


def check_registration(s: Situation) -> Iterator[Concern]:
    """Yields what a full plan of a classic router lacks to register, renew or deregister.

    A plan that registers a traditional router enables Smart Licensing itself (B390).
    """
    wanted = s.target.classic
    if wanted in ("renew", "deregister"):
        yield from needs_registration(s)
    if wanted == "register" and s.target.topology.token is None and not registered(s):
        yield rules.no_token("topology.token: env:NAME")
    if wanted in ("register", "renew"):
        yield from _connection(s)


def needs_smart(s: Situation) -> Iterator[Concern]:
    """Yields that Smart Licensing is not enabled (B9-5)."""
    if s.model is not Model.SLP and not _is_smart(s):
        yield Concern(
            "B9-5",
            "blocker",
            f"Smart Licensing is not enabled ({s.model.value})",
            "slp classic mode smart first; or slp plan with classic: register, which enables it",
            overridable=False,
        )


def needs_registration(s: Situation) -> Iterator[Concern]:
    """Yields that only a registered router renews or deregisters (B9-6; B590)."""
    yield from needs_smart(s)
    if not registered(s):
        yield Concern(
            "B9-6",
            "blocker",
            "the router is not registered",
            "slp classic register",
            overridable=False,
        )


def _is_smart(s: Situation) -> bool:
    """Tells whether a router before SLP has Smart Licensing at all."""
    if s.model is Model.CLASSIC:
        return rules.mode_of(s.state) is ClassicMode.SMART
    return s.model in (Model.REGISTERED, Model.EVAL, *RESERVED_MODELS)


def check_communication(s: Situation) -> Iterator[Concern]:
    """Yields a failed last communication with CSSM, and until when it must work (B484-490)."""
    told = s.state.licensing.communication if s.state.licensing else None
    if s.model is Model.SLP or told is None or not rules.has_failed(told.outcome):
        return
    on = f" on {told.attempted:%Y-%m-%d}" if told.attempted else ""
    why = f": {told.failure_reason.rstrip('.')}" if told.failure_reason else ""
    until = f"by {told.deadline:%Y-%m-%d} (its deadline)" if told.deadline else "soon"
    yield Concern(
        "B9-6",
        "warning",
        f"the last communication with CSSM failed{on}{why}",
        f"restore the connection {until}, then slp classic renew auth",
    )


def _connection(s: Situation) -> Iterator[Concern]:
    """Yields what may keep a registration or a renewal from reaching CSSM."""
    yield from check_address(s)
    if rules.names_trustpoint(s.state.config) is False and s.target.topology.trustpoint is None:
        yield Concern(
            "B9-8",
            "note",
            "the HTTP client has no trustpoint for licensing: TLS may fail",
            f"topology.trustpoint: SLA-TrustPoint configures `{rules.TRUSTPOINT_LINE}`",
        )
    if s.goal is not None:
        command = rules.trace_command(s.goal)
        yield Concern("B9-14", "note", "traces for a support case", f"`{command}`")


def check_address(s: Situation) -> Iterator[Concern]:
    """Yields what is wrong with the address that call-home shall use (B9-19)."""
    call_home = s.target.topology.call_home
    fault = rules.url_fault(call_home.url if call_home else None)
    if fault is not None:
        yield Concern("B9-19", "blocker", fault, "give its https address", overridable=False)
