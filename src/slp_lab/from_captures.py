"""A scenario from saved outputs: a user's own fleet, to be rehearsed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from nornir_slp.planning import Wishes
from nornir_slp.reads import Read
from nornir_slp.routers import read_routers
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError
from slp_core.platforms import Platform, platform_of
from slp_core.private_files import write_private
from slp_core.rules import builtin_rules
from slp_core.state import RouterState
from slp_core.targets import Target, load_target
from slp_lab.anonymise import Disguise
from slp_lab.captured_codes import legacy, policy_of, reporting, reservation, slac
from slp_lab.captured_licensing import Reader, regids_of
from slp_lab.captured_router import router_spec
from slp_lab.captured_world import HOME, World
from slp_sim.scenario import serial_number

SCENARIO_FILE = "scenario.yaml"
_HEAD = """\
# Made of saved outputs by `slp lab start --from-captures`; starts again with `--scenario FILE`.
# Change in it what you like: docs/lab.md says what may stand here.
"""
_AFTER_LAST = timedelta(hours=1)


@dataclass(frozen=True)
class Rehearsal:
    """A scenario made of captures.

    Attributes:
        left_out: routers that no lab can be made of, each with the reason.
        without_target: routers of which nobody said where they should go.
    """

    scenario: dict[str, Any]
    left_out: dict[str, str]
    without_target: tuple[str, ...]


@dataclass(frozen=True)
class _Captured:
    read: Read
    state: RouterState
    platform: Platform | None
    given: Mapping[str, Any] | None
    target: Target | None


def rehearse(
    space: Workspace, folder: Path, *, target: Path | None = None, anonymous: bool = False
) -> Rehearsal:
    """Returns the scenario of the routers whose outputs were saved under ``folder``.

    Args:
        target: where every router should go; each one's own ``target.yaml`` by default.
        anonymous: names, serial numbers, accounts and addresses are made up.

    Raises:
        InputError: there is no usable capture, or a target is wrong.
    """
    left_out: dict[str, str] = {}
    captured = list(_read(space, folder, target, left_out))
    if not captured:
        reasons = "; ".join(f"{n}: {why}" for n, why in left_out.items())
        raise InputError(
            f"no router can be made of these captures: {reasons}",
            where=str(folder),
            remedy="save show version and show license all of each, or give pid, serial and "
            "release in router.yaml",
        )
    epoch = _epoch([c.state for c in captured])
    disguise = Disguise(on=anonymous)
    world = World(disguise, _usual_home([c.state for c in captured]))
    regids = regids_of([c.state for c in captured])
    entries = []
    for one in captured:
        entry = _entry(one, world, disguise, regids, epoch)
        if entry is None:
            left_out[one.read.name] = "its licensing model cannot be told"
        else:
            entries.append(entry)
    if not entries:
        raise InputError("of no router the licensing model can be told", where=str(folder))
    name = "captures" if anonymous else folder.resolve().name
    scenario = {"name": name, "epoch": epoch, **world.sections(), "routers": entries}
    without = tuple(c.read.name for c in captured if c.target is None)
    return Rehearsal(scenario, left_out, without)


def write_scenario(scenario: Mapping[str, Any], folder: Path) -> Path:
    """Writes a scenario into a lab's folder, readable by its owner alone; returns the file."""
    text = yaml.safe_dump(dict(scenario), sort_keys=False, allow_unicode=True, width=110)
    return write_private(folder / SCENARIO_FILE, _HEAD + text)


def _read(
    space: Workspace, folder: Path, target: Path | None, left_out: dict[str, str]
) -> Iterator[_Captured]:
    rules = builtin_rules()
    common = Wishes.of(target, (), topology={}).data if target else None
    for read in read_routers(space, folder):
        state = read.state
        if state is None:
            left_out[read.name] = read.error.what if read.error else "it could not be read"
            continue
        missing = [
            what
            for what, there in (
                ("PID and serial number are", state.udi),
                ("the release is", state.release),
                ("licensing is", state.licensing),
            )
            if there is None
        ]
        if missing or state.udi is None:
            left_out[read.name] = f"{', '.join(missing)} not shown by any output"
            continue
        given = common if target else read.target
        base = target.parent if target else read.base
        where = str(target) if target else read.where
        wanted = load_target(given, where=where, base=base) if given else None
        yield _Captured(read, state, platform_of(state.udi.pid, rules), given, wanted)


def _entry(
    one: _Captured, world: World, disguise: Disguise, regids: dict[str, str], epoch: datetime
) -> dict[str, Any] | None:
    state = one.state
    reader = Reader(state, one.platform, builtin_rules(), regids=regids, now=epoch)
    if reader.model is None or state.licensing is None or state.udi is None:
        return None
    licensing = state.licensing
    home = world.home(licensing.smart_account, licensing.virtual_account)
    name = disguise.router(one.read.name)
    told = reader.spec(home)
    reserved = reservation(reader)
    if reserved is not None:
        told["reservation"] = reserved
    code = slac(reader)
    _hide(told, code, disguise)
    world.stock(home, told, reader.hseck9(), one.target)
    spec = {"name": name, **router_spec(state, name, disguise), "licensing": told}
    entry: dict[str, Any] = {"router": spec, "home": "/".join(home)}
    path = world.path(one.target)
    if path:
        entry["path"] = path
    if code:
        entry["slac"] = code
    world.policy(home, policy_of(reader))
    if reported := reporting(reader):
        entry["reporting"] = reported
    if by_pak := legacy(reader):
        entry["legacy"] = by_pak
    if one.target is not None and one.given is not None:
        entry["target"] = world.target(one.given, one.target, home, state.udi.pid, one.platform)
    if one.read.group:
        entry["data"] = {k: _group(v, k, disguise) for k, v in one.read.group.items()}
    return entry


def _hide(told: dict[str, Any], held: dict[str, Any] | None, disguise: Disguise) -> None:
    """Takes out of the licensing what would tell whose it is."""
    if not disguise.on:
        return
    if "url" in told:
        told["url"] = disguise.url(told["url"])
    for code in (told.get("reservation"), held):
        if code and "confirmation_code" in code:
            code["confirmation_code"] = serial_number(code["confirmation_code"])[-8:].lower()


def _group(value: Any, kind: str, disguise: Disguise) -> Any:
    return disguise.name(kind, value, kind + "-{:02}") if isinstance(value, str) else value


def _usual_home(states: list[RouterState]) -> tuple[str, str]:
    """Returns the account that most routers show; one that is made up where none does."""
    shown = Counter(
        (x.smart_account, x.virtual_account)
        for s in states
        if (x := s.licensing) is not None and x.smart_account and x.virtual_account
    )
    for (smart, virtual), _ in shown.most_common(1):
        return str(smart), str(virtual)
    return HOME


def _epoch(states: list[RouterState]) -> datetime:
    """Returns the lab's first moment: just after the last thing that any router tells of itself."""
    moments = [m for s in states for m in _moments(s) if m.tzinfo is not None]
    last = max(moments, default=datetime.now(UTC))
    return (last + _AFTER_LAST).replace(microsecond=0)


def _moments(state: RouterState) -> Iterator[datetime]:
    if state.clock is not None and state.clock.time is not None:
        yield state.clock.time
        return  # every other moment is earlier
    licensing = state.licensing
    if state.boot is not None and state.boot.restarted_at is not None:
        yield state.boot.restarted_at + timedelta(seconds=state.boot.uptime_s or 0)
    if licensing is None:
        return
    if licensing.reservation is not None and licensing.reservation.installed_on is not None:
        yield licensing.reservation.installed_on
    if licensing.trust is not None and licensing.trust.installed_on is not None:
        yield licensing.trust.installed_on
    reporting = licensing.reporting
    if reporting is not None and reporting.last_ack is not None:
        yield reporting.last_ack
