"""The way back from an upgrade, as far as a router shows one. Source: UP-4, F07, F08."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slp_core.rules.issu import under_way
from slp_core.rules.upgrade import boot_mode
from slp_core.state import RouterState

_IN_NAME = re.compile(r"[._-](\d{1,2}\.\d{1,2}\.\d{1,2}[a-z]?)(?=[._-]|$)")


@dataclass(frozen=True)
class WayBack:
    """How a router goes back.

    Attributes:
        release: where it leads, as far as that is known.
        boot: ``boot system`` lines or files that boot afterwards; empty in install mode.
        reloads: whether it takes the router out of service.
    """

    release: str | None
    why: str
    boot: tuple[str, ...] = ()
    reloads: bool = True


def way_back(
    state: RouterState, *, release: str | None = None, boot: tuple[str, ...] = ()
) -> WayBack | None:
    """Returns the way back; ``None`` where nothing is left to take back.

    What is committed stays; in bundle mode the second boot line is what booted before.

    Args:
        release: to go back to, where a person says it.
        boot: files that booted before, where a person says it.
    """
    rows = [p for p in (state.install.packages or () if state.install else ()) if p.kind == "IMG"]
    kept = next((p.version for p in rows if p.state == "C"), None)
    of_kept = ".".join(str(int(n)) for n in kept.split(".")[:3]) if kept and not boot else None
    if under_way(state) is not None:
        why = "the upgrade in service is under way or not committed: it is aborted"
        return WayBack(release or of_kept, why, reloads=False)
    mode, _ = boot_mode(state)
    if mode == "install" and not boot:
        if of_kept is None or not any(p.state == "U" for p in rows):
            return None
        return WayBack(
            release or of_kept, "what runs is activated and not committed: it is aborted"
        )
    return _by_boot_variable(state, release, boot)


def _by_boot_variable(
    state: RouterState, release: str | None, boot: tuple[str, ...]
) -> WayBack | None:
    lines = [x for x in state.config or () if x.startswith("boot system ")]
    wanted = boot or tuple(lines[1:])
    if not wanted or list(wanted) == lines:
        return None
    named = _IN_NAME.search(wanted[0].split()[-1])
    found = release or (_short(named[1]) if named else None)
    why = "the boot variable starts again with what booted before"
    return WayBack(found, why, wanted, reloads=found is not None)


def _short(release: str) -> str:
    major, minor, rest = release.split(".")
    number = re.match(r"\d+", rest)
    digits = number[0] if number else rest
    return f"{int(major)}.{int(minor)}.{int(digits)}{rest[len(digits) :]}"
