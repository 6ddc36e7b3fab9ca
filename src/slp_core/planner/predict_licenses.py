"""Predictions of licences and of their authorization."""

from __future__ import annotations

from typing import Any

from slp_core.planner.predictions import At, Predictions
from slp_core.planner.situation import Situation
from slp_core.rules.licenses import FEATURE, LicenceOutcome
from slp_core.rules.model import Kind, Model, kinds
from slp_core.rules.slac import BROUGHT, reserved
from slp_core.rules.throughput import kbps
from slp_core.state import ReservedLicense, same_tag, short_tag

_HSECK9 = f"{FEATURE}hseck9"
EXPORT_KEY = "SPECIFIC EXPORT AUTHORIZATION KEY INSTALLED"


def predict_licenses(s: Situation, p: Predictions) -> None:
    """Adds what each licence will show, and a HSECK9 that joins them."""
    for outcome in s.licences:
        if outcome.fate == "migrated":
            _migrated(s, outcome, p)
        elif outcome.fate == "open":
            p.unobservable(
                f"licenses[{outcome.key}].status", outcome.rules, "no rule tells what becomes of it"
            )
    if s.slac.need == "reservation":
        _joins(s, p, ("SLRUP-5", "LIC-2"), "upgrade")
        _reservation_of(p, f"licenses[{_HSECK9}]", ("SLRUP-5",), EXPORT_KEY, "UNLIMITED")
    elif s.slac.need in BROUGHT:
        _joins(s, p, (s.slac.rule,), "end")


def _migrated(s: Situation, o: LicenceOutcome, p: Predictions) -> None:
    head = f"licenses[{o.key}]"
    later = o.restricted and s.authorized_later
    at: At = "end" if later else "upgrade"
    because = (*o.rules, "MSG-2") if later else o.rules
    p.equals(f"{head}.status", "IN USE", because, moment=at)
    p.equals(f"{head}.export_status", o.export_status, because, why=o.inferred, moment=at)
    p.equals(f"{head}.enforcement", o.enforcement, o.rules, why=o.inferred)
    _tag(s, o, head, p)
    if f"{head}.count" in p.before:
        p.unchanged(f"{head}.count", o.rules)
    else:
        p.newly_issued(f"{head}.count", o.rules, moment="upgrade")
    feature = o.csl.feature if o.csl else (o.before.feature_name if o.before else None)
    if feature is None and o.restricted:
        feature = "hseck9"
    if feature is not None:
        p.equals(f"{head}.feature_name", feature, ("LIC-11",))
    else:
        p.newly_issued(f"{head}.feature_name", ("LIC-11",), moment="upgrade")
    p.newly_issued(f"{head}.license_type", ("LIC-11",), moment="upgrade")
    if s.model is Model.SLR:
        _reserved(s, o, head, p)


def _tag(s: Situation, o: LicenceOutcome, head: str, p: Predictions) -> None:
    if not o.key.startswith(FEATURE):
        p.equals(f"{head}.tag", o.key.removesuffix("..."), ("LIC-11",))
        return
    level = kbps(s.state.throughput.level if s.state.throughput else None)
    known = s.platform.tag(o.key.removeprefix(FEATURE), level) if s.platform else None
    if known is not None and known[1] != "memory":
        p.equals(f"{head}.tag", known[0], ("LIC-11", "SLAC-13"))
    else:
        p.newly_issued(f"{head}.tag", ("LIC-11",), moment="upgrade")


def _reserved(s: Situation, o: LicenceOutcome, head: str, p: Predictions) -> None:
    """A licence of a reserved router says whether the reservation holds it (LIC-8)."""
    status = f"{head}.reservation_status"
    if status in p.before:
        p.unchanged(status, ("LIC-8",))
        if f"{head}.reserved_count" in p.before:
            p.unchanged(f"{head}.reserved_count", ("LIC-8",))
        return
    held = next((r for r in reserved(s.state) if same_tag(r.tag, o.key)), None)
    if o.restricted:
        _reservation_of(p, head, ("LIC-8",), EXPORT_KEY, "UNLIMITED")
    elif held is not None:
        _reservation_of(p, head, ("LIC-8",), "SPECIFIC INSTALLED", held.count)
    elif reserved(s.state):
        p.equals(status, "NOT INSTALLED", ("LIC-8",))
    else:
        p.newly_issued(
            status, ("LIC-8",), moment="upgrade", why="the reservation was not seen before"
        )


def _reservation_of(
    p: Predictions, head: str, rules: tuple[str, ...], status: str, count: str | None
) -> None:
    p.equals(f"{head}.reservation_status", status, rules)
    if count is not None:
        p.equals(f"{head}.reserved_count", count, rules)


def _joins(s: Situation, p: Predictions, rules: tuple[str, ...], moment: At) -> None:
    """HSECK9 that was not there before: known by its feature, by its tag where that is sure."""
    head = f"licenses[{_HSECK9}]"
    p.equals(f"{head}.status", "IN USE", rules, moment=moment)
    p.equals(f"{head}.export_status", "RESTRICTED - ALLOWED", rules, moment=moment)
    p.equals(f"{head}.enforcement", "EXPORT RESTRICTED", rules, moment=moment)
    p.equals(f"{head}.feature_name", "hseck9", rules, moment=moment)
    p.newly_issued(f"{head}.count", rules, moment=moment)
    p.newly_issued(f"{head}.license_type", rules, moment=moment)
    own = s.state.licensing.hseck9_tag if s.state.licensing else None
    known = s.platform.tag("hseck9") if s.platform else None
    if own is not None:
        p.equals(f"{head}.tag", short_tag(own), ("SLAC-13",), moment=moment)
    elif known is not None and known[1] != "memory":
        p.equals(f"{head}.tag", known[0], ("SLAC-13",), moment=moment)
    else:
        p.newly_issued(f"{head}.tag", ("SLAC-13",), moment=moment)


def predict_authorization(s: Situation, p: Predictions) -> None:
    """Adds what ``show license authorization`` will say (LIC-8 to LIC-10)."""
    if s.model is Model.SLR:
        _slr(s, p)
    elif s.model is Model.PLR:
        p.unobservable("authorization.status", ("LIC-8",), "no source shows a PLR after it")
    elif s.model is Model.REGISTERED:
        _registered(s, p)
    else:
        _unregistered(s, p)
    if s.state.udi is not None:
        p.equals("authorization.udi", f"{s.state.udi.pid},{s.state.udi.sn}", ("UP-1",))
    else:
        p.unchanged("authorization.udi", ("UP-1",))
    if not s.dlc or not _paks(s):
        p.newly_issued("authorization.derived_tags", ("LIC-11",), moment="upgrade")


def _slr(s: Situation, p: Predictions) -> None:
    p.equals("authorization.status", "SPECIFIC INSTALLED", ("LIC-8",))
    if s.slac.need == "reservation":
        for name in ("confirmation_code", "installed_on"):
            p.newly_issued(
                f"authorization.{name}", ("SLRUP-3", "SLRUP-5"), renewed=True, moment="upgrade"
            )
        _authorized(p, _HSECK9, ("SLRUP-5",), True, "SPECIFIC INSTALLED", "upgrade")
    else:
        for name in ("confirmation_code", "installed_on"):
            p.unchanged(f"authorization.{name}", ("LIC-8",))
    if s.slac.need in BROUGHT:
        _beside_reservation(s, p)
    held = reserved(s.state)
    if not held:
        for o in s.licences:
            if (
                o.before is not None
                and (o.before.reservation_status or "NOT INSTALLED") != "NOT INSTALLED"
            ):
                _authorized(p, o.key, ("LIC-8",), o.restricted, "SPECIFIC INSTALLED", "upgrade")
    for licence in held:
        restricted = any(o.restricted for o in s.licences if same_tag(o.key, licence.tag))
        _authorized(
            p, licence.tag, ("LIC-8",), restricted, "SPECIFIC INSTALLED", "upgrade", licence
        )


def _beside_reservation(s: Situation, p: Predictions) -> None:
    """A SLAC that joins a reservation: the licence tells; of the overall status no source does."""
    for name in ("status", "confirmation_code", "installed_on"):
        why = "no source shows a reservation and a SLAC together"
        p.unobservable(f"authorization.{name}", (s.slac.rule,), why, moment="end")
    _authorized(p, _HSECK9, (s.slac.rule,), True, "SMART AUTHORIZATION INSTALLED", "end")


def _registered(s: Situation, p: Predictions) -> None:
    restricted = [o for o in s.licences if o.restricted and o.fate == "migrated"]
    if not restricted and s.slac.need not in BROUGHT:
        p.unobservable(
            "authorization.status", ("LIC-8",), "no source shows one without an enforced licence"
        )
        return
    _smart_authorization(p, ("LIC-8",))
    for o in restricted:
        _authorized(p, o.key, ("LIC-8",), True, "SMART AUTHORIZATION INSTALLED", "end")
    if not restricted:
        _authorized(p, _HSECK9, (s.slac.rule,), True, "SMART AUTHORIZATION INSTALLED", "end")


def _smart_authorization(p: Predictions, rules: tuple[str, ...]) -> None:
    p.equals("authorization.status", "SMART AUTHORIZATION INSTALLED", rules, moment="end")
    p.newly_issued("authorization.confirmation_code", rules, renewed=True)
    p.newly_issued("authorization.installed_on", rules, renewed=True)


def _unregistered(s: Situation, p: Predictions) -> None:
    paks = _paks(s)
    rule = "LIC-9" if paks else "LIC-10"
    p.equals("authorization.status", "NOT INSTALLED", (rule,))
    if paks and all(len(kinds(o.csl, s.rules)) > 1 for o in paks if o.csl is not None):
        why = "what is printed of it reads as PAK and as right-to-use"
        p.unobservable("authorization.legacy_status", ("MODEL-KIND", "LIC-9"), why)
    elif paks:
        p.equals("authorization.legacy_status", "PAK", ("LIC-9",))
        for o in paks:
            head = f"authorization.licenses[{o.key}]"
            p.newly_issued(f"{head}.count", ("LIC-9",), moment="upgrade")
            p.newly_issued(f"{head}.license_type", ("LIC-9",), moment="upgrade")
            p.newly_issued(f"{head}.term_count", ("LIC-9",), moment="upgrade")
    if s.slac.need in ("request", "file"):
        if paks:
            why = "no source shows a PAK and a SLAC together"
            p.unobservable("authorization.legacy_status", (s.slac.rule,), why, moment="end")
        _smart_authorization(p, (s.slac.rule,))
        _authorized(p, _HSECK9, (s.slac.rule,), True, "SMART AUTHORIZATION INSTALLED", "end")


def _paks(s: Situation) -> list[LicenceOutcome]:
    return [
        o
        for o in s.licences
        if o.fate == "migrated" and o.csl is not None and Kind.PAK in kinds(o.csl, s.rules)
    ]


def _authorized(
    p: Predictions,
    key: str,
    rules: tuple[str, ...],
    restricted: bool,
    type_: str,
    moment: At,
    before: ReservedLicense | None = None,
) -> None:
    """One licence of the authorization; counts are kept where they were seen."""
    head = f"authorization.licenses[{key}]"
    enforcement = "EXPORT RESTRICTED" if restricted else "NOT ENFORCED"
    known: dict[str, Any] = before.to_json() if before is not None else {}
    for name in ("count", "license_type", "term_count"):
        if known.get(name) is not None:
            p.equals(f"{head}.{name}", known[name], rules, moment=moment)
        else:
            p.newly_issued(f"{head}.{name}", rules, moment=moment)
    p.equals(f"{head}.enforcement", enforcement, rules, moment=moment)
    p.equals(f"{head}.authorization_type", type_, rules, moment=moment)
