"""Licences that several outputs show, united by what names them: tag or feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slp_core.parsing import takes
from slp_core.parsing.builder import Builder, Missing, Take, items_of, lines_of, value_at
from slp_core.parsing.command import Parsed
from slp_core.parsing.lines import REGID
from slp_core.state import Evidence, same_tag


class _Items:
    """The items of one list of the state, by name, the first value of each field standing."""

    def __init__(self, state: Builder, target: str) -> None:
        self.state = state
        self.target = target
        self.items: dict[str, dict[str, Any]] = {}
        self.proof: dict[tuple[str, str], Evidence] = {}

    def take(self, name: str, one: Parsed, path: str, item: Any, table: tuple[Take, ...]) -> None:
        """Adds what ``item`` (at ``path`` of ``one``) says of ``name``."""
        fields = self.items.setdefault(name, {})
        for want in table:
            try:
                value = value_at(item, want.source)
                if want.change is not None and value is not None:
                    value = want.change(value)
            except Missing:
                continue
            if want.target not in fields:
                lines = lines_of(one, f"{path}.{want.source}")
                fields[want.target] = value
                self.proof[name, want.target] = Evidence(command=one.command, lines=lines)

    def finish(self, key: str) -> None:
        """Puts the list into the state, each field with its evidence."""
        self.state.values[self.target] = tuple(
            {key: name, **fields} for name, fields in self.items.items()
        )
        for (name, target), evidence in self.proof.items():
            self.state.evidence[f"{self.target}[{name}].{target}"] = evidence


def unite_licenses(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Unites the licences in use by entitlement tag (LIC-11), the fullest output first."""
    items = _Items(state, "licensing.licenses")
    shown = False
    for command, path in (
        ("show license all", "licenses"),
        ("show license tech support", "licenses"),
        ("show license usage", "licenses"),
        ("show license summary", "usage.licenses"),
    ):
        one = parsed.get(command)
        if one is None:
            continue
        try:
            value_at(one.data, path)
        except Missing:
            continue
        shown = True
        for where, item in items_of(one, path, "tag"):
            if item.tag is None:
                continue
            known = next((tag for tag in items.items if same_tag(tag, item.tag)), None)
            if known is not None and known.endswith("...") and not item.tag.endswith("..."):
                _rename(items, known, item.tag)
                known = item.tag
            items.take(known or item.tag, one, where, item, takes.LICENSE)
    if not shown:
        return
    for command in ("show license all", "show license authorization"):
        if command in parsed:
            _regids(items, parsed[command])
    items.finish("tag")


def _rename(items: _Items, old: str, new: str) -> None:
    items.items = {new if tag == old else tag: fields for tag, fields in items.items.items()}
    items.proof = {
        (new if tag == old else tag, name): proof for (tag, name), proof in items.proof.items()
    }


def _regids(items: _Items, one: Parsed) -> None:
    try:
        regids = value_at(one.data, "derived.tags") or ()
    except Missing:
        return
    for regid in regids:
        match = REGID.match(regid)
        if match is not None and match["tag"] in items.items:
            fields = items.items[match["tag"]]
            if "regid" not in fields:
                fields["regid"] = regid
                items.proof[match["tag"], "regid"] = Evidence(
                    command=one.command, lines=lines_of(one, "derived.tags")
                )


def unite_csl(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Unites classic licences by feature; what is installed goes before its built-in duplicate."""
    items = _Items(state, "licensing.csl_features")
    for command, path in (
        ("show license", "licenses"),
        ("show license detail", "licenses"),
        ("show license summary", "csl"),
        ("show license feature", "features"),
    ):
        if command in parsed:
            for where, item in items_of(parsed[command], path, "feature"):
                items.take(item.feature, parsed[command], where, item, takes.CSL)
    if "show license all" in parsed:
        one = parsed["show license all"]
        for store_path, store in items_of(one, "stores", ""):
            for number, item in enumerate(store.licenses or ()):
                where = f"{store_path}.licenses[{item.feature}]"
                del number
                known = items.items.get(item.feature, {})
                if "store" in known:
                    continue
                items.take(item.feature, one, where, item, takes.CSL)
                items.items[item.feature].setdefault("store", store.name)
    if items.items:
        items.finish("feature")


def unite_authorization(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Takes the authorizations from the later of the outputs that print them."""
    found = [
        parsed[command]
        for command in ("show license authorization", "show license all")
        if command in parsed and getattr(parsed[command].data, "overall", None) is not None
    ]
    if not found:
        return
    one = max(found, key=_authorized_at)
    members = []
    for path, member in items_of(one, "overall.members", "sn"):
        udi = {"pid": member.pid, "sn": member.sn, "role": member.role}
        fields = _fields(state, one, path, member, takes.MEMBER, f"members[{member.sn}]")
        members.append({"udi": udi, **fields})
    state.values["licensing.authorization.members"] = tuple(members)
    licenses = _authorized(state, one, "licensing.authorization")
    if licenses:
        state.values["licensing.authorization.licenses"] = licenses
    state.take(one, (Take("licensing.authorization.derived_tags", "derived.tags"),))


def _authorized_at(one: Parsed) -> float:
    dates = [
        member.status.at
        for _, member in items_of(one, "overall.members", "sn")
        if member.status is not None and member.status.at is not None
    ]
    return max((date.timestamp() for date in dates), default=0.0)


def _fields(
    state: Builder,
    one: Parsed,
    path: str,
    item: Any,
    table: tuple[Take, ...],
    name: str,
    target: str = "licensing.authorization",
) -> dict[str, Any]:
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
            lines = lines_of(one, f"{path}.{want.source}")
            state.evidence[f"{target}.{name}.{want.target}"] = Evidence(
                command=one.command, lines=lines
            )
    return fields


def _authorized(state: Builder, one: Parsed, target: str) -> tuple[dict[str, Any], ...]:
    found = []
    for section in ("authorizations", "specified", "legacy"):
        for path, item in items_of(one, f"{section}.licenses", "tag"):
            name = f"licenses[{item.tag}]"
            fields = _fields(state, one, path, item, takes.AUTHORIZED, name, target)
            term = item.term.members[0] if item.term is not None and item.term.members else None
            if term is not None:
                where = f"{path}.term.members[0]"
                fields |= _fields(state, one, where, term, takes.TERM, name, target)
            found.append({"tag": item.tag, **fields})
    return tuple(found)


def unite_reservation(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Takes the reservation from its own command, and from SLP's authorization where it stands."""
    one = parsed.get("show license reservation")
    target = "licensing.reservation"
    if one is None:
        return
    state.values.pop(f"{target}.enabled", None)
    state.take(one, (Take(f"{target}.enabled", "enabled"),))
    members = items_of(one, "overall.members", "sn")
    if members:
        path, member = members[0]
        for name, source, change in (
            ("status", "status", takes.text),
            ("installed_on", "status", takes.at),
            ("confirmation_code", "confirmation_code", None),
        ):
            try:
                value = value_at(member, source)
                if change is not None and value is not None:
                    value = change(value)
            except Missing:
                continue
            state.put(f"{target}.{name}", value, one.command, lines_of(one, f"{path}.{source}"))
    licenses = _authorized(state, one, target)
    if licenses:
        state.values[f"{target}.licenses"] = licenses
