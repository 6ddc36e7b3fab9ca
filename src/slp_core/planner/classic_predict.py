"""Predictions of routers that keep classic licensing (B9, DOWN-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slp_core.plan import Prediction
from slp_core.planner.predictions import At, Predictions, predict_boot
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_of
from slp_core.release import Release
from slp_core.rules import classic as rules
from slp_core.rules.classic import ClassicMode

_TYPES = {ClassicMode.SMART: "Smart License", ClassicMode.NO_LICENSE: "No License Mode"}
_SWITCHES = ("smart", "no-license")


def predict_classic(s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
    """Returns what a classic router will show. Source: B9-2, B9-16, B9-18, DOWN-5."""
    p = Predictions(before)
    goal = s.goal
    _stop(s, p)
    p.equals("model", s.model.value, ("MODEL-CLASSIC",))
    if goal is not None:
        p.equals("release", goal.short, ("UP-4",))
    p.unchanged("udi.pid", ())
    p.unchanged("udi.sn", ())
    p.unchanged("hostname", ())
    predict_boot(s, p)
    now = rules.mode_of(s.state)
    after = now if goal is None else rules.mode_after(now, goal)
    rule = "DOWN-5" if s.downgrade else "B9-2"
    p.equals("classic.mode", after.value, (rule,))
    final = after
    if s.target.classic in _SWITCHES:
        wanted = ClassicMode(
            s.target.classic
        )  # what is no mode of the release becomes its own (DOWN-5)
        final = wanted if goal is None else rules.mode_after(wanted, goal)
    if final is not after:
        p.equals("classic.mode", final.value, ("B9-5",), moment="end")
    _level(s, p, goal)
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
    features = s.state.licensing.csl_features if s.state.licensing else None
    paks = sorted(
        f.feature for f in features or () if (f.license_type or "").startswith("Permanent")
    )
    if paks:
        p.equals("pak_snapshot", paks, ("B9-3",), moment=moment)
    else:
        p.unobservable("pak_snapshot", ("B9-3",), "no PAK licence was seen before", moment=moment)


def _level(s: Situation, p: Predictions, goal: Release | None) -> None:
    permanent = _permanent(s)
    configured = rules.sets_boot_level(s.state.config or ())
    if goal is not None and goal.train == (17, 7) and permanent and not configured:
        _level_open(p, "B9-16", "17.7 may boot the base level: checked there")
    elif s.target.classic in _SWITCHES and s.state.config is not None and not configured:
        _level_open(p, "B9-1", "no boot level is configured: a default boots")
    elif "license_level" in p.before:
        p.unchanged("license_level", ("B9-1", "B9-16"))
    elif permanent:
        p.equals("license_level", permanent, ("B9-16",))
    else:
        p.unchanged("license_level", ("B9-16",))


def _level_open(p: Predictions, rule: str, why: str) -> None:
    """Expects no level of this boot, nor of the next one."""
    p.unobservable("license_level", (rule,), why)
    p.unobservable("next_boot.license_level", (rule, "UP-3"), why, moment="end")


def _permanent(s: Situation) -> str | None:
    features = s.state.licensing.csl_features or () if s.state.licensing else ()
    return next(
        (
            f.feature
            for f in features
            if (f.license_type or "").startswith("Permanent")
            and "in use" in (f.license_state or "").lower()
            and "not in use" not in (f.license_state or "").lower()
        ),
        None,
    )


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
