"""Blockers and warnings of routers that keep classic licensing (B9)."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import named_stop, stop_is_due, stop_of
from slp_core.release import Release
from slp_core.rules import classic as rules
from slp_core.rules.classic import ClassicMode
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model


def check_classic(s: Situation) -> Iterator[Concern]:
    """Yields what the B9 rules have against a plan."""
    mode, goal = rules.mode_of(s.state), s.goal
    if mode is ClassicMode.UNKNOWN:
        yield Concern("MODEL-CLASSIC", "blocker", "its mode is not known", "read show version")
    if goal is None:
        return
    if s.upgrade:
        yield from _check_upgrade(s, mode, goal)
    switched = s.target.classic in ("smart", "no-license") and s.target.classic != mode.value
    if switched and rules.sets_boot_level(s.state.config) is False:
        yield rules.no_boot_level(
            "warning", "the reload boots a default level", "configure license boot level first"
        )
    if s.target.classic == "no-license":
        yield Concern(
            "B9-15",
            "blocker",
            "disabling Smart Licensing shuts ports and may cut the router off",
            "--allow B9-15=reason, with a second way in",
        )
        yield Concern("B9-17", "note", "default ports come back by the reload, others by hand")
    if s.target.classic == "register" and s.target.topology.token is None:
        yield rules.no_token("topology.token: env:NAME")
    if s.target.classic in ("register", "renew"):
        yield from _check_connection(s, goal)
    yield from check_identity(s)
    if s.state.licensing is not None:
        remedy = rules.remedy_of(s.state.licensing.authorization_status)
        if remedy and remedy != "nothing":
            status = s.state.licensing.authorization_status
            yield Concern("B9-12", "note", f"authorization is {status}", remedy)


def check_identity(s: Situation) -> Iterator[Concern]:
    """Yields an identity that ends before it is renewed again, where the plan does not renew it."""
    if s.model is not Model.CLASSIC or s.target.classic != "keep":
        return
    if rules.identity_ends_soon(s.state, s.state.read_at):
        yield Concern(
            "B9-13",
            "warning",
            "its identity ends before the next renewal: then it falls back to evaluation",
            "renew it (classic: renew), or register again",
        )


def _check_connection(s: Situation, goal: Release) -> Iterator[Concern]:
    """Yields what may keep a registration or a renewal from reaching CSSM."""
    call_home = s.target.topology.call_home
    fault = rules.url_fault(call_home.url if call_home else None)
    if fault is not None:
        yield Concern("B9-19", "blocker", fault, "give its https address", overridable=False)
    if rules.names_trustpoint(s.state.config) is False and s.target.topology.trustpoint is None:
        yield Concern(
            "B9-8",
            "note",
            "the HTTP client has no trustpoint for licensing: TLS may fail",
            f"topology.trustpoint: SLA-TrustPoint configures `{rules.TRUSTPOINT_LINE}`",
        )
    yield Concern("B9-14", "note", "traces for a support case", f"`{rules.trace_command(goal)}`")


def _check_stop(s: Situation, goal: Release) -> Concern:
    stop, named = stop_of(s), named_stop(s)
    if stop is not None:
        return Concern(
            "B9-3",
            "note",
            f"stops at {stop[0]} on the way to {goal}, where PAK licences are recorded",
            "look at show platform software sl-infra pak-info there",
        )
    why = "no image to stop at is known" if named is None else f"{named[0]} records none"
    return Concern(
        "B9-3",
        "blocker",
        f"going straight to {goal} loses the record of PAK licences, and {why}",
        "name an image from 17.8.1 to 17.10 in the target: stop: {image: …} or --stop-image",
    )


def _check_upgrade(s: Situation, mode: ClassicMode, goal: Release) -> Iterator[Concern]:
    if stop_is_due(s):
        yield _check_stop(s, goal)
    if mode is ClassicMode.SMART and rules.runs_smart(goal) is False:
        yield Concern(
            "B9-11", "blocker", f"{goal} has no Smart Licensing", "choose 17.3.1 or later"
        )
    if rules.mode_after(mode, goal) is ClassicMode.NO_LICENSE and mode is ClassicMode.TRADITIONAL:
        yield Concern(
            "B9-2",
            "warning",
            f"traditional licensing becomes No-License mode on {goal}",
            "move to Smart Licensing before: classic: smart",
        )
    if rules.wants_boot_level(goal):
        configured = rules.sets_boot_level(s.state.config)
        if configured is None:
            text = "whether license boot level is configured was not seen"
            yield Concern("B9-1", "warning", text)
        elif not configured:
            text = f"{goal} boots the default"
            yield rules.no_boot_level("blocker", text, "configure license boot level")
    if goal.key[:3] == (17, 8, 1) and mode is ClassicMode.SMART:
        yield Concern("B9-9", "note", "17.8.1 may come up unregistered: register again")
    if s.pair and mode is ClassicMode.TRADITIONAL:
        yield Concern(
            "B9-20",
            "warning",
            "unequal PAK stores of two processors reload the standby in a loop",
            "compare show license on both first",
        )
    if s.downgrade and mode is ClassicMode.NO_LICENSE:
        yield Concern("DOWN-5", "warning", "configuration of features without a licence is removed")
