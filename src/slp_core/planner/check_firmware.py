"""Checks of what the router boots by, before a release boots the first time: ROMMON."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.firmware_stop import due, firmware_stop
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.firmware import old_cpld, older, reached, rommon_row, rommons

_SHOWS = "show rom-monitor R0 (or show platform) tells it"


def check_firmware(s: Situation) -> Iterator[Concern]:
    """Yields what of ROMMON and CPLD must be renewed before the upgrade, and what was not seen."""
    if s.platform is None or s.platform.virtual or s.downgrade:
        return
    stop = due(s)
    if stop is not None:
        yield from _stop(s)
    yield from _rommon(s, stops=stop is not None and firmware_stop(s) is not None)
    for row in s.rules.cpld:
        old = old_cpld(s.state, row)
        if old is not None:
            yield Concern(
                "ROMMON-3",
                "warning",
                f"CPLD {old} is older than {row.least}: {row.text}",
                f"install {row.package} in a window of its own",
                source=row.source,
                basis=row.basis,
            )


def _rommon(s: Situation, *, stops: bool) -> Iterator[Concern]:
    present, shown = s.state.release, rommons(s.state)
    row = rommon_row(s.platform.id if s.platform else None, s.rules)
    source, basis = (row.source, row.basis) if row else ("", None)
    if not shown:
        if reached(present, s.goal, s.rules.firmware_asked_since):
            yield Concern(
                "ROMMON-1",
                "warning",
                f"ROMMON was not seen, and {present} is from before {s.rules.firmware_asked_since}",
                f"{_SHOWS}; look up what {s.goal} asks for on this hardware",
                source=source,
                basis=basis,
            )
        return
    if row is None or stops or not reached(present, s.goal, row.since):
        return
    old = {slot: version for slot, version in shown.items() if older(version, row.least)}
    for slot, version in sorted(old.items()):
        back = f"; from {row.no_way_back} on it cannot be taken back" if row.no_way_back else ""
        yield Concern(
            "ROMMON-1",
            "blocker",
            f"ROMMON {version} ({slot}) is older than {row.least}: {s.goal} may not boot",
            f"install {row.package} and reload first{back}",
            source=row.source,
            basis=row.basis,
        )


def _stop(s: Situation) -> Iterator[Concern]:
    row, stop = due(s), firmware_stop(s)
    if row is None:
        return
    if stop is None:
        yield Concern(
            "ROMMON-2",
            "blocker",
            f"from {s.state.release} the way leads by {row.release}, and the stop that is named "
            "will not do",
            f"name {row.release} as stop, or leave it out",
            source=row.source,
            basis=row.basis,
        )
        return
    yield Concern(
        "ROMMON-2",
        "warning",
        f"stops at {stop[0]} on the way to {s.goal}, boots it twice, and waits for a person who "
        f"installs {row.package} there",
        "have a console at hand, and name its image with size or checksum as stop in the target; "
        "16.3.5, 16.5.2 and later will not do instead",
        source=row.source,
        basis=row.basis,
    )
    if s.boot == "install" or s.target.boot == "install":
        yield Concern(
            "ROMMON-2",
            "blocker",
            f"neither {s.state.release} nor {stop[0]} knows `install` commands",
            "boot the consolidated image first (boot system, reload), and leave boot at keep",
            source=row.source,
            basis=row.basis,
        )
