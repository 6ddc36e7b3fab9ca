"""Whether the demo ended as it must: judged by the lab's scenario, the report and the routers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nornir_slp.report.model import Report, ReportRouter
from slp_sim.entries import RouterEntry, Scenario


@dataclass(frozen=True)
class Trouble:
    """What the lab gave a router, and by what its failure is known.

    Attributes:
        kinds: kinds of step at which it may show.
        words: what the reported reason must speak of.
        reloads: how often the router reloads before it shows.
    """

    name: str
    kinds: tuple[str, ...]
    words: str
    reloads: int


_FLASH = Trouble("flash fills", ("stage_image", "install_add"), r"space|flash|full|free", 0)
_TOKEN = Trouble("token expired", ("preflight",), r"expired", 0)
_BY_FAULT = {"F05": _FLASH}


def troubles(scenario: Scenario) -> dict[str, Trouble]:
    """Returns the routers that the lab will trouble, by what the scenario says of each.

    Raises:
        ValueError: a fault for which this demo knows no honest criterion.
    """
    expired = {
        token.value
        for account in scenario.accounts
        for virtual in account.virtual_accounts
        for token in virtual.tokens
        if token.expires <= scenario.epoch
    }
    found = {}
    for entry in scenario.routers:
        names = [f.name for f in entry.router.faults]
        unknown = [n for n in names if n not in _BY_FAULT]
        if unknown:
            raise ValueError(f"{entry.name}: the demo cannot judge fault {unknown[0]}")
        if names:
            found[entry.name] = _BY_FAULT[names[0]]
        elif _token_of(entry) in expired:
            found[entry.name] = _TOKEN
    return found


def _token_of(entry: RouterEntry) -> str | None:
    topology = (entry.target or {}).get("topology")
    return topology.get("token") if isinstance(topology, dict) else None


def complaints(
    scenario: Scenario,
    report: Report,
    verification: Mapping[str, Any],
    reloads: Mapping[str, int],
) -> list[str]:
    """Returns what is not as it must be; nothing where the demo succeeded.

    Args:
        verification: what ``slp verify --json`` said after the run.
        reloads: how often each router came up during the run, by the lab's own count.
    """
    troubled = troubles(scenario)
    seen = {r.router: r for r in report.routers}
    proven = {str(r["router"]) for r in verification["routers"] if r["proven"]}
    names = [e.name for e in scenario.routers]
    told = [f"{name} is in no lab" for name in seen if name not in names]
    for name in names:
        if name not in seen:
            told.append(f"{name} is missing from the report")
        elif name in troubled:
            told += _judge_troubled(seen[name], troubled[name], reloads.get(name, 0))
        else:
            told += _judge_sound(seen[name], name in proven, reloads.get(name, 0))
    return told


def _judge_sound(router: ReportRouter, verified: bool, reloads: int) -> list[str]:
    told = []
    if router.state != "proven":
        told.append(f"{router.router} is {router.state}, not proven: {router.reason}")
    elif not router.findings or any(f.verdict == "unmet" for f in router.findings):
        told.append(f"{router.router} counts as proven without every expectation met")
    if router.state == "proven" and not verified:
        told.append(f"{router.router} is proven, yet slp verify says otherwise")
    planned = sum(s.kind in ("install_activate", "reload") for s in router.steps)
    if reloads != planned:
        told.append(f"{router.router} reloaded {reloads} times, {planned} were planned")
    return told


def _judge_troubled(router: ReportRouter, trouble: Trouble, reloads: int) -> list[str]:
    told = []
    if router.state != "failed":
        return [f"{router.router} ({trouble.name}) is {router.state}, and should have failed"]
    failed = [s.kind for s in router.steps if s.state == "failed"]
    if not set(failed) <= set(trouble.kinds) or not failed:
        told.append(f"{router.router} ({trouble.name}) failed at {', '.join(failed) or 'no step'}")
    if not re.search(trouble.words, router.reason, re.IGNORECASE):
        told.append(f"{router.router} ({trouble.name}) is reported for another reason")
    if reloads != trouble.reloads:
        told.append(f"{router.router} ({trouble.name}) reloaded {reloads} times")
    return told
