"""What stands against one job: the checks of full plans that bear on it, and its own conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slp_core.planner.notices import concerns_of
from slp_core.planner.registration_steps import registered
from slp_core.planner.situation import Situation
from slp_core.rules import classic
from slp_core.rules.concern import Concern
from slp_core.rules.model import RESERVED_MODELS, Model
from slp_core.rules.rollback import way_back
from slp_core.rules.slac import holds_hseck9
from slp_core.rules.throughput import needs_hseck9, wanted_kbps

_OF_SLP = (
    "topology",
    "trust",
    "slac",
    "slac-request",
    "slac-return",
    "usage-save",
    "usage-import",
    "usage-sync",
)
_BEFORE_SLP = ("slr-request", "call-home", "register", "renew", "deregister", "mode")
_BEARS_ON: dict[str, tuple[str, ...]] = {
    "topology": ("UP-6", "READY-3", "TOPO-"),
    "trust": ("TOKEN-1", "READY-1", "READY-2", "READY-3"),
    "slac": ("SLAC-8", "SLAC-13", "READY-2", "READY-3", "UP-6"),
    "slac-request": ("SLAC-8", "SLAC-13"),
    "slr": ("SLRUP-", "SLAC-13", "READY-4"),
    "usage-sync": ("READY-2", "READY-3", "UP-5"),
    "call-home": (),
    "register": ("TOKEN-1", "B9-9", "B9-12"),
    "renew": ("B9-12",),
    "deregister": (),
    "mode": ("MODEL-CLASSIC", "B9-1", "B9-15", "B9-17"),
}
_NOT_OF_AN_UPGRADE = ("TOKEN-", "READY-1", "READY-2", "READY-3", "SLAC-8", "SLAC-10", "TOPO-")
"""What concerns a later step; it is said when that step is asked for."""


def check_step(s: Situation, job: str, params: Mapping[str, Any]) -> Iterator[Concern]:
    """Yields what stands against a job (``Job``), and what should be known before it."""
    unknown = s.model is Model.UNKNOWN and job not in ("save", "upgrade", "rollback")
    if job == "upgrade":
        yield from _upgrade(s)
    elif unknown:
        yield from (f for f in concerns_of(s) if f.rule.startswith(("MODEL-", "READ-")))
        return
    else:
        bears = _BEARS_ON.get(job, ())
        yield from (f for f in concerns_of(s) if bears and f.rule.startswith(bears))
    if job in _OF_SLP and s.model is not Model.SLP:
        yield Concern(
            "MODEL-SLP",
            "blocker",
            f"the router does not run SLP ({s.model.value})",
            "bring it there first: slp plan, or slp upgrade",
            overridable=False,
        )
    yield from _own(s, job, params)


def _upgrade(s: Situation) -> Iterator[Concern]:
    if s.target.release is None:
        yield Concern(
            "UP-4",
            "blocker",
            "no release is named",
            "give --release or --image",
            overridable=False,
        )
    for found in concerns_of(s):
        if not found.rule.startswith(_NOT_OF_AN_UPGRADE):
            yield found
    if s.slac.need == "reservation":
        yield Concern(
            s.slac.rule,
            "blocker",
            f"{s.slac.why}: this upgrade alone would leave it behind",
            "slp slr first, or slp plan for the whole way",
            overridable=True,
        )
    if s.model is Model.SLP and s.crosses:
        yield Concern(
            "REP-8",
            "warning",
            "the storage of usage reports changes on the way",
            "slp usage sync, or save, first",
        )


def _own(s: Situation, job: str, params: Mapping[str, Any]) -> Iterator[Concern]:
    if job == "trust" and not s.topology.trust:
        yield Concern(
            s.topology.rule,
            "blocker",
            f"a router that reports by {s.topology.kind} asks for no trust code",
            "slp topology --topology direct first, if it shall report to CSSM itself",
            overridable=True,
        )
    if job == "usage-sync" and not s.connected:
        yield Concern(
            s.topology.rule,
            "blocker",
            f"a router that reports by {s.topology.kind} does not push reports",
            "slp usage save, or let the collector fetch them",
            overridable=True,
        )
    if job in ("slr", "slr-return") and s.model not in RESERVED_MODELS:
        yield Concern(
            "SLRUP-3",
            "blocker",
            f"no reservation is installed ({s.model.value})",
            "slp slac brings HSECK9 to a router that runs SLP",
            overridable=False,
        )
    if job == "throughput":
        yield from _throughput(s)
    if job == "rollback":
        yield from _rollback(s, params)
    if job in _BEFORE_SLP:
        yield from _before_slp(s, job, params)


def _rollback(s: Situation, params: Mapping[str, Any]) -> Iterator[Concern]:
    boot = tuple(params.get("boot") or ())
    way = way_back(s.state, release=params.get("release"), boot=boot)
    if way is None:
        yield Concern(
            "UP-4",
            "note",
            f"nothing is left to take back: {s.state.release or 'what runs'} is committed, or "
            "nothing else is known to have booted before",
            "a plan with the old release as its target leads back (slp upgrade --release)",
        )
    elif not way.reloads and way.boot:
        yield Concern(
            "UP-4",
            "warning",
            "no release is in the name of the file that booted before: the router is not reloaded",
            "name it: --release",
        )


def _throughput(s: Situation) -> Iterator[Concern]:
    if s.target.throughput is None:
        return
    if wanted_kbps(s.target.throughput, s.rules) is None:
        yield Concern(
            "THR-4", "warning", f"{s.target.throughput!r} is no figure that could be judged"
        )
    elif needs_hseck9(s.target.throughput, s.rules) and not holds_hseck9(s.state, s.model, s.rules):
        yield Concern(
            "SLAC-12",
            "blocker",
            "more than 250 Mbps needs HSECK9, and it is not authorized",
            "slp slac first",
            overridable=True,
        )


def _smart(s: Situation) -> bool:
    """Tells whether a router before SLP has Smart Licensing at all."""
    if s.model is Model.CLASSIC:
        return classic.mode_of(s.state) is classic.Mode.SMART
    return s.model in (Model.REGISTERED, Model.EVAL, *RESERVED_MODELS)


def _before_slp(s: Situation, job: str, params: Mapping[str, Any]) -> Iterator[Concern]:
    del params
    if s.model is Model.SLP:
        yield Concern(
            "MODEL-SLP",
            "blocker",
            "the router runs SLP: it knows neither registration nor new reservations",
            "slp topology, slp trust, or slp slac",
            overridable=False,
        )
    elif job in ("register", "renew", "deregister") and not _smart(s):
        yield Concern(
            "B9-5",
            "blocker",
            f"Smart Licensing is not enabled ({s.model.value})",
            "slp classic mode smart first",
            overridable=False,
        )
    elif job == "mode" and s.model is not Model.CLASSIC:
        yield Concern(
            "B9-5",
            "blocker",
            "licensing modes are known of the ASR 900 family only",
            "slp upgrade brings SLP",
            overridable=False,
        )
    if job == "register" and s.target.topology.token is None and s.model is not Model.CLASSIC:
        yield Concern(
            "TOKEN-1",
            "blocker",
            "registering needs a token",
            "name it: --token env:NAME",
            overridable=False,
        )
    if job == "renew" and not registered(s):
        yield Concern(
            "B9-6",
            "blocker",
            "the router is not registered",
            "slp classic register",
            overridable=False,
        )
