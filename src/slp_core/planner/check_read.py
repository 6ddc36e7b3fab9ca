"""Checks of what was read itself: of one router, of use, and enough to plan on (READ)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.state import RouterState

_WHY = {
    "foreign": "holds lines that are not of this command",
    "empty": "holds nothing",
}
_CUT = "is cut off"
_PRODUCT_OF_TAG = re.compile(r"(?:ISR|ASR)_(\d\d)\d*_")
_PRODUCT_OF_PID = re.compile(r"[A-Z]+(\d\d)")


def check_read(s: Situation, *, idle: bool = False) -> Iterator[Concern]:
    """Yields what makes the outputs doubtful that everything else rests on."""
    yield from check_mixed(s.state)
    if s.state.read_at is None:
        yield from _licences_of_another(s.state)
        yield from _outputs(s.state)
    if not idle:
        yield from _identity(s)


def check_mixed(state: RouterState) -> Iterator[Concern]:
    """Yields what shows that the outputs are of two routers, or that a router was saved twice."""
    for mixed in state.mixed:
        yield Concern(mixed.rule, "blocker", mixed.text, mixed.remedy)


def _licences_of_another(state: RouterState) -> Iterator[Concern]:
    """Yields that a licence in use is of another product than the router, by its entitlement tag.

    Entitlement tags of ISR and ASR carry the number of the product (`ISR_4400_Security` on an
    ISR4461, `ISR_1100_8P_Hsec` on a C1111-8P); the first two digits agree in all outputs known.
    """
    own = _PRODUCT_OF_PID.match(state.udi.pid) if state.udi else None
    shown = state.licensing.licenses if state.licensing else None
    for licence in shown or ():
        named = _PRODUCT_OF_TAG.match(licence.tag)
        if own is None or named is None or named[1] == own[1]:
            continue
        yield Concern(
            "READ-1",
            "blocker",
            f"the licence {licence.tag} is of another product than {state.udi and state.udi.pid}",
            "keep one folder a router; save the licence outputs of this one again",
            overridable=True,
        )
        return


def useless(state: RouterState) -> list[tuple[str, str]]:
    """Returns the saved outputs that are of no use, each with the reason.

    A command that the router refused is none of them: its release does not have it. Nor is an
    output that slp does not ask for, or a part of one.
    """
    unasked = {u.command for u in state.unknown if u.text == "no parser for this command"}
    return [
        (c.command, _WHY[c.status])
        for c in state.commands
        if c.status in _WHY and c.command not in unasked
    ]


def nothing_usable(state: RouterState) -> bool:
    """Tells whether of all that was saved nothing could be used."""
    return all(c.status not in ("ok", "cut") for c in state.commands)


def _outputs(state: RouterState) -> Iterator[Concern]:
    if not state.commands:
        return  # a state that was made by hand
    if nothing_usable(state):
        yield Concern(
            "READ-3",
            "blocker",
            "nothing of what was saved could be used",
            "save show version, show license all and show inventory of this router",
        )
    doubtful = useless(state)
    doubtful += [(c.command, _CUT) for c in state.commands if c.status == "cut"]
    for command, why in doubtful:
        yield Concern("READ-3", "warning", f"{command} {why}", f"save {command} again")
    strange = [u for u in state.unknown if u.command not in {command for command, _ in doubtful}]
    if strange:
        about = [u for u in strange if u.command.startswith("show license")]
        first = (about or strange)[0]
        were = "1 line was" if len(strange) == 1 else f"{len(strange)} lines were"
        place = f"{first.command}, line {first.line}"
        if about:
            yield Concern(
                "READ-3",
                "warning",
                f"{were} not understood, the first of the licences in {place}: "
                f"`{first.text.strip()[:60]}`",
                f"save {first.command} again if it was cut off there: what it names is not counted",
            )
        else:
            yield Concern(
                "READ-3",
                "note",
                f"{were} not understood, the first in {place}",
                "slp assess --evidence shows what was",
            )


def _identity(s: Situation) -> Iterator[Concern]:
    if s.state.release is None and s.goal is not None:
        yield Concern(
            "READ-4",
            "blocker",
            "the release that the router runs is not known",
            "save show version, or give release in router.yaml",
        )
    if s.state.udi is None:
        yield Concern(
            "READ-4",
            "blocker",
            "PID and serial number of the router are not known",
            "save show license udi or show inventory, or give pid and serial in router.yaml",
        )
