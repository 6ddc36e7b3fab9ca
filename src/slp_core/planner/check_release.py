"""Checks of releases and images: UP-1, UP-4, UP-5, UP-6, downgrades."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.check_image import check_image
from slp_core.planner.check_licensing import voice_in_use
from slp_core.planner.situation import Situation
from slp_core.platforms import Platform
from slp_core.release import Release
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.rules.schema import Defect
from slp_core.rules.upgrade import min_slp, no_release, server_is_old


def check_release(s: Situation) -> Iterator[Concern]:
    """Yields what speaks against the target release, its image, or the server beside it."""
    if s.goal is None:
        yield no_release(
            "neither the router's release nor the target's is known",
            "give release or image in the target",
        )
        return
    if s.model in (Model.UNKNOWN, Model.CLASSIC):
        return
    yield from _range(s, s.goal)
    yield from _down(s)
    yield from _defects(s, s.goal)
    yield from _server(s)
    if s.upgrade:
        yield from check_image(s)
        yield from _enforced(s, s.goal)


def _range(s: Situation, goal: Release) -> Iterator[Concern]:
    if s.platform is None:
        pid = s.state.udi.pid if s.state.udi else "unknown"
        yield Concern(
            "UP-1",
            "warning",
            f"no platform of the rule data fits the PID {pid}",
            "add it to your own rule data; its releases and images cannot be judged",
        )
        return
    least, row = min_slp(s.platform, s.rules), s.platform.row
    before_slp = least is not None and not goal.satisfies(least) and goal < least
    if before_slp and row.first is None and not s.leaves_slp:
        yield Concern(
            "UP-1",
            "blocker",
            f"{row.series} has SLP from {least}, the target is {goal}",
            f"choose {least} or later",
            source=row.source,
            basis=row.basis,
        )
    yield from _first(s.platform, goal)
    yield from _last(s.platform, goal)
    if row.max_release is not None and goal > row.max_release:
        yield Concern(
            "UP-1",
            "blocker",
            f"{row.series} runs no release after {row.max_release}",
            f"choose {row.max_release} or earlier",
            source=row.source,
            basis=row.basis,
        )
    if row.basis == "memory":
        yield Concern(
            "READY-5",
            "warning",
            f"what is known of {row.series} is not verified",
            "check its first SLP release in the release notes",
            basis="memory",
        )


def _down(s: Situation) -> Iterator[Concern]:
    if not s.downgrade:
        return
    if s.leaves_slp:
        rule = "DOWN-1" if s.trusted else "DOWN-2"
        after = (
            "tries to renew trust and is registered only when that works"
            if rule == "DOWN-1"
            else "comes up in evaluation and is registered again by hand"
        )
        yield Concern(rule, "warning", f"a router delivered with SLP {after}")
        if s.target.delivered_with == "slp":
            return
        yield Concern(
            "DOWN-4",
            "blocker",
            "what a migrated router does before SLP is not known",
            "delivered_with: slp in the target if it was delivered with SLP; --allow DOWN-4=reason "
            "if it may lose its licences",
        )
    elif s.crosses:
        yield Concern("DOWN-3", "warning", "the storage of usage reports changes: reported before")


def _defects(s: Situation, goal: Release) -> Iterator[Concern]:
    for defect in s.rules.defects:
        if not defect.applies_to(goal):
            continue
        severity = defect.severity
        if defect.scope == "connected" and not (s.topology.trust and s.topology.kind == "direct"):
            continue
        if defect.scope == "voice":
            voice = voice_in_use(s.state, s.rules)
            if voice is False:
                continue
            severity = "warning" if voice is None else severity
        yield Concern(
            "UP-5",
            severity,
            f"{goal}: {defect.text} ({defect.id})",
            _fixed(defect, goal),
            source=defect.source,
            basis=defect.basis,
        )


def _fixed(defect: Defect, goal: Release) -> str:
    same = [r for r in defect.fixed_in if r.train == goal.train and r > goal]
    later = [r for r in defect.fixed_in if r > goal]
    good = (same or later)[:1]
    return f"choose {good[0]} or later" if good else "choose another release"


def _server(s: Situation) -> Iterator[Concern]:
    if s.topology.server_note:
        yield Concern(
            "UP-6",
            "warning",
            f"{s.topology.where} must know SLP: {s.topology.server_note} or later",
            "look at its version first",
            basis="memory",
        )
    least, version = s.topology.min_server, s.target.topology.server_version
    if least is None:
        return
    where = s.topology.where
    old = server_is_old(version, least)
    if old is None:
        yield Concern(
            "UP-6",
            "blocker" if s.migrates else "warning",
            f"the version of {where} is not known; it must be {least} or later",
            "give topology.server_version: below that the order of the cut-over is another one",
            overridable=True,
        )
    elif old and s.topology.report == "pull":
        yield Concern(
            "UP-6",
            "blocker",
            f"{where} is {version}, SLP needs {least}",
            f"upgrade {where} first",
        )


def _first(platform: Platform, goal: Release) -> Iterator[Concern]:
    """Yields that the hardware came later than the release (C05, C15)."""
    row = platform.row
    if row.first is None or goal >= row.first:
        return
    yield Concern(
        "UP-1",
        "warning" if row.basis == "memory" else "blocker",
        f"{row.series} ({platform.pid}) has no release before {row.first}",
        f"choose {row.first} or later",
        source=row.source,
        basis=row.basis,
    )


def _last(platform: Platform, goal: Release) -> Iterator[Concern]:
    """Yields what is known of a release that the hardware may never get (C15)."""
    row, last = platform.row, platform.last
    if last is not None and goal.train > last.last_train:
        known = last.basis != "memory"
        yield Concern(
            "UP-1",
            "blocker" if known else "warning",
            f"{row.series} ({platform.pid}) gets no release after {last.train}"
            + ("" if known else ", as far as is remembered"),
            "choose an earlier release, or look it up in the release notes",
            source=last.source,
            basis=last.basis,
        )
    elif not platform.is_sourced(goal) and (row.first is None or goal >= row.first):
        yield Concern(
            "UP-1",
            "warning",
            f"no source that was read names {goal} for {row.series}: whether it runs there is not "
            "known, and no image name is assumed",
            "look it up in the release notes of the release, and name the image",
        )


def _enforced(s: Situation, goal: Release) -> Iterator[Concern]:
    """Yields that licences are enforced from the first boot where the way leads (UP-9, C05)."""
    row = s.platform.row if s.platform is not None else None
    since = row.enforced_from if row is not None else None
    now = s.state.release
    if row is None or since is None or goal < since.release:
        return
    if now is not None and now >= since.release:
        return
    yield Concern(
        "UP-9",
        "warning",
        f"from {since.release} on {row.series} enforces its licence from the first boot",
        "have the licence in the account, and the way to CSSM, before the upgrade",
        source=since.source,
        basis=since.basis,
    )


def check_pile_up(s: Situation) -> Iterator[Concern]:
    """Yields the usage reports that wait, on a release that suffers from them (UP-5, F40)."""
    reporting = s.state.licensing.reporting if s.state.licensing else None
    waiting = (reporting.reports_waiting or 0) if reporting else 0
    release = s.state.release
    if release is None or waiting < s.rules.reports_waiting_limit:
        return
    hurts = any(d.scope == "any" and d.applies_to(release) for d in s.rules.defects)
    yield Concern(
        "UP-5",
        "warning",
        f"{waiting} usage reports wait for their acknowledgement",
        "synchronise now" + (f"; {release} loses CPU and memory to them" if hurts else ""),
    )
