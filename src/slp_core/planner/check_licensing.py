"""Checks of licensing: model, licences, SLAC, trust token, voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from slp_core.planner.check_slac import check_slac, check_throughput
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.rules.slac import BROUGHT, reserved
from slp_core.state import RouterState


def check_licensing(s: Situation) -> Iterator[Concern]:
    """Yields what licensing has against this plan."""
    if s.model is Model.UNKNOWN:
        yield _unknown(s)
        return
    if s.model is Model.CLASSIC:
        return
    if s.model is Model.NOLICENSE:
        yield Concern(
            "MODEL-NOLICENSE",
            "blocker",
            "No-License mode is known of the ASR 900 family only",
            "collect the outputs again; add the platform to your own rule data",
        )
        return
    yield from _contradictions(s)
    yield from _open_licences(s)
    yield from check_slac(s)
    yield from check_throughput(s)
    yield from _token(s)
    yield from _reserved_voice(s)
    yield from _unverified_tag(s)
    if s.transport.rule == "TRANS-9" and s.migrates:
        yield Concern(
            "TRANS-9",
            "warning",
            f"no rule tells what becomes of the transport {s.transport.before}",
            "read it after the upgrade; the topology step sets what is wanted",
        )


def _unknown(s: Situation) -> Concern:
    licensing = s.state.licensing
    shown = "nothing of its licensing was seen"
    if licensing is not None:
        facts = [
            licensing.registration.status if licensing.registration else None,
            licensing.authorization_status,
            licensing.show_version_status,
            licensing.license_type,
        ]
        words = [f for f in facts if f]
        shown = f"it shows {', '.join(words)}" if words else "its outputs name no model"
    return Concern(
        "MODEL-UNKNOWN",
        "blocker",
        f"the licensing model is not known: {shown}",
        "collect show version, show license status and show license all again",
    )


def _contradictions(s: Situation) -> Iterator[Concern]:
    licensing = s.state.licensing
    for feature in (licensing.csl_features or ()) if licensing else ():
        readings = kinds(feature, s.rules)
        if len(readings) > 1 and "pak" in readings:
            names = " and ".join(sorted(readings))
            yield Concern(
                "MODEL-KIND",
                "note",
                f"{feature.feature} reads as {names}: both readings are kept",
                "its reporting is planned by the stricter one",
            )


def _open_licences(s: Situation) -> Iterator[Concern]:
    for outcome in s.licences:
        if outcome.fate != "open":
            continue
        if "SLAC-10" in outcome.rules:
            yield Concern(
                "SLAC-10",
                "warning",
                f"{outcome.key} is export-restricted and not authorized",
                "install its authorization before it is used: hseck9: add-after",
            )
        else:
            name = outcome.key.removeprefix("feature:")
            yield Concern("LIC-4", "warning", f"what becomes of {name}, not in use, is not known")


def _token(s: Situation) -> Iterator[Concern]:
    if s.trust_wanted and s.target.topology.token is None:
        yield Concern(
            "TOKEN-1",
            "blocker",
            "a trust code is needed and no token is named",
            "make a token in CSSM and name it: topology.token: env:NAME; or cssm: to have it made",
            overridable=False,
        )


def _reserved_voice(s: Situation) -> Iterator[Concern]:
    if s.model is not Model.SLR:
        return
    held = [r.tag for r in reserved(s.state)]
    held += [
        o.key
        for o in s.licences
        if o.before and (o.before.reservation_status or "NOT INSTALLED") != "NOT INSTALLED"
    ]
    voice = sorted({t for t in held if matches(s.rules.features.voice, [t])})
    if voice:
        yield Concern(
            "READY-4",
            "blocker",
            f"the reservation holds voice licences: {', '.join(voice)}",
            "return the reservation of the voice licences in CSSM first",
        )


def _unverified_tag(s: Situation) -> Iterator[Concern]:
    if (s.slac.need != "reservation" and s.slac.need not in BROUGHT) or s.platform is None:
        return
    own = s.state.licensing.hseck9_tag if s.state.licensing else None
    known = s.platform.tag("hseck9")
    if own is None and (known is None or known[1] == "memory"):
        name = f"{known[0]} is not verified" if known else "not known"
        yield Concern(
            "SLAC-13",
            "warning",
            f"the HSECK9 tag of {s.platform.row.series}: {name}",
            "the router prints its own: show license tech support",
            basis="memory" if known else None,
        )


def voice_in_use(state: RouterState, rules: RuleData) -> bool | None:
    """Tells whether voice is licensed or configured; ``None``: it may be (its package is in use).

    Source: UP-5: CUBE and SRST stop at the acknowledgement deadline, other features do not.
    """
    licensing = state.licensing
    names = [x.tag for x in (licensing.licenses or ())] if licensing else []
    names += (
        [x.feature_name for x in (licensing.licenses or ()) if x.feature_name] if licensing else []
    )
    names += [f.feature for f in ((licensing.csl_features or ()) if licensing else ()) if f.enabled]
    if matches(rules.features.voice, names):
        return True
    if state.config is not None:
        return matches(rules.features.voice_config, [x.strip() for x in state.config])
    return None if matches(rules.features.voice_maybe, names) else False


def matches(patterns: Iterable[str], names: Iterable[str]) -> bool:
    """Tells whether any pattern is found in any name."""
    return any(re.search(p, n) for n in names for p in patterns)
