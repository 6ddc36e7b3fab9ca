"""Whether a SLAC is needed, and how it comes (SLAC, SLRUP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from slp_core.platforms import Platform
from slp_core.rules.classic import same_words
from slp_core.rules.concern import Concern
from slp_core.rules.model import CSL_MODELS, Kind, Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.rules.throughput import (
    LEVEL_LINE,
    above_flag_limit,
    configured_level,
    kbps,
    needs_hseck9,
)
from slp_core.state import Level, License, ReservedLicense, RouterState, same_tag
from slp_core.targets import Target

UNAUTHORIZED: Final = ("NOT AUTHORIZED", "NOT IN USE", "OUT OF COMPLIANCE", "OOC")
"""States of a licence that holds no authorization, in one spelling (B9-12)."""

Need = Literal["none", "unseen", "reservation", "limited", "automatic", "request", "file", "ask"]
BROUGHT: Final[frozenset[Need]] = frozenset({"automatic", "request", "file"})
"""What brings a SLAC only after the upgrade (SLAC-0)."""
_OF_AN_ACCOUNT: Final = frozenset({Model.REGISTERED, Model.SLR, Model.PLR})
HSECK9_LINE: Final = "license feature hseck9"


@dataclass(frozen=True)
class SlacNeed:
    """Whether and how an authorization code for HSECK9 comes.

    Attributes:
        need: ``reservation``: update the reservation before the upgrade (SLRUP); ``limited``: the
            operator does not want that, and the router falls to 250 Mbps; ``automatic``:
            the router asks by itself; ``request`` or ``file``: after the upgrade; ``ask``: no
            rule tells, an operator must; ``unseen``: nothing shows whether one is needed.
        missing: what an automatic SLAC lacks, in words, and whether that is certain.
        writes: the plan enters and saves what the startup configuration lacks for it.
    """

    rule: str
    need: Need
    why: str
    missing: tuple[tuple[str, bool], ...] = ()
    writes: bool = False


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
        if same_words(x.status) not in UNAUTHORIZED
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


def by_flag_alone(
    state: RouterState, model: Model, platform: Platform | None, rules: RuleData
) -> bool | None:
    """Tells whether more than 250 Mbps hang on the export-control flag; unseen is ``None``.

    The flag is an account's: a router that is in none and shows its forwarding level has nothing
    by it, unless its export restrictions or its crypto throughput say so. A registered router
    whose account does not allow export-controlled functionality never had more by the flag,
    whatever else it shows.

    Source: the introduction of SLAC (A46).
    """
    if holds_hseck9(state, model, rules):
        return False
    above = above_flag_limit(state, platform, rules)
    if above is None and model not in _OF_AN_ACCOUNT and state.known("throughput.level"):
        return False
    return False if above and flag_ruled_out(state, model) else above


def flag_ruled_out(state: RouterState, model: Model) -> bool:
    """Tells whether a registered router shows that its account has no export-control flag."""
    registration = state.licensing.registration if state.licensing else None
    word = (registration.export_controlled or "").upper() if registration else ""
    return model is Model.REGISTERED and word == "NOT ALLOWED"


def on_cssm(state: RouterState, model: Model) -> bool | None:
    """Tells whether the router itself reaches CSSM today; ``None``: its address was not seen.

    Its present transport and registration decide: at the upgrade it asks on that way (A57, A58).
    """
    transport = state.licensing.transport if state.licensing else None
    kind = transport.kind if transport else "callhome"
    if model is not Model.REGISTERED or kind in ("cslu", "off"):
        return False
    named = [transport.url] if transport and transport.url else []
    if not named and kind == "callhome":
        named = _call_home_addresses(state)
    answers = {_is_cisco(url) for url in named}
    return answers.pop() if len(answers) == 1 else None


def _is_cisco(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == "cisco.com" or host.endswith(".cisco.com")


def _call_home_addresses(state: RouterState) -> list[str]:
    """Returns where the configured call-home profiles send to."""
    words = [line.split() for line in state.config or ()]
    return [w[3] for w in words if w[:3] == ["destination", "address", "http"] and len(w) > 3]


def above_without_hseck9(
    level: Level | None, need: SlacNeed, held: bool, rules: RuleData
) -> Concern | None:
    """Returns what stands against a throughput that HSECK9 must allow; none where it will.

    Source: SLAC-12, UP-7.
    """
    if held or not needs_hseck9(level, rules):
        return None
    if need.need == "reservation" or need.need in BROUGHT:
        return None
    return Concern(
        "SLAC-12",
        "blocker",
        f"a throughput of {level} is more than 250 Mbps: it needs HSECK9, and it is not authorized",
        "slp slac first, or hseck9: add-after in the target",
        overridable=True,
    )


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
    requests = way in ("request", "onprem")
    if holds_hseck9(state, model, rules):
        return _held(model)
    wanted = target.hseck9 in ("add", "add-before", "add-after")
    if model is Model.SLP:
        if wanted:
            return _after(requests, "the feature is wanted and not there")
        return SlacNeed("SLAC-9", "none", "nothing new is asked for")
    above = by_flag_alone(state, model, platform, rules)
    if above:
        return _by_flag(state, model, platform, target, way, rules)
    if wanted and target.hseck9 == "add-before" and model is Model.SLR:
        return SlacNeed("SLRUP-1", "reservation", "HSECK9 joins the reservation first")
    if wanted:
        return _after(requests, "an export-controlled feature is wanted that was not there")
    if above is None:
        return SlacNeed("SLAC-9", "unseen", "nothing shows whether more than 250 Mbps run")
    return SlacNeed("SLAC-9", "none", "no more than 250 Mbps and no export-controlled feature")


def _by_flag(
    state: RouterState,
    model: Model,
    platform: Platform | None,
    target: Target,
    way: str,
    rules: RuleData,
) -> SlacNeed:
    """Returns how a router that had more than 250 Mbps by the flag alone comes to its SLAC."""
    requests = way in ("request", "onprem")
    virtual = platform is not None and platform.virtual
    if virtual and model is Model.SLR:
        return _reserved(target, requests)
    if state.controller_mode:
        return SlacNeed("SLAC-7", "file", "controller mode: a SLAC from CSSM by file")
    cssm = on_cssm(state, model)
    if way == "onprem" and virtual and model is Model.REGISTERED and not cssm:
        return SlacNeed("ONPREM-2", "request", "more than 250 Mbps: a SLAC through SSM On-Prem")
    if target.hseck9 == "add-after":
        return _after(requests, "more than 250 Mbps needs HSECK9, and a SLAC was asked for")
    series = platform.row.series if platform is not None else ""
    asks = model is Model.REGISTERED and cssm is not False
    if asks and (virtual or series in rules.hseck9_line):
        return _automatic(state, target, rules, virtual=virtual)
    return SlacNeed(
        "SLAC-11", "ask", "more than 250 Mbps by the export flag alone, in no known constellation"
    )


def _reserved(target: Target, requests: bool) -> SlacNeed:
    """SLAC-4: the reservation is updated before, or a SLAC comes after, as is chosen."""
    if target.hseck9 == "none":
        return SlacNeed("SLAC-4", "limited", "250 Mbps until a SLAC is installed")
    if target.hseck9 == "add-after":
        why = "more than 250 Mbps by the export flag alone: 250 Mbps until the SLAC is in"
        return SlacNeed("SLAC-4", "request" if requests else "file", why)
    why = "more than 250 Mbps by the export flag alone: HSECK9 first"
    return SlacNeed("SLAC-4", "reservation", why)


def _held(model: Model) -> SlacNeed:
    if model in CSL_MODELS:
        return SlacNeed("SLAC-3", "none", "HSECK9 by PAK is honoured")
    if model in (Model.SLR, Model.PLR):
        return SlacNeed("SLAC-2", "none", "HSECK9 is in the reservation")
    return SlacNeed("SLAC-1", "none", "HSECK9 is authorized already")


def _after(requests: bool, why: str) -> SlacNeed:
    return SlacNeed("SLAC-8", "request" if requests else "file", why)


def _automatic(state: RouterState, target: Target, rules: RuleData, *, virtual: bool) -> SlacNeed:
    missing: list[tuple[str, bool]] = []
    lacks = _lacks_line(state, rules, virtual=virtual)
    writes = lacks is not None and target.slac_line == "write" and typed_line(state, virtual) != ""
    if lacks is not None and not writes:
        missing.append(lacks)
    if target.hseck9_balance is None:
        missing.append(("the HSECK9 balance of the virtual account is not known", False))
    elif target.hseck9_balance < 1:
        missing.append(("the virtual account has no free HSECK9 licence", True))
    rule = "SLAC-5" if virtual else "SLAC-6"
    why = "the router asks for its SLAC by itself"
    return SlacNeed(rule, "automatic", why, tuple(missing), writes)


def _lacks_line(state: RouterState, rules: RuleData, *, virtual: bool) -> tuple[str, bool] | None:
    """Returns what the startup configuration lacks for an automatic SLAC, and how sure that is.

    Source: A57 (the throughput of more than 250 Mbps itself), A58 (the feature's line).
    """
    line = LEVEL_LINE.strip() if virtual else HSECK9_LINE
    startup = state.startup_config
    if startup is None:
        return f"the startup configuration was not seen (it must hold `{line}`)", False
    if not virtual:
        stands = any(x.strip() == HSECK9_LINE for x in startup)
        return None if stands else (f"`{line}` is not in the startup configuration", True)
    level = configured_level(startup)
    figure = kbps(level)
    if level is None:
        return f"`{line}` is not in the startup configuration", True
    if figure is None:
        return f"`{line} {level}` of the startup configuration is no figure", False
    if figure <= rules.flag_limit_kbps:
        return f"`{line} {level}` in the startup configuration is not more than 250 Mbps", True
    return None


def typed_line(state: RouterState, virtual: bool) -> str:
    """Returns what is entered for an automatic SLAC; nothing where no figure of it was seen."""
    if not virtual:
        return HSECK9_LINE
    level = kbps(state.throughput.level if state.throughput else None)
    if level is None or level == float("inf"):
        return ""
    return f"{LEVEL_LINE}MB {level / 1000:.0f}"
