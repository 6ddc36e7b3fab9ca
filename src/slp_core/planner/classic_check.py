"""Blockers and warnings of routers that keep classic licensing (B9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from slp_core.planner.check_image import check_image
from slp_core.planner.check_level import check_level
from slp_core.planner.check_registration import (
    check_address,
    check_communication,
    check_registration,
    needs_registration,
)
from slp_core.planner.classic_way import ModeWay, lacks_smart, loses_traditional, mode_way
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import named_stop, stop_is_due, stop_of
from slp_core.release import Release
from slp_core.rules import classic as rules
from slp_core.rules.boot_level import permanent_licences
from slp_core.rules.classic import ClassicMode
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model


def check_classic(s: Situation) -> Iterator[Concern]:
    """Yields what the B9 rules have against a plan."""
    way, goal = mode_way(s), s.goal
    if way.now is ClassicMode.UNKNOWN:
        yield Concern("MODEL-CLASSIC", "blocker", "its mode is not known", "read show version")
    if goal is not None:
        if s.upgrade:
            yield from _check_upgrade(s, way, goal)
        yield from _check_modes(s, way, goal)
        yield from check_level(s, way, goal)
    yield from check_registration(s)
    if s.target.topology.call_home is not None and s.target.classic not in ("register", "renew"):
        yield from check_address(s)
    yield from check_identity(s)
    yield from check_authorization(s)


def check_idle(s: Situation) -> Iterator[Concern]:
    """Yields what is to be known of a classic router that has nothing to do."""
    if s.model is not Model.CLASSIC:
        return
    yield from check_identity(s)
    if s.target.classic == "deregister":
        yield from needs_registration(s)


def check_authorization(s: Situation) -> Iterator[Concern]:
    """Yields what its authorization asks for (B9-12), and a communication that failed (B9-6)."""
    yield from check_communication(s)
    status = s.state.licensing.authorization_status if s.state.licensing else None
    remedy = rules.remedy_of(status)
    if remedy and remedy != "nothing":
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


def _check_modes(s: Situation, way: ModeWay, goal: Release) -> Iterator[Concern]:
    """Yields what stands against the modes on the way (B9-2, B9-11, B9-15, B9-17)."""
    if way.final is ClassicMode.SMART and rules.runs_smart(goal) is False:
        yield Concern(
            "B9-11", "blocker", f"{goal} has no Smart Licensing", "choose 17.3.1 or later"
        )
    if loses_traditional(s) and way.final is not ClassicMode.SMART:
        yield Concern(
            "B9-2",
            "warning",
            f"traditional licensing becomes No-License mode on {goal}",
            "move to Smart Licensing before: classic: smart",
        )
    elif loses_traditional(s) and lacks_smart(s):
        yield Concern(
            "B9-2",
            "warning",
            f"{s.state.release} has no Smart Licensing to move to before {goal}: the router passes "
            "No-License mode",
            "upgrade to a release of 17.3 to 17.6 first",
        )
    if way.switch == "no-license":
        yield Concern(
            "B9-15",
            "blocker",
            "disabling Smart Licensing shuts ports and may cut the router off",
            "--allow B9-15=reason, with a second way in",
        )
        yield _ports(s)


def _ports(s: Situation) -> Concern:
    """Returns in which order ports come back once Smart is disabled (B9-17)."""
    if s.state.ports is None:
        return Concern(
            "B9-17",
            "warning",
            "which ports are up was not seen: the plan brings none of them up",
            "bring licensed ports up (`no shutdown`) and save before the router reloads; default "
            "ports come back by the reload alone",
        )
    return Concern(
        "B9-17",
        "note",
        "licensed ports are brought up first (`no shutdown`), then the router reloads; default "
        "ports come back by the reload alone",
    )


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
    paks = permanent_licences(s.state)
    what = "loses the record of PAK licences" if paks else "loses any record of PAK licences, "
    if not paks:
        what += "and whether it has some was not seen"
    return Concern(
        "B9-3",
        "blocker",
        f"going straight to {goal} {what}, and {why}",
        "name an image from 17.8.1 to 17.10 in the target: stop: {image: …} or --stop-image",
    )


def _check_upgrade(s: Situation, way: ModeWay, goal: Release) -> Iterator[Concern]:
    for told in check_image(s):  # one set of concerns with the platforms of SLP
        yield replace(told, rule="B9-21") if told.rule == "UP-3" else told
    if stop_is_due(s):
        yield _check_stop(s, goal)
    if goal.key[:3] == (17, 8, 1) and way.upgraded is ClassicMode.SMART:
        yield Concern("B9-9", "note", "17.8.1 may come up unregistered: register again")
    yield from _check_stores(s, goal)
    if s.downgrade and way.now is ClassicMode.NO_LICENSE:
        yield Concern("DOWN-5", "warning", "configuration of features without a licence is removed")


def _check_stores(s: Situation, goal: Release) -> Iterator[Concern]:
    """Yields that two processors may hold unequal PAK stores (B9-20)."""
    paks = permanent_licences(s.state)
    counts = goal >= rules.NO_TRADITIONAL_FROM and rules.mode_of(s.state) is not ClassicMode.SMART
    if not s.pair or not counts or paks == ():
        return
    yield Concern(
        "B9-20",
        "warning",
        "unequal PAK stores of two processors reload the standby in a loop: compare `show "
        "license` on both first",
        "where they differ, or PAK licences were added, removed or downgraded: "
        "factory-reset all processors and configure the licences by hand",
    )
