"""``observe``: what a router shows, in the vocabulary of predictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slp_core.release import Release
from slp_core.rules.classic import ClassicMode, modes_of
from slp_core.rules.data import builtin_rules
from slp_core.rules.model import Model, detect, smart_or_traditional
from slp_core.rules.next_boot import (
    boot_entries,
    file_name,
    first_that_boots,
    next_registers,
    register_outcome,
)
from slp_core.rules.reporting import deadline_follows_policy
from slp_core.rules.schema import RuleData
from slp_core.state import Evidence, Frozen, Licensing, RouterState

CONFIG_OF_INTEREST = re.compile(
    r"^\s*(license |platform hardware throughput |ip name-server |ip domain[ -]|hostname |"
    r"boot system |"
    r"crypto pki trustpoint SLA-TrustPoint|interface |ip route |router |"
    r"netconf-yang|restconf|ip http (secure-)?server|ip http authentication |"
    r"ip http client (source-interface|secure-trustpoint) )"
)
"""Configuration lines whose loss the verifier reports (F41). None of them holds a secret."""

_LICENSE_FIELDS = (
    "status",
    "count",
    "export_status",
    "enforcement",
    "feature_name",
    "license_type",
    "reservation_status",
    "reserved_count",
)
_TELLING = {"slp", "registration", "show_version_status", "authorization_status", "csl_features"}
_RESERVED_FIELDS = ("count", "enforcement", "authorization_type", "license_type", "term_count")
_TERMS = ("perpetual", "subscription", "enforced", "export")


@dataclass(frozen=True)
class Observed:
    """One value that a router shows, as JSON, and the lines that show it.

    Attributes:
        others: what other outputs say instead; empty where they agree.
    """

    value: Any
    evidence: Evidence | None = None
    others: tuple[Observed, ...] = ()


NEXT_PUSH: Final = "reporting.next_report_push"
"""When the router reports next (REP-12): it is told, and nothing is predicted of it."""

# Vocabulary path and the dotted path of RouterState that it comes from.
FIELDS: tuple[tuple[str, str], ...] = (
    ("hostname", "hostname"),
    ("release", "release"),
    ("udi.pid", "udi.pid"),
    ("udi.sn", "udi.sn"),
    ("controller_mode", "controller_mode"),
    ("boot.mode", "boot.mode"),
    ("throughput.level", "throughput.level"),
    ("throughput.crypto", "throughput.crypto"),
    ("throughput.crypto_configured", "throughput.crypto_configured"),
    ("cerm.functionality", "cerm.functionality"),
    ("cerm.tunnels_max", "cerm.tunnels_max"),
    ("cerm.tls_sessions_max", "cerm.tls_sessions_max"),
    ("transport.kind", "licensing.transport.kind"),
    ("transport.url", "licensing.transport.url"),
    ("transport.cslu_address", "licensing.transport.cslu_address"),
    ("transport.proxy", "licensing.transport.proxy"),
    ("transport.vrf", "licensing.transport.vrf"),
    ("registration.status", "licensing.registration.status"),
    ("authorization_status", "licensing.authorization_status"),
    ("license_level", "licensing.license_level"),
    ("license_type", "licensing.license_type"),
    ("reservation.enabled", "licensing.reservation.enabled"),
    ("policy.in_use", "licensing.policy.in_use"),
    ("policy.name", "licensing.policy.name"),
    ("policy.ack_required", "licensing.policy.ack_required"),
    *(
        (f"policy.{kind}.{term}", f"licensing.policy.{kind}.{term}")
        for kind in _TERMS
        for term in ("first_report", "frequency", "on_change")
    ),
    ("reporting.last_ack", "licensing.reporting.last_ack"),
    ("reporting.next_ack_deadline", "licensing.reporting.next_ack_deadline"),
    (NEXT_PUSH, "licensing.reporting.next_report_push"),
    ("reporting.push_interval_days", "licensing.reporting.push_interval_days"),
    ("reporting.last_report_push", "licensing.reporting.last_report_push"),
    ("dlc.process", "licensing.dlc.process_status"),
    ("dlc.conversion", "licensing.dlc.conversion_status"),
    ("dlc.features", "licensing.dlc.features"),
    ("conversion.status", "licensing.conversion_status"),
    ("pak_snapshot", "licensing.pak_snapshot"),
)


def observe(state: RouterState, rules: RuleData | None = None) -> dict[str, Observed]:
    """Returns everything that ``state`` shows, by dotted path.

    A path that is missing was not printed; a path with the value ``None`` was printed as
    ``<none>``. Display names, descriptions, the agent's own timetable (next check)
    and volatile figures (uptime, free space) are not part of the vocabulary: LIC-11 says that
    names change, and nothing can be predicted of the rest.
    """
    data = rules or builtin_rules()
    found: dict[str, Observed] = {}
    for path, source in FIELDS:
        if state.known(source):
            found[path] = _observed(state, source, _get(state, source))
    found |= dict(_model(state, data))
    found |= dict(_trust(state))
    follows = deadline_follows_policy(state)
    if follows is not None:
        proof = _evidence(state, "licensing.reporting.next_ack_deadline")
        found["reporting.deadline_by_policy"] = Observed(follows, proof)
    found |= dict(_licenses(state))
    found |= dict(_authorization(state))
    found |= dict(_install(state))
    found |= dict(_standby(state))
    found |= dict(_next_boot(state))
    if state.config is not None:
        lines = config_of_interest(state.config)
        found["config"] = Observed(lines, _evidence(state, "config"))
    return found


def observe_part(state: RouterState) -> dict[str, Any]:
    """Returns the values that a look of a few commands shows, without what only many tell.

    The model is what several outputs agree on, except where SLP itself is printed; which file
    boots hangs on the listing of flash.
    """
    shown = {path: seen.value for path, seen in observe(state).items()}
    if shown.get("model") != Model.SLP:
        shown.pop("model", None)
        shown.pop("classic.mode", None)
    if state.storage is None:
        shown.pop("next_boot.image", None)
    return shown


def _observed(state: RouterState, source: str, value: Any) -> Observed:
    others = (Observed(x.value, x.evidence) for x in state.also.get(source, ()))
    return Observed(_plain(value), _evidence(state, source), tuple(others))


def config_of_interest(config: Iterable[str]) -> list[str]:
    """Returns the configuration lines that licensing and reachability rest on, in order."""
    return [line.rstrip() for line in config if CONFIG_OF_INTEREST.match(line)]


def _model(state: RouterState, rules: RuleData) -> Iterator[tuple[str, Observed]]:
    """Yields the model; nothing where no output that could tell it was seen."""
    model = detect(state, rules)
    licensing = state.licensing
    if model is Model.UNKNOWN and (
        licensing is None or not (_TELLING & licensing.model_fields_set)
    ):
        return
    if model is Model.CLASSIC:
        yield "model", Observed(model.value, _evidence(state, "licensing.slp"))
        yield from _mode(state)
        if state.ports is not None:
            yield "ports.shut", Observed(sorted(state.ports.shut), _evidence(state, "ports"))
        return
    others = tuple(_no_slp(state)) if model is Model.SLP else ()
    yield "model", Observed(model.value, _evidence(state, "licensing.slp"), others)


def _no_slp(state: RouterState) -> Iterator[Observed]:
    """Yields outputs that deny the SLP which another one shows."""
    for other in state.also.get("licensing.slp", ()):
        yield Observed(f"SLP {other.value}", other.evidence)
    told = state.licensing.show_version_status if state.licensing else None
    if told:
        alone = RouterState(name=state.name, licensing=Licensing(show_version_status=told))
        version = smart_or_traditional(alone)
        if version not in (Model.SLP, Model.UNKNOWN):
            yield Observed(version.value, _evidence(state, "licensing.show_version_status"))


def _mode(state: RouterState) -> Iterator[tuple[str, Observed]]:
    told = [Observed(m.value, _evidence(state, x)) for x, m in modes_of(state).items()]
    first = told[0] if told else Observed(ClassicMode.UNKNOWN.value)
    others = tuple(x for x in told if x.value != first.value)
    yield "classic.mode", Observed(first.value, first.evidence, others)


def _trust(state: RouterState) -> Iterator[tuple[str, Observed]]:
    if not state.known("licensing.trust.installed_on"):
        return
    source = "licensing.trust.installed_on"
    seen = _observed(state, source, _get(state, source))
    others = (Observed(x.value is not None, x.evidence) for x in seen.others)
    yield "trust.installed", Observed(seen.value is not None, seen.evidence, tuple(others))


def _licenses(state: RouterState) -> Iterator[tuple[str, Observed]]:
    licensing = state.licensing
    if licensing is None:
        return
    for licence in licensing.licenses or ():
        head = f"licenses[{licence.tag}]"
        first = _evidence(state, f"licensing.{head}.status")
        yield f"{head}.tag", Observed(licence.tag.removesuffix("..."), first)
        yield from _fields(state, licence, head, f"licensing.{head}", _LICENSE_FIELDS)
    if licensing.csl_features is not None and licensing.licenses is None:
        for feature in licensing.csl_features:
            head = f"csl[{feature.feature}]"
            yield from _fields(
                state,
                feature,
                head,
                f"licensing.csl_features[{feature.feature}]",
                ("license_type", "license_state", "enabled", "right_to_use"),
            )


def _authorization(state: RouterState) -> Iterator[tuple[str, Observed]]:
    licensing = state.licensing
    authorization = licensing.authorization if licensing else None
    if authorization is None:
        yield from _reservation(state)
        return
    for index, member in enumerate(authorization.members or ()):
        head = "authorization" if index == 0 else f"authorization[{member.udi.sn}]"
        source = f"licensing.authorization.members[{member.udi.sn}]"
        names = ("status", "installed_on", "confirmation_code", "legacy_status")
        udi = Observed(f"{member.udi.pid},{member.udi.sn}", _evidence(state, f"{source}.udi"))
        yield f"{head}.udi", udi
        yield from _fields(state, member, head, source, names)
    for licence in authorization.licenses or ():
        head = f"authorization.licenses[{licence.tag}]"
        yield from _fields(state, licence, head, f"licensing.{head}", _RESERVED_FIELDS)
    if authorization.derived_tags is not None:
        source = "licensing.authorization.derived_tags"
        yield (
            "authorization.derived_tags",
            _observed(state, source, authorization.derived_tags),
        )


def _reservation(state: RouterState) -> Iterator[tuple[str, Observed]]:
    """A reservation stands for the authorization until the router shows one (LIC-8)."""
    reservation = state.licensing.reservation if state.licensing else None
    if reservation is None:
        return
    names = ("status", "installed_on", "confirmation_code")
    yield from _fields(state, reservation, "authorization", "licensing.reservation", names)
    for licence in reservation.licenses or ():
        head = f"authorization.licenses[{licence.tag}]"
        source = f"licensing.reservation.licenses[{licence.tag}]"
        yield from _fields(state, licence, head, source, ("count", "license_type", "term_count"))


def _install(state: RouterState) -> Iterator[tuple[str, Observed]]:
    packages = state.install.packages if state.install else None
    if packages is None:
        return
    waiting = sorted(p.version for p in packages if p.state == "U")
    yield "install.uncommitted", Observed(waiting, _evidence(state, "install.packages"))


def _standby(state: RouterState) -> Iterator[tuple[str, Observed]]:
    """The second processor of a router that has one, or is configured to have one (F11)."""
    pair = state.redundancy
    if pair is None or not pair.peer_state:
        return
    if (pair.processors or 1) > 1 or (pair.configured_mode or "").lower() == "sso":
        proof = _evidence(state, "redundancy.peer_state")
        yield "redundancy.standby", Observed(pair.peer_state.strip(), proof)


def _next_boot(state: RouterState) -> Iterator[tuple[str, Observed]]:
    """Yields what the next reload does, as far as it was seen (UP-3)."""
    boot = state.boot
    if boot is not None:
        for one in next_registers(boot):
            outcome = register_outcome(one.value)
            yield one.path, Observed(outcome, _evidence(state, f"boot.{one.source}"))
        if boot.standby_variables is not None:
            first = next(iter(boot.standby_variables), None)
            name = file_name(first) if first else None
            proof = _evidence(state, "boot.standby_variables")
            yield "next_boot.standby_image", Observed(name, proof)
    if state.known("boot.variables"):
        assert boot is not None
        image = first_that_boots(boot.variables or (), state)
        yield "next_boot.image", Observed(image, _evidence(state, "boot.variables"))
    elif state.startup_config is not None:
        image = first_that_boots(boot_entries(state.startup_config), state)
        yield "next_boot.image", Observed(image, _evidence(state, "startup_config"))
    if state.config is not None and state.startup_config is not None:
        unsaved = _unsaved(state.config, state.startup_config)
        yield "next_boot.unsaved", Observed(unsaved, _evidence(state, "startup_config"))
    licensing = state.licensing
    if licensing is not None and licensing.next_license_level:
        proof = _evidence(state, "licensing.next_license_level")
        yield "next_boot.license_level", Observed(licensing.next_license_level, proof)


def _unsaved(running: Iterable[str], startup: Iterable[str]) -> list[str]:
    """Returns the lines in which the running and the saved configuration differ."""
    now, saved = set(config_of_interest(running)), set(config_of_interest(startup))
    return [
        *(f"not saved: {line.strip()}" for line in sorted(now - saved)),
        *(f"saved only: {line.strip()}" for line in sorted(saved - now)),
    ]


def _fields(
    state: RouterState, part: Frozen, head: str, source: str, names: Iterable[str]
) -> Iterator[tuple[str, Observed]]:
    for name in names:
        if name in part.model_fields_set:
            yield f"{head}.{name}", _observed(state, f"{source}.{name}", getattr(part, name))


def _get(state: RouterState, path: str) -> Any:
    value: Any = state
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _evidence(state: RouterState, path: str) -> Evidence | None:
    """Returns the evidence of a path, else that of the nearest thing that it is part of."""
    while path:
        if path in state.evidence:
            return state.evidence[path]
        path = path.rpartition(".")[0]
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, Release):
        return value.short
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return sorted(_plain(v) for v in value)
    return value
