"""Predictions of routers that keep classic licensing (B9, DOWN-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slp_core.plan import Prediction
from slp_core.planner.classic_way import ModeWay, level_final, level_upgraded, mode_way
from slp_core.planner.predictions import At, Predictions, predict_boot
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_of
from slp_core.rules import classic as rules
from slp_core.rules.boot_level import LevelAfter, permanent_licences
from slp_core.rules.classic import ClassicMode

_TYPES = {ClassicMode.SMART: "Smart License", ClassicMode.NO_LICENSE: "No License Mode"}


def predict_classic(s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
    """Returns what a classic router will show. Source: B9-2, B9-16, B9-18, DOWN-5."""
    p = Predictions(before)
    goal, way = s.goal, mode_way(s)
    _stop(s, p)
    p.equals("model", s.model.value, ("MODEL-CLASSIC",))
    if goal is not None:
        p.equals("release", goal.short, ("UP-4",))
    p.unchanged("udi.pid", ())
    p.unchanged("udi.sn", ())
    p.unchanged("hostname", ())
    if "redundancy.standby" in before:
        p.unchanged("redundancy.standby", ("B9-20",))
    if "ports.shut" in before:
        p.unchanged("ports.shut", ("B9-17",), moment="end" if way.switch else "upgrade")
    predict_boot(s, p)
    now, after, final = way.now, way.upgraded, way.final
    rule = "DOWN-5" if s.downgrade else "B9-2"
    p.equals("classic.mode", after.value, (rule,))
    if final is not after:
        p.equals("classic.mode", final.value, ("B9-5",), moment="end")
    _level(s, p, way)
    _type(now, final, p, rule, "upgrade" if final is after else "end")
    _smart(s, p, now, final)
    if (
        s.upgrade
        and goal is not None
        and now is ClassicMode.TRADITIONAL
        and rules.takes_snapshot(goal)
    ):
        _snapshot(s, p, "upgrade")
    if now is ClassicMode.NO_LICENSE and final is ClassicMode.TRADITIONAL:
        level = before.get("license_level")
        for name in ("license_type", "license_state"):
            p.newly_issued(f"csl[{level}].{name}", ("DOWN-5",), moment="upgrade")
    elif now is final is ClassicMode.TRADITIONAL:
        for path in (x for x in before if x.startswith("csl[")):
            p.unchanged(path, ("DOWN-5",))
    return p.values()


def _stop(s: Situation, p: Predictions) -> None:
    """What is seen at the stop on the way: its release, and the record of PAK licences (B9-3)."""
    stop = stop_of(s)
    if stop is None:
        return
    p.equals("release", stop[0].short, ("B9-3", "UP-4"), moment="stop")
    after = rules.mode_after(rules.mode_of(s.state), stop[0])
    p.equals("classic.mode", after.value, ("B9-2",), moment="stop")
    for path in ("udi.pid", "udi.sn"):
        p.unchanged(path, (), moment="stop")
    _snapshot(s, p, "stop")


def _snapshot(s: Situation, p: Predictions, moment: At) -> None:
    """The PAK licences that are recorded: those that are permanent, where they were seen."""
    paks = permanent_licences(s.state)
    if paks:
        p.equals("pak_snapshot", sorted(paks), ("B9-3",), moment=moment)
    else:
        p.unobservable("pak_snapshot", ("B9-3",), "no PAK licence was seen before", moment=moment)


def _level(s: Situation, p: Predictions, way: ModeWay) -> None:
    """The level in force after each boot, and the one of the next boot at the end."""
    upgraded, final = level_upgraded(s, way), level_final(s, way)
    _level_at(p, upgraded, "upgrade")
    if final != upgraded:
        _level_at(p, final, "end")
    if final.level is not None and s.target.boot_level is None and (s.upgrade or way.switch):
        p.equals("next_boot.license_level", final.level, (*final.rules, "UP-3"), moment="end")
    elif final.level is None and final.why:
        p.unobservable("next_boot.license_level", (*final.rules, "UP-3"), final.why, moment="end")


def _level_at(p: Predictions, after: LevelAfter, moment: At) -> None:
    if after.level is not None:
        p.equals("license_level", after.level, after.rules, moment=moment, why=after.why)
    elif after.why:
        p.unobservable("license_level", after.rules, after.why, moment=moment)
    else:
        p.unchanged("license_level", after.rules, moment=moment)


def _type(now: ClassicMode, final: ClassicMode, p: Predictions, rule: str, moment: At) -> None:
    if final in _TYPES:
        p.equals("license_type", _TYPES[final], (rule,), moment=moment)
    elif final is now:
        p.unchanged("license_type", (rule,))
    else:
        p.newly_issued("license_type", (rule,), moment="upgrade")


def _smart(s: Situation, p: Predictions, now: ClassicMode, final: ClassicMode) -> None:
    """Smart stays as it is; newly enabled it begins its evaluation with the level in force."""
    if final is not ClassicMode.SMART:
        return
    level = p.before.get("license_level")
    wanted = s.target.classic
    if wanted == "register":
        p.equals("registration.status", "REGISTERED", ("B9-6",), moment="end")
        p.newly_issued("authorization_status", ("B9-12",))
        return
    if wanted == "deregister":
        p.equals("registration.status", "UNREGISTERED", ("B9-18",), moment="end")
        p.equals("authorization_status", "EVAL MODE", ("B9-18",), moment="end")
        return
    kept = _told(s) if now is ClassicMode.SMART else ("UNREGISTERED", "EVAL MODE")
    because = ("DOWN-5",) if s.downgrade else (("B9-2",) if now is ClassicMode.SMART else ("B9-5",))
    for path, value in zip(("registration.status", "authorization_status"), kept, strict=True):
        if value:
            p.equals(path, value, because, moment="end")
    shown = [x for x in p.before if x.startswith("licenses[")]
    for path in shown:
        p.unchanged(path, because)
    if not shown and level and kept[1]:
        p.equals(f"licenses[{level}].status", kept[1], because, moment="end")
        p.equals(f"licenses[{level}].tag", level, ("LIC-11",), moment="end")
        p.newly_issued(f"licenses[{level}].count", because)


def _told(s: Situation) -> tuple[str, str]:
    """Returns registration and authorization as any output tells them."""
    licensing = s.state.licensing
    if licensing is None:
        return "", ""
    first, _, second = (licensing.show_version_status or "").partition("/")
    registration = licensing.registration.status if licensing.registration else first
    return registration.strip(), (licensing.authorization_status or second).strip()
