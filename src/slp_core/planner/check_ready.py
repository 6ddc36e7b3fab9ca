"""Checks of the router itself before it is touched: UP-3, READY."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.check_access import check_access
from slp_core.planner.check_firmware import check_firmware
from slp_core.planner.check_flash import check_flash
from slp_core.planner.check_issu import check_issu
from slp_core.planner.check_reach import check_reach
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.rules.ready import SKEW_LIMIT_S, named_like_pid


def check_ready(s: Situation) -> Iterator[Concern]:
    """Yields what the router lacks before it can be touched."""
    if s.model is Model.UNKNOWN:
        return
    if s.upgrade:
        yield from check_flash(s)
        yield from _redundancy(s)
        yield from check_issu(s)
        yield from check_access(s)
        yield from check_firmware(s)
    yield from check_boot_mode(s)
    if s.topology.kind == "direct" or s.slac.need == "request":
        yield from _name(s)
        yield from _clock(s)
    if s.connected:
        yield from check_reach(s)


def check_boot_mode(s: Situation) -> Iterator[Concern]:
    """Yields what stands between a router in bundle mode and install mode (UP-2)."""
    if s.target.boot != "install" or s.boot != "bundle":
        return
    if s.converts_at_once and s.target.install != "one-shot":
        yield _at_once(s)
    if not s.upgrade:
        yield Concern(
            "UP-2",
            "note",
            "the router stays in bundle mode: it is converted only within an upgrade",
            "name a release above its own, or convert it by hand",
        )
    elif s.model is Model.CLASSIC:
        yield Concern(
            "UP-2",
            "warning",
            "no source says that routers of this family are converted by `install` commands",
            "convert one router first, or leave boot at keep",
        )


def _at_once(s: Situation) -> Concern:
    row = s.rules.one_shot_conversion
    back = "; rollback: auto cannot be, " if s.target.rollback == "auto" else ", "
    return Concern(
        "UP-2",
        "warning",
        f"from {row.since} on a router in bundle mode refuses `install add` alone: one command "
        f"adds, activates and commits{back}the look comes after it",
        "the way back is the old image, which stays as the second choice to boot",
        source=row.source,
        basis=row.basis,
    )


def _redundancy(s: Situation) -> Iterator[Concern]:
    redundancy = s.state.redundancy
    if redundancy is None:
        return
    configured, operating = redundancy.configured_mode, redundancy.operating_mode
    if configured and operating and configured.lower() != operating.lower():
        yield Concern(
            "UP-3",
            "blocker",
            f"redundancy is {operating}, configured is {configured}",
            "bring the processors into step first",
        )
    peer = (redundancy.peer_state or "").upper()
    if s.pair and peer and "STANDBY HOT" not in peer:
        yield Concern(
            "UP-3",
            "blocker",
            f"the standby processor is not ready ({redundancy.peer_state})",
            "wait until it is STANDBY HOT",
        )
    active, other = redundancy.active_release, redundancy.peer_release
    if active is not None and other is not None and active != other:
        yield Concern(
            "UP-3",
            "blocker",
            f"the processors run different releases ({active}, standby {other})",
            "bring both to one release first",
        )


def _name(s: Situation) -> Iterator[Concern]:
    udi, name = s.state.udi, s.state.hostname
    if udi is None or name is None or not s.trust_wanted:
        return
    if named_like_pid(name, udi.pid):
        yield Concern(
            "READY-1",
            "blocker",
            f"the host name {name} equals the PID: CSSM refuses trust to it",
            "give the router another host name",
        )


def _clock(s: Situation) -> Iterator[Concern]:
    clock = s.state.clock
    if clock is None:
        return
    if clock.skew_s is not None and abs(clock.skew_s) >= SKEW_LIMIT_S:
        minutes = abs(clock.skew_s) / 60
        yield Concern(
            "READY-2",
            "blocker" if s.trust_wanted else "warning",
            f"the router's clock is off by {minutes:.0f} minutes",
            "synchronise it by NTP",
        )
    elif clock.synchronised is False:
        yield Concern(
            "READY-2",
            "warning",
            "the router's clock is not synchronised",
            "configure NTP",
        )
