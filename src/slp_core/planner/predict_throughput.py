"""Predictions of throughput and export restrictions: at the upgrade, and once a SLAC is in."""

from __future__ import annotations

from typing import Final

from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.rules.slac import BROUGHT, holds_hseck9
from slp_core.rules.throughput import configured_level, kbps

LEVEL: Final = "throughput.level"
CRYPTO: Final = "throughput.crypto"
CONFIGURED: Final = "throughput.crypto_configured"
_CERM: Final = "cerm.functionality"
_KEPT: Final = ((LEVEL, "THR-1"), (CRYPTO, "THR-2"), (CONFIGURED, "THR-2"))
_UNTIL: Final = "nothing above 250 Mbps is authorised until the SLAC is in"
_RETURNS: Final = "the value that was configured last returns with the SLAC"


def judged_path(s: Situation) -> str:
    """Returns the path of the throughput that export control judges on this platform."""
    return LEVEL if s.platform is not None and s.platform.virtual else CRYPTO


def predict_throughput(s: Situation, p: Predictions) -> None:
    """Adds what a router that migrates shows: right after the upgrade, and with its SLAC.

    Source: THR-1 to THR-3, SLAC-0, MSG-2.
    """
    judged = judged_path(s)
    for path, rule in _KEPT:
        if path == judged and s.throttled:
            _throttled(s, p, path)
        elif path == LEVEL == judged and held_below(s, p):
            p.equals(path, p.before[path], (rule,))
            _returned(s, p)
        elif path == judged and s.by_flag and s.slac.need == "ask":
            p.unobservable(path, (s.slac.rule,), "no rule tells what remains without a SLAC")
        elif path in p.before or path != CONFIGURED:
            p.unchanged(path, (rule,))
    if s.target.throughput is not None:
        predict_wanted(s, p)
    _cerm(s, p)


def held_below(s: Situation, p: Predictions) -> bool:
    """Tells whether a virtual router shows 250 Mbps where more is configured, or may be (A53)."""
    shown = kbps(p.before.get(LEVEL))
    if shown != s.rules.flag_limit_kbps or judged_path(s) != LEVEL:
        return False
    figure = kbps(configured_level(s.state.config or ()))
    return s.state.config is None or (figure is not None and figure > shown)


def _returned(s: Situation, p: Predictions) -> None:
    """What is configured counts as soon as HSECK9 is there."""
    rules = ("SLAC-0", s.slac.rule)
    level = configured_level(s.state.config or ())
    if s.slac.need in BROUGHT and level is not None:
        p.equals(LEVEL, level, rules, moment="end", why=_RETURNS)
    elif s.slac.need == "reservation" and level is not None:
        p.equals(LEVEL, level, rules, why=_RETURNS)
    elif s.slac.need in BROUGHT or s.slac.need == "reservation":
        why = "a level above 250 Mbps that is configured returns; the configuration was not seen"
        p.unobservable(LEVEL, rules, why, moment="end" if s.slac.need in BROUGHT else "upgrade")


def _throttled(s: Situation, p: Predictions, path: str) -> None:
    """SLAC-0: the level falls and returns; of crypto no source says how a level is shown then."""
    rules = (s.slac.rule, "SLAC-0")
    if path == CRYPTO:
        p.unobservable(path, rules, f"{_UNTIL}: CERM tells, not the configured level")
        p.unchanged(path, ("SLAC-0", "THR-2"), moment="end", why=_RETURNS)
        return
    p.equals(path, s.rules.flag_limit_kbps, rules, why=_UNTIL)
    if s.slac.need != "limited":
        p.equals(path, p.before[path], ("SLAC-0", s.slac.rule), moment="end", why=_RETURNS)


def _cerm(s: Situation, p: Predictions) -> None:
    """Export restrictions: of a registered router they settle only after it came up (MSG-2)."""
    if s.authorized_later and _CERM in p.before:
        p.unchanged(_CERM, ("THR-3", "MSG-2"), moment="end")
    elif s.slac.need == "reservation":
        p.equals(_CERM, "DISABLED", ("THR-3", s.slac.rule))
    elif s.throttled:
        _restricted(s, p)
    elif s.by_flag and s.slac.need == "ask":
        p.unobservable(_CERM, (s.slac.rule,), "no rule tells what remains without a SLAC")
    elif p.before.get(_CERM) == "DISABLED" and not holds_hseck9(s.state, s.model, s.rules):
        why = "the limits were off by the flag alone, which counts no longer"
        p.unobservable(_CERM, ("THR-3", "SLAC-0"), why)
    elif _CERM in p.before:
        _cerm_kept(p)
    elif holds_hseck9(s.state, s.model, s.rules):
        p.equals(_CERM, "DISABLED", ("THR-3",))
    elif s.by_flag is None:
        p.unobservable(_CERM, ("THR-3",), "neither CERM nor the throughput was seen before")
    else:
        p.equals(_CERM, "ENABLED", ("THR-3",))
    if s.slac.need in BROUGHT:
        p.equals(_CERM, "DISABLED", ("THR-3", s.slac.rule), moment="end")


def _restricted(s: Situation, p: Predictions) -> None:
    """SLAC-0: the limits are on from the upgrade until the SLAC; of hardware that is known."""
    if judged_path(s) == LEVEL:
        p.unobservable(_CERM, ("SLAC-0",), "the throughput level tells on a virtual router")
        return
    p.equals(_CERM, "ENABLED", ("SLAC-0", "THR-3"), why=_UNTIL)
    p.equals("cerm.tunnels_max", s.rules.cerm.tunnels_max, ("SLAC-0", "THR-3"))
    p.equals("cerm.tls_sessions_max", s.rules.cerm.tls_sessions_max, ("SLAC-0", "THR-3"))
    for path in ("cerm.tunnels_max", "cerm.tls_sessions_max"):
        p.unobservable(path, ("THR-3",), "not printed once CERM is disabled", moment="end")


def _cerm_kept(p: Predictions) -> None:
    for path in (_CERM, "cerm.tunnels_max", "cerm.tls_sessions_max"):
        if path in p.before:
            p.unchanged(path, ("THR-3",))


def returns(s: Situation, p: Predictions) -> None:
    """Adds what a SLAC gives back on a router that runs SLP: its level, and no export limits.

    A virtual router that shows less than is configured was held at 250 Mbps (SLAC-0, A53).
    """
    if _CERM in p.before:
        p.equals(_CERM, "DISABLED", ("THR-3", s.slac.rule), moment="end")
    for path in ("cerm.tunnels_max", "cerm.tls_sessions_max"):
        if path in p.before:
            p.unobservable(path, ("THR-3",), "not printed once CERM is disabled", moment="end")
    if judged_path(s) == CRYPTO:
        if CRYPTO in p.before:
            why = "the configured level may count as soon as HSECK9 is there"
            p.unobservable(CRYPTO, ("SLAC-0",), why, moment="end")
        return
    if held_below(s, p):
        _returned(s, p)
    elif LEVEL in p.before:
        p.unchanged(LEVEL, ("THR-1",), moment="end")


def predict_wanted(s: Situation, p: Predictions, *, reloaded: bool = False) -> None:
    """Adds the throughput of the target, as the new value at the end (UP-7).

    A virtual router takes its level at once; hardware keeps the crypto throughput in force until
    the next reload, and shows what is configured for it beside, where it has tiers.

    Args:
        reloaded: the plan itself reloads after it was configured.
    """
    wanted, rules = s.target.throughput, ("UP-7", "THR-1")
    later = "what is configured counts from the next reload on"
    if wanted is not None and judged_path(s) == LEVEL:
        if kbps(wanted) is None:
            p.unobservable(LEVEL, rules, "a tier is shown as a figure", moment="end")
        else:
            p.equals(LEVEL, wanted, rules, moment="end")
    elif wanted is not None:
        shows_both = CONFIGURED in p.before
        if shows_both:
            p.equals(CONFIGURED, wanted, rules, moment="end")
        if shows_both and not reloaded:
            p.unobservable(CRYPTO, rules, later, moment="end")
        else:
            p.equals(CRYPTO, wanted, rules, moment="end")
    if s.target.platform_level is not None and judged_path(s) == CRYPTO:
        p.unobservable(LEVEL, rules, later, moment="end")
