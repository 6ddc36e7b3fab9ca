"""Whether a SLAC is needed, and how it comes (SLAC, SLRUP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from slp_core.platforms import Platform
from slp_core.rules.model import CSL_MODELS, Kind, Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.rules.throughput import above_flag_limit
from slp_core.state import License, ReservedLicense, RouterState, same_tag
from slp_core.targets import Target

Need = Literal["none", "reservation", "limited", "automatic", "request", "file", "ask"]


@dataclass(frozen=True)
class SlacNeed:
    """Whether and how an authorization code for HSECK9 comes.

    Attributes:
        need: ``reservation``: update the reservation before the upgrade (SLRUP); ``limited``: the
            operator does not want that, and the router falls to 250 Mbps; ``automatic``:
            the router asks by itself; ``request`` or ``file``: after the upgrade; ``ask``: no
            rule tells, an operator must.
        missing: what an automatic SLAC lacks, in words, and whether that is certain.
    """

    rule: str
    need: Need
    why: str
    missing: tuple[tuple[str, bool], ...] = ()


def is_hseck9_tag(tag: str, state: RouterState, rules: RuleData) -> bool:
    """Tells whether an entitlement tag is HSECK9: the router's own mapping first (SLAC-13)."""
    own = state.licensing.hseck9_tag if state.licensing else None
    if own and (same_tag(own, tag) or tag in own):
        return True
    return any(re.search(pattern, tag) for pattern in rules.features.hseck9_tags)


def is_restricted(licence: License, state: RouterState, rules: RuleData) -> bool:
    """Tells whether a licence is export-controlled: by what is printed, else by its tag."""
    if licence.export_status is not None:
        return licence.export_status.upper().startswith("RESTRICTED")
    if licence.feature_name in rules.features.export_controlled:
        return True
    return is_hseck9_tag(licence.tag, state, rules)


def holds_hseck9(state: RouterState, model: Model, rules: RuleData) -> bool:
    """Tells whether the router has an authorized export-controlled licence.

    Source: SLAC-1 (registered), SLAC-2 (in the reservation), SLAC-3 (by PAK), LIC-5.
    """
    licensing = state.licensing
    if licensing is None:
        return False
    if model in CSL_MODELS:
        return any(
            f.feature in rules.features.export_controlled and Kind.PAK in kinds(f, rules)
            for f in licensing.csl_features or ()
        )
    if any(is_hseck9_tag(r.tag, state, rules) for r in reserved(state)):
        return True
    return any(
        is_restricted(x, state, rules)
        and not (x.export_status or "").upper().endswith("NOT ALLOWED")
        for x in licensing.licenses or ()
        if (x.status or "").upper() not in ("NOT AUTHORIZED", "NOT IN USE", "OUT OF COMPLIANCE")
    )


def reserved(state: RouterState) -> tuple[ReservedLicense, ...]:
    """Returns the licences of the reservation or authorization that the router shows."""
    licensing = state.licensing
    if licensing is None:
        return ()
    found = licensing.reservation.licenses if licensing.reservation else None
    if found is None and licensing.authorization is not None:
        found = licensing.authorization.licenses
    return found or ()


def slac_need(
    state: RouterState,
    model: Model,
    platform: Platform | None,
    target: Target,
    way: str,
    rules: RuleData,
) -> SlacNeed:
    """Returns whether this router needs a SLAC, tested in the order of the rules.

    Args:
        way: how a SLAC comes in the topology that the router goes to (``TopologyRow.slac``).

    Source: SLAC-1 to SLAC-12, ONPREM-2.
    """
    connected, requests = way == "request", way in ("request", "onprem")
    if holds_hseck9(state, model, rules):
        return _held(model)
    virtual = platform is not None and platform.virtual
    wanted = target.hseck9 in ("add", "add-before", "add-after")
    above = above_flag_limit(state, platform, rules)
    if model is Model.SLP:
        if wanted:
            return _after(requests, "the feature is wanted and not there")
        return SlacNeed("SLAC-9", "none", "nothing new is asked for")
    if not above:
        if wanted and target.hseck9 == "add-before" and model is Model.SLR:
            return SlacNeed("SLRUP-1", "reservation", "HSECK9 joins the reservation first")
        if wanted:
            return _after(requests, "an export-controlled feature is wanted that was not there")
        why = "no more than 250 Mbps and no export-controlled feature"
        return SlacNeed("SLAC-9", "none", why if above is False else "no export-controlled feature")
    if virtual and model is Model.SLR and target.hseck9 == "none":
        return SlacNeed("SLAC-4", "limited", "250 Mbps until a SLAC is installed")
    if virtual and model is Model.SLR:
        return SlacNeed(
            "SLAC-4", "reservation", "more than 250 Mbps by the export flag alone: HSECK9 first"
        )
    if state.controller_mode:
        return SlacNeed("SLAC-7", "file", "controller mode: a SLAC from CSSM by file")
    if way == "onprem" and virtual and model is Model.REGISTERED:
        return SlacNeed("ONPREM-2", "request", "more than 250 Mbps: a SLAC through SSM On-Prem")
    if wanted and target.hseck9 == "add-after":
        return _after(requests, "more than 250 Mbps needs HSECK9, and a SLAC was asked for")
    if connected and model is Model.REGISTERED:
        return _automatic(state, target, virtual)
    return SlacNeed(
        "SLAC-11", "ask", "more than 250 Mbps by the export flag alone, in no known constellation"
    )


def _held(model: Model) -> SlacNeed:
    if model in CSL_MODELS:
        return SlacNeed("SLAC-3", "none", "HSECK9 by PAK is honoured")
    if model in (Model.SLR, Model.PLR):
        return SlacNeed("SLAC-2", "none", "HSECK9 is in the reservation")
    return SlacNeed("SLAC-1", "none", "HSECK9 is authorized already")


def _after(requests: bool, why: str) -> SlacNeed:
    return SlacNeed("SLAC-8", "request" if requests else "file", why)


def _automatic(state: RouterState, target: Target, virtual: bool) -> SlacNeed:
    missing: list[tuple[str, bool]] = []
    line = "platform hardware throughput level" if virtual else "license feature hseck9"
    if state.startup_config is None:
        text = f"the startup configuration was not seen (it must hold `{line}`)"
        missing.append((text, False))
    elif not any(x.strip().startswith(line) for x in state.startup_config):
        missing.append((f"`{line}` is not in the startup configuration", True))
    if target.hseck9_balance is None:
        missing.append(("the HSECK9 balance of the virtual account is not known", False))
    elif target.hseck9_balance < 1:
        missing.append(("the virtual account has no free HSECK9 licence", True))
    rule = "SLAC-5" if virtual else "SLAC-6"
    return SlacNeed(rule, "automatic", "the router asks for its SLAC by itself", tuple(missing))
