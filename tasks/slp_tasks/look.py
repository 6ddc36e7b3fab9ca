"""Looking at a router: a few commands, one state, and what several steps ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slp_core.parsing import assemble
from slp_core.release import Release
from slp_core.state import RouterState, Udi
from slp_core.verify import config_of_interest, observe_part
from slp_tasks.step import Acted, Confirm, Notes, P, Step, StepContext

VERSION = "show version"
INSTALL = "show install summary"
REDUNDANCY = "show redundancy"
ISSU = "show issu state detail"
STATUS = "show license status"
ALL = "show license all"
AUTHORIZATION = "show license authorization"
RESERVATION = "show license reservation"
DLC = "show platform software license dlc"
CLOCK = "show clock"
RUNNING = "show running-config"
STARTUP = "show startup-config"

_LOOK_S = 90.0
_NEWER = timedelta(seconds=30)
_NOT_CONFIG = re.compile(
    r"^(!|Building configuration|Current configuration|Using \d+|Load for|Time source|\s*$|end$"
    r"|ntp clock-period|[*.]?\w{3} +\d+ [\d :.]+\w* ?\w*: %[A-Z])"
)
_STAMP = re.compile(r"^[*.]?(\w{3}) +(\d+)(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.\d+)?")


class LooksOnly(Step[P]):
    """A step that never acts: its probe is ``done``, ``waiting`` or ``blocked``."""

    def act(self, ctx: StepContext) -> Acted:
        """Sends nothing."""
        del ctx
        return Acted(changed=False)

    def confirm(self, ctx: StepContext) -> Confirm:
        """There is nothing to confirm."""
        del ctx
        return Confirm("confirmed")


def look(ctx: StepContext, *commands: str) -> RouterState:
    """Returns what the router shows in these commands; those that it lacks leave nothing."""
    began = ctx.clock.now()
    outputs = {c: ctx.session.run(c, timeout=_LOOK_S) for c in commands}
    state = assemble(ctx.plan.router, outputs, read_at=began)
    ctx.sight.update(observe_part(state))
    return state


def config_lines(text: str) -> tuple[str, ...]:
    """Returns the lines of a configuration, without headers, comments and messages (F16)."""
    return tuple(
        line.rstrip() for line in text.splitlines() if not _NOT_CONFIG.match(line.rstrip())
    )


def configuration(ctx: StepContext, command: str = RUNNING) -> tuple[str, ...]:
    """Returns the router's configuration; it is never kept in notes."""
    lines = config_lines(ctx.session.run(command, timeout=max(120.0, ctx.clock.patience(60))))
    if command == RUNNING:
        ctx.sight["config"] = config_of_interest(lines)
    return lines


@dataclass(frozen=True)
class Boot:
    """Which boot a router is in, as the router itself tells (F01)."""

    seen_at: datetime
    restarted_at: datetime | None
    uptime_s: int | None

    def as_notes(self) -> Notes:
        """Returns it as it stands in notes."""
        return {
            "seen_at": self.seen_at.isoformat(),
            "restarted_at": self.restarted_at.isoformat() if self.restarted_at else None,
            "uptime_s": self.uptime_s,
        }

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any]) -> Boot:
        """Reads what ``as_notes`` gave."""
        restarted = notes.get("restarted_at")
        return cls(
            datetime.fromisoformat(notes["seen_at"]),
            datetime.fromisoformat(restarted) if restarted else None,
            notes.get("uptime_s"),
        )

    def newer_than(self, before: Boot) -> bool:
        """Tells whether this is another, later boot than ``before``.

        Uptime that went down proves it. A later restart time proves it too, unless the uptime is
        longer than the time since the look before: then only the router's clock was corrected.
        """
        if self.uptime_s is not None and before.uptime_s is not None:
            if self.uptime_s < before.uptime_s:
                return True
            since = (self.seen_at - before.seen_at).total_seconds()
            if self.uptime_s > since + 120:
                return False
        if self.restarted_at is None or before.restarted_at is None:
            return False
        return self.restarted_at > before.restarted_at + _NEWER


def boot_of(state: RouterState, seen_at: datetime) -> Boot:
    """Returns the boot that a state was read in."""
    boot = state.boot
    return Boot(
        seen_at,
        boot.restarted_at if boot else None,
        boot.uptime_s if boot else None,
    )


def reached(state: RouterState, release: str | None) -> bool:
    """Tells whether the running release satisfies a target (UP-4)."""
    return bool(release and state.release and state.release.satisfies(Release.parse(release)))


def udi_notes(udi: Udi | None) -> Notes:
    """Returns an identity as notes carry it, for the check against the plan (F47)."""
    return {"udi": {"pid": udi.pid, "sn": udi.sn}} if udi else {}


def has_filesystem_file(state: RouterState, name: str) -> int | None:
    """Returns the size of a file on the router, 0 where it is not printed, ``None`` if absent."""
    for storage in state.storage or ():
        for file in storage.files or ():
            if file.name == name:
                return file.size or 0
    return None


def is_on_router(ctx: StepContext, path: str) -> bool:
    """Tells whether a file (``bootflash:x.bin``) is on the router."""
    filesystem, _, name = path.rpartition(":")
    return has_filesystem_file(look(ctx, f"dir {filesystem}:"), name.lstrip("/")) is not None


def file_time(state: RouterState, name: str) -> datetime | None:
    """Returns when a file on the router was written, by its own clock."""
    files = (f for s in state.storage or () for f in s.files or () if f.name == name)
    return next((f.modified for f in files), None)


def router_time(ctx: StepContext) -> datetime:
    """Returns the router's own time; ours where it does not tell."""
    state = look(ctx, CLOCK)
    return state.clock.time if state.clock and state.clock.time else ctx.clock.now()


@dataclass(frozen=True)
class LogLine:
    """One system message: when (by the router), which, and what it says."""

    at: datetime | None
    mnemonic: str
    text: str


_MESSAGE = re.compile(r"%([A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+): ?(.*)$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def messages(ctx: StepContext, since: datetime | None = None) -> tuple[LogLine, ...]:
    """Returns the licensing messages of the router's log buffer, oldest first.

    Args:
        since: only those that the router dates at or after this time of its own.
    """
    text = ctx.session.run("show logging | include SMART_LIC|SIP-1-LICENSING")
    now = since or ctx.clock.now()
    found = [line for raw in text.splitlines() if (line := _log_line(raw.strip(), now))]
    if since is None:
        return tuple(found)
    start = since.replace(microsecond=0)
    return tuple(line for line in found if line.at is None or line.at >= start)


def _log_line(raw: str, near: datetime) -> LogLine | None:
    match = _MESSAGE.search(raw)
    if match is None:
        return None
    return LogLine(_log_time(raw, near), match[1], match[2].strip())


def _log_time(raw: str, near: datetime) -> datetime | None:
    """Log lines bear no year: it is the one that brings them nearest to ``near``."""
    match = _STAMP.match(raw)
    if match is None or match[1] not in _MONTHS:
        return None
    month, day = _MONTHS.index(match[1]) + 1, int(match[2])
    clock = (int(match[4]), int(match[5]), int(match[6]))
    years: Iterable[int] = (
        (int(match[3]),) if match[3] else (near.year - 1, near.year, near.year + 1)
    )
    times = []
    for year in years:
        try:
            times.append(datetime(year, month, day, *clock, tzinfo=near.tzinfo))
        except ValueError:  # 29 February of another year
            continue
    return min(times, key=lambda t: abs(t - near), default=None)
