"""What the next reload would do that nobody planned: UP-3 of registers and open installs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slp_core.plan import StepSpec
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.issu import under_way
from slp_core.rules.model import Model
from slp_core.rules.next_boot import boot_troubles
from slp_core.rules.upgrade import TIMER_REMEDY, rollback_timer
from slp_core.state import RouterState
from slp_core.steps.around import VerifyParams

_RULE = "UP-3"


def check_reload(
    s: Situation, steps: Sequence[StepSpec], *, judges: bool | None = None
) -> Iterator[Concern]:
    """Yields what stands against a reload of this router, be it by an upgrade or by another step.

    A plan whose last look holds the next boot against the router cannot end well either.

    Args:
        judges: whether it has such a look; every full plan that ends with one.
    """
    if judges is None:
        judges = any(isinstance(step.params, VerifyParams) for step in steps)
    if s.model is Model.UNKNOWN:
        return
    reloads = s.upgrade or any(step.facts.reloads for step in steps)
    if reloads or judges:
        for trouble, remedy in boot_troubles(s.state.boot):
            yield Concern(_RULE, "blocker", trouble, remedy)
        yield from _second_register(s.state)
    yield from _install(s, blocks=reloads)


def _second_register(state: RouterState) -> Iterator[Concern]:
    """Yields that one output shows two registers: the first was read, the other was not."""
    first = state.boot.config_register if state.boot else None
    for line in state.unknown:
        text = line.text.strip()
        if text.startswith("Configuration register is") and text.split()[3:] != [first]:
            yield Concern(
                _RULE,
                "blocker",
                f"{line.command} shows {first} and, in line {line.line}, `{text}`",
                f"save {line.command} again; then look at show boot",
            )
            return


def _install(s: Situation, *, blocks: bool) -> Iterator[Concern]:
    """Yields an install that is neither kept nor taken back; of a timer, that it runs (C02)."""
    way = under_way(s.state)
    if way is not None and s.upgrade:
        yield Concern(
            _RULE,
            "blocker",
            f"an upgrade in service is under way ({way})",
            "wait for its end and commit it, or install abort issu",
        )
        return
    packages = s.state.install.packages if s.state.install else None
    waiting = sorted(p.version for p in packages or () if p.state == "U")
    timer = rollback_timer(s.state)
    behind = f"; {timer}" if timer else ""
    if waiting and s.upgrade:
        text = f"{waiting[0]} is activated and not committed{behind}"
        yield Concern(_RULE, "blocker", text, "install commit, or install abort")
    elif timer is not None:
        yield Concern(
            _RULE,
            "blocker" if blocks else "warning",
            f"{timer}: at its end the router goes back to what it ran before",
            TIMER_REMEDY,
        )
