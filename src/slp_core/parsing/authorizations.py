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
        members.append({"udi": udi, **_fields(state, one, path, member, takes.MEMBER, name)})
    state.values[f"{target}.members"] = tuple(members)
    licenses = _licenses(state, one, target)
    if licenses:
        state.values[f"{target}.licenses"] = licenses
    state.take(one, (Take(f"{target}.derived_tags", "derived.tags"),))


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
        for name, value in _fields(state, one, path, member, _RESERVATION, target).items():
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


def _fields(
    state: Builder, one: Parsed, path: str, item: Any, table: tuple[Take, ...], name: str
) -> dict[str, Any]:
    """Returns the fields of one item; their evidence goes to the state under ``name``."""
    fields: dict[str, Any] = {}
    for want in table:
        try:
            value = value_at(item, want.source)
            if want.change is not None and value is not None:
                value = want.change(value)
        except Missing:
            continue
        if want.target not in fields:
            fields[want.target] = value
            state.evidence[f"{name}.{want.target}"] = Evidence(
                command=one.command, lines=lines_of(one, f"{path}.{want.source}")
            )
    return fields


def _licenses(state: Builder, one: Parsed, target: str) -> tuple[dict[str, Any], ...]:
    found = []
    for section in ("authorizations", "specified", "legacy"):
        for path, item in items_of(one, f"{section}.licenses", "tag"):
            name = f"{target}.licenses[{item.tag}]"
            fields = _fields(state, one, path, item, takes.AUTHORIZED, name)
            if item.term is not None and item.term.members:
                term, where = item.term.members[0], f"{path}.term.members[0]"
                fields |= _fields(state, one, where, term, takes.TERM, name)
            found.append({"tag": item.tag, **fields})
    return tuple(found)
