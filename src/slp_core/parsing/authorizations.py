"""Authorizations and reservations, from whichever output prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slp_core.parsing import takes
from slp_core.parsing.builder import Builder, Missing, Take, items_of, lines_of, value_at
from slp_core.parsing.command import Parsed
from slp_core.state import Evidence

_RESERVATION = (
    Take("status", "status", takes.text),
    Take("installed_on", "status", takes.at),
    Take("confirmation_code", "confirmation_code"),
)


def unite_authorization(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Takes the authorizations from the later of the outputs that print them."""
    found = [
        parsed[command]
        for command in ("show license authorization", "show license all")
        if command in parsed
        and getattr(parsed[command].data, "overall", None) is not None
        and not _is_reservation(parsed[command])
    ]
    if not found:
        return
    one = max(found, key=_authorized_at)
    target = "licensing.authorization"
    members = []
    for path, member in items_of(one, "overall.members", "sn"):
        udi = {"pid": member.pid, "sn": member.sn, "role": member.role}
        name = f"{target}.members[{member.sn}]"
        proof = Evidence(command=one.command, lines=lines_of(one, f"{path}.sn"))
        state.evidence[f"{name}.udi"] = proof
        found_here = _read(one, path, member, takes.MEMBER)
        members.append({"udi": udi, **_proven(state, name, found_here)})
    state.values[f"{target}.members"] = tuple(members)
    licenses = _licenses(state, one, target)
    if licenses:
        state.values[f"{target}.licenses"] = licenses
    state.take(one, (Take(f"{target}.derived_tags", "derived.tags"),))
    for other in found:
        if other is not one:
            _hold_against(state, other, target)


def unite_reservation(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Takes the reservation from its own command, or from ``all`` of a classic release."""
    target = "licensing.reservation"
    own, full = parsed.get("show license reservation"), parsed.get("show license all")
    if own is not None and own.status in ("ok", "cut"):
        one = own
        state.values.pop(f"{target}.enabled", None)  # the command of that name goes first
        state.take(one, (Take(f"{target}.enabled", "enabled"),))
    elif full is not None and _is_reservation(full):
        one = full
    else:
        return
    members = items_of(one, "overall.members", "sn")
    if members:
        path, member = members[0]
        read = _read(one, path, member, _RESERVATION)
        for name, value in _proven(state, target, read).items():
            state.values.setdefault(f"{target}.{name}", value)
    licenses = _licenses(state, one, target)
    if licenses:
        state.values[f"{target}.licenses"] = licenses


def _is_reservation(one: Parsed) -> bool:
    """Tells whether the members are those of a reservation: a classic ``show license all``."""
    return one.data.known("reservation_info.enabled")


def _authorized_at(one: Parsed) -> float:
    """When the newest authorization was installed; outputs without a date are the older ones."""
    newest = 0.0
    for _, member in items_of(one, "overall.members", "sn"):
        if member.status is not None and member.status.at is not None:
            newest = max(newest, member.status.at.timestamp())
    return newest


_Said = dict[str, tuple[Any, Evidence]]
"""What an output says of one item: field, value and the lines that show it."""


def _read(one: Parsed, path: str, item: Any, table: tuple[Take, ...]) -> _Said:
    said: _Said = {}
    for want in table:
        try:
            value = value_at(item, want.source)
            if want.change is not None and value is not None:
                value = want.change(value)
        except Missing:
            continue
        lines = lines_of(one, f"{path}.{want.source}")
        said.setdefault(want.target, (value, Evidence(command=one.command, lines=lines)))
    return said


def _proven(state: Builder, name: str, said: _Said) -> dict[str, Any]:
    """Returns the fields of one item; their evidence goes to the state under ``name``."""
    for field, (_, evidence) in said.items():
        state.evidence[f"{name}.{field}"] = evidence
    return {field: value for field, (value, _) in said.items()}


def _listed(one: Parsed) -> dict[str, _Said]:
    """Returns the licences of an authorization or reservation, by tag."""
    found: dict[str, _Said] = {}
    for section in ("authorizations", "specified", "legacy"):
        for path, item in items_of(one, f"{section}.licenses", "tag"):
            said = _read(one, path, item, takes.AUTHORIZED)
            if item.term is not None and item.term.members:
                said |= _read(one, f"{path}.term.members[0]", item.term.members[0], takes.TERM)
            found[item.tag] = said
    return found


def _licenses(state: Builder, one: Parsed, target: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"tag": tag, **_proven(state, f"{target}.licenses[{tag}]", said)}
        for tag, said in _listed(one).items()
    )


def _hold_against(state: Builder, other: Parsed, target: str) -> None:
    """Notes where another output says something else of the same authorizations."""
    kept = {m["udi"]["sn"]: m for m in state.values[f"{target}.members"]}
    for path, member in items_of(other, "overall.members", "sn"):
        said = _read(other, path, member, takes.MEMBER)
        _differing(state, f"{target}.members[{member.sn}]", kept.get(member.sn, {}), said)
    listed = _listed(other)
    for licence in state.values.get(f"{target}.licenses", ()):
        name, row = f"{target}.licenses[{licence['tag']}]", listed.get(licence["tag"])
        if row is not None:
            _differing(state, name, licence, row)
        elif listed:
            proof = Evidence(command=other.command, lines=lines_of(other, "authorizations"))
            state.differs(f"{name}.count", licence.get("count"), None, proof)


def _differing(state: Builder, name: str, kept: dict[str, Any], said: _Said) -> None:
    for field, (value, evidence) in said.items():
        if field in kept:
            state.differs(f"{name}.{field}", kept[field], value, evidence)
