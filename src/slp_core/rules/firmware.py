"""What must be new before the first boot of a release: ROMMON, CPLD, a stop (ROMMON, C14)."""

from __future__ import annotations

import re

from slp_core.release import Release
from slp_core.rules.schema import CpldRow, FirmwareStopRow, RommonRow, RuleData
from slp_core.state import RouterState

_VERSION = re.compile(r"(\d+)\.(\d+)\((\d+)")


def rommon_key(version: str) -> tuple[int, ...]:
    """Returns what two versions are compared by: ``15.4(3r)S5`` is older than ``16.2(1r)``."""
    match = _VERSION.match(version)
    return tuple(int(n) for n in match.groups()) if match else ()


def older(version: str, least: str) -> bool:
    """Tells whether a ROMMON is older than the least; one of unknown form is not judged."""
    key = rommon_key(version)
    return bool(key) and key < rommon_key(least)


def rommons(state: RouterState) -> dict[str, str]:
    """Returns the ROMMON of each processor that was seen, by its slot; the router's own as R0."""
    shown = {x.slot: x.rommon for x in state.firmware or () if x.rommon and x.slot.startswith("R")}
    if state.rommon is not None:
        shown.setdefault("R0", state.rommon)
    return {slot: version for slot, version in shown.items() if rommon_key(version)}


def reached(present: Release | None, goal: Release | None, since: Release) -> bool:
    """Tells whether an upgrade reaches ``since`` from below."""
    return goal is not None and present is not None and present < since <= goal


def rommon_row(platform: str | None, rules: RuleData) -> RommonRow | None:
    """Returns what the rule data asks of the ROMMON of a platform."""
    return next((row for row in rules.rommon if platform in row.platforms), None)


def stop_row(
    state: RouterState, platform: str | None, goal: Release | None, rules: RuleData
) -> FirmwareStopRow | None:
    """Returns the stop that the way to ``goal`` must make: an old ROMMON, or one not seen."""
    for row in rules.firmware_stops:
        if platform not in row.platforms or not reached(state.release, goal, row.before):
            continue
        shown = rommons(state)
        due = not shown or any(older(x, row.unless_rommon) for x in shown.values())
        if due and goal is not None and goal > row.last:
            return row
    return None


def old_cpld(state: RouterState, row: CpldRow) -> str | None:
    """Returns the CPLD that is older than a notice asks for; ``None`` where none was seen so."""
    pid = state.udi.pid if state.udi else ""
    if not any(re.search(pattern, pid) for pattern in row.pids):
        return None
    shown = [x.cpld for x in state.firmware or () if x.cpld and x.cpld.isdigit()]
    return next((x for x in shown if len(x) == len(row.least) and int(x) < int(row.least)), None)
