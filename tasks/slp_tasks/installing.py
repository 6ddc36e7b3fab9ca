"""What the three install steps share: packages, questions and failures by name (F05, F09)."""

from __future__ import annotations

import re

from slp_core.errors import StepFailed
from slp_core.release import Release
from slp_core.rules.upgrade import names_release
from slp_core.state import InstallPackage, RouterState
from slp_tasks.session import Answer
from slp_tasks.step import StepContext

# Saved before by a step of its own; what changed since (the agent itself writes) is saved too.
ANSWERS = (
    Answer("[y/n/q]", "y"),
    Answer("[y/n]", "y"),
    Answer("[y/n]", "y"),
    Answer("[y/n]", "y"),
)
INSTALLED_ALREADY = "the image is installed already"
_NO_ROOM = "there is not enough free space"
_UNSAVED = "the configuration is not saved"
_ISSU = "an ISSU upgrade is in progress"
_MISSING = "package files of the running image are missing"
_BUNDLE = "a router in bundle mode takes one command alone, which adds, activates and commits"
_OTHER = "another image is added and not activated"
_FOREIGN = "the image is not for this platform"
_DAMAGED = "the image is damaged or not signed"
_UNREADABLE = "the image file cannot be read"
_CONTROLLER = "the router is in controller mode"
_FAILURES = (
    (r"requires ([\d,]+) ?(KB|bytes) of free space", _NO_ROOM),
    (r"No space left on device", _NO_ROOM),
    (r"System configuration has been modified", _UNSAVED),
    (r"ISSU in progress", _ISSU),
    (r"package file\(s\) for running image", _MISSING),
    (r"xFSU requirement", "the router is not ready for a fast software upgrade"),
    (r"booted in bundle mode|Bundle-to-Install", _BUNDLE),
    (r"(?:super )?package already added|add operation not allowed", _OTHER),
    (
        r"not compatible with this platform|platform mismatch|not supported on this platform",
        _FOREIGN,
    ),
    (r"signature (?:verification|check) failed|image is corrupt|digest mismatch", _DAMAGED),
    (r"does not exist|cannot be read|No such file", _UNREADABLE),
    (r"not supported in Controller mode", _CONTROLLER),
    (r"Same Image File|already (?:installed|added|running)", INSTALLED_ALREADY),
    (r"(?:No|not) (?:inactive|added).{0,40}(?:package|version|image)", "nothing was added before"),
)
_REMEDIES = {
    _NO_ROOM: "make room (`install remove inactive`), then `slp retry`",
    _UNSAVED: "save it (`write memory`), then `slp retry`",
    _ISSU: "abort it (`install abort issu`), then `slp retry`",
    _BUNDLE: "plan again with install: one-shot (--install one-shot)",
    _OTHER: "see `show install summary`; discard it (`install remove inactive`), then `slp retry`",
    _FOREIGN: "name the image of this platform, then plan again",
    _DAMAGED: "delete it, copy it anew and compare its hash, then `slp retry`",
    _UNREADABLE: "see `dir` of the file system, copy the image anew, then `slp retry`",
    _CONTROLLER: "upgrade it by the SD-WAN manager, then plan again",
    _MISSING: "bring back the files that packages.conf names, then `slp retry`",
}
BUSY = re.compile(
    r"(?:another|install)[^\n]{0,30}operation[^\n]{0,30}(?:in progress|already running)"
    r"|already in progress",
    re.IGNORECASE,
)
"""An earlier try still runs: its process died, the router went on."""
_FAILED = re.compile(r"^.*(?:FAILED|Failed|%Error|ERROR).*$", re.MULTILINE)


def packages_of(state: RouterState, release: str) -> list[InstallPackage]:
    """Returns the rows of ``show install summary`` for a release, on each processor."""
    wanted = Release.parse(release)
    rows = state.install.packages or () if state.install else ()
    return [p for p in rows if p.kind == "IMG" and names_release(p.version, wanted)]


def package_of(state: RouterState, release: str) -> InstallPackage | None:
    """Returns the row of ``show install summary`` for a release; the furthest on where several."""
    fitting = packages_of(state, release)
    order = {"C": 0, "U": 1, "I": 2, "D": 3}
    return min(fitting, key=lambda p: order.get(p.state, 9), default=None)


def failure(said: str) -> str | None:
    """Returns why an install command failed, by name; ``None`` where it did not."""
    line = _FAILED.search(said)
    same = re.search(r"Same Image File", said)
    if line is None and same is None:
        return None
    for pattern, name in _FAILURES:
        match = re.search(pattern, said, re.IGNORECASE)
        if match is None:
            continue
        numbers = f" ({match[0]})" if match.groups() else ""
        return name + numbers
    return (line[0].strip() if line else said)[:200]


def check(ctx: StepContext, said: str, doing: str) -> None:
    """Raises ``StepFailed`` where the router said that it failed."""
    why = failure(said)
    if why is not None and why != INSTALLED_ALREADY:
        raise StepFailed(
            f"{doing} failed: {why}",
            where=ctx.plan.router,
            remedy=_REMEDIES.get(why.partition(" (")[0])
            or "put that right on the router, then `slp retry`",
        )
