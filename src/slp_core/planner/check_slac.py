"""Checks of what is export-controlled: the SLAC, its line, its licence, and the throughput."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.slac import BROUGHT, above_without_hseck9, flag_ruled_out, holds_hseck9
from slp_core.rules.throughput import above_flag_limit, wanted_kbps

_LEVEL = "show platform hardware throughput level"
_CERM = "show platform software cerm-information"


def check_slac(s: Situation) -> Iterator[Concern]:
    """Yields what the SLAC rules have against this plan."""
    need = s.slac
    if s.migrates:
        yield from _seen(s)
    if s.throttled and need.need in BROUGHT:
        yield Concern(
            "SLAC-0",
            "warning",
            "from the upgrade until the SLAC is in, nothing above 250 Mbps is authorised",
            "the value that was configured last returns by itself; choose the window accordingly",
        )
    if need.need == "ask":
        yield Concern(
            need.rule, "blocker", need.why, "say how HSECK9 shall come: hseck9: add-after"
        )
    if s.target.hseck9 == "none" and holds_hseck9(s.state, s.model, s.rules):
        yield Concern(
            need.rule,
            "warning",
            "hseck9: none, but the router holds HSECK9: nothing takes it away",
            "`slp slac --return online` returns it, once the router runs SLP",
        )
    if need.need == "reservation":
        yield from _balance(s, "SLRUP-1", blocks=True)
    if need.need == "limited":
        yield Concern(
            "SLAC-4",
            "blocker",
            "without HSECK9 in its reservation the router falls to 250 Mbps",
            "leave hseck9: none out of the target, and the reservation is updated first; or "
            "hseck9: add-after, and a SLAC follows",
        )
    if need.need == "automatic":
        for text, severe in need.missing:
            yield Concern(
                need.rule,
                "blocker" if severe else "warning",
                text,
                "the router asks for its SLAC only when everything is there; `slac_line: write` "
                "in the target has a missing line entered and saved before the upgrade",
            )
    if need.need in ("request", "file"):
        yield from _balance(s, "SLAC-8", blocks=False)
    if need.need == "request" and s.target.topology.token is not None and s.topology.trust:
        yield Concern(
            "TOKEN-2",
            "note",
            "the token must allow export-controlled functionality",
            "tick it when the token is made in CSSM",
        )


def check_throughput(s: Situation) -> Iterator[Concern]:
    """Yields what stands against a throughput that the target names (UP-7, SLAC-12)."""
    named = s.target.throughput
    if named is not None and wanted_kbps(named, s.rules) is None:
        yield Concern(
            "UP-7",
            "blocker",
            f"{named} is no throughput that is known: a figure with its unit, a tier, unthrottled",
            f"write it as 250M, 1G or one of {', '.join(s.rules.tiers)}",
            overridable=True,
        )
    held = holds_hseck9(s.state, s.model, s.rules)
    concern = above_without_hseck9(s.target.throughput, s.slac, held, s.rules)
    if concern is not None:
        yield concern


def _seen(s: Situation) -> Iterator[Concern]:
    """Yields that export control could not be judged, or that outputs contradict each other."""
    virtual = s.platform is not None and s.platform.virtual
    if s.slac.need == "unseen" or (s.by_flag is None and s.slac.need in BROUGHT):
        what = "its throughput level" if virtual else "neither CERM nor a crypto throughput"
        yield Concern(
            "SLAC-9",
            "warning",
            f"whether it runs more than 250 Mbps is not known: {what} was "
            f"{'not ' if virtual else ''}seen",
            f"collect `{_LEVEL if virtual else _CERM}`, and plan again",
        )
    ruled_out = flag_ruled_out(s.state, s.model) and above_flag_limit(s.state, s.platform, s.rules)
    if ruled_out and not holds_hseck9(s.state, s.model, s.rules):
        yield Concern(
            "SLAC-9",
            "warning",
            f"outputs contradict each other: {_flag_line(s)}, but {_above_line(s, virtual)}",
            "the flag counts as off, so no SLAC is planned; collect both outputs again",
        )


def _flag_line(s: Situation) -> str:
    return _where(
        s,
        "licensing.registration.export_controlled",
        "Export-Controlled Functionality: NOT ALLOWED",
    )


def _above_line(s: Situation, virtual: bool) -> str:
    cerm, throughput = s.state.cerm, s.state.throughput
    if not virtual and cerm is not None and cerm.functionality:
        return _where(s, "cerm.functionality", f"CERM functionality: {cerm.functionality}")
    name = "level" if virtual else "crypto"
    level = getattr(throughput, name) if throughput else None
    return _where(s, f"throughput.{name}", f"the current throughput {name} is {level}")


def _where(s: Situation, path: str, said: str) -> str:
    proof = s.state.evidence.get(path)
    if proof is None:
        return f"`{said}`"
    lines = ", ".join(map(str, proof.lines))
    return f"`{said}` ({proof.command}, line {lines})"


def _balance(s: Situation, rule: str, *, blocks: bool) -> Iterator[Concern]:
    balance = s.target.hseck9_balance
    remedy = "slp plan --balances cssm reads it; or look in CSSM and give hseck9_balance: N"
    if balance is None:
        yield Concern(rule, "warning", "it is not known whether an HSECK9 licence is free", remedy)
    elif balance < 1:
        yield Concern(
            rule,
            "blocker" if blocks else "warning",
            "no HSECK9 licence is free",
            "buy one or move one into the virtual account",
        )
