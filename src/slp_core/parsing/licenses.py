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
        self.also: list[tuple[str, str, Any, Evidence]] = []

    def take(self, name: str, one: Parsed, path: str, item: Any, table: tuple[Take, ...]) -> None:
        """Adds what ``item`` (at ``path`` of ``one``) says of ``name``."""
        self.items.setdefault(name, {})
        for want in table:
            try:
                value = value_at(item, want.source)
                if want.change is not None and value is not None:
                    value = want.change(value)
            except Missing:
                continue
            self.put(name, want.target, value, one, f"{path}.{want.source}")

    def put(self, name: str, field: str, value: Any, one: Parsed, path: str) -> None:
        """Keeps one field unless there is one already."""
        fields = self.items[name]
        evidence = Evidence(command=one.command, lines=lines_of(one, path))
        if field not in fields:
            fields[field] = value
            self.proof[name, field] = evidence
        elif fields[field] != value:
            self.also.append((name, field, value, evidence))

    def lacks(self, name: str, field: str, evidence: Evidence) -> None:
        """Notes that an output which lists all items does not list this one."""
        self.also.append((name, field, None, evidence))

    def rename(self, old: str, new: str) -> None:
        """Gives an item the name in full, once an output shows it."""
        self.items = {new if name == old else name: item for name, item in self.items.items()}
        self.proof = {
            (new if name == old else name, field): proof
            for (name, field), proof in self.proof.items()
        }
        self.also = [(new if n == old else n, *rest) for n, *rest in self.also]

    def finish(self, key: str) -> None:
        """Puts the list into the state, each field with its evidence."""
        self.state.values[self.target] = tuple(
            {key: name, **fields} for name, fields in self.items.items()
        )
        for (name, field), evidence in self.proof.items():
            self.state.evidence[f"{self.target}[{name}].{field}"] = evidence
        for name, field, value, evidence in self.also:
            kept = self.items[name].get(field)
            self.state.differs(f"{self.target}[{name}].{field}", kept, value, evidence)


def unite_licenses(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Unites the licences in use by entitlement tag (LIC-11), the fullest output first."""
    items = _Items(state, "licensing.licenses")
    listed: dict[str, tuple[Evidence, set[str]]] = {}
    shown = False
    for command, path in (
        ("show license all", "licenses"),
        ("show license usage", "licenses"),
        ("show license summary", "usage.licenses"),
    ):
        if command in parsed and _has(parsed[command], path):
            shown = True
            rows = items_of(parsed[command], path, "tag")
            for where, item in rows:
                _add(items, parsed[command], where, item)
            proof = Evidence(command=command, lines=lines_of(parsed[command], path))
            listed[command] = proof, {item.tag for _, item in rows if item.tag is not None}
    for command in ("show license all", "show license authorization"):
        if command in parsed:
            _regids(items, parsed[command])
    if "show license tech support" in parsed:
        _handled(items, parsed["show license tech support"], alone=not shown)
        shown = shown or bool(items.items)
        _hseck9_tag(state, parsed["show license tech support"])
    for proof, tags in listed.values():
        for name in items.items:
            if tags and not any(same_tag(name, tag) for tag in tags):
                items.lacks(name, "status", proof)
    if shown:
        items.finish("tag")


def _has(one: Parsed, path: str) -> bool:
    try:
        value_at(one.data, path)
    except Missing:
        return False
    return True


def _add(items: _Items, one: Parsed, where: str, item: Any) -> None:
    if item.tag is None:
        return
    known = next((tag for tag in items.items if same_tag(tag, item.tag)), None)
    if known is not None and known.endswith("...") and not item.tag.endswith("..."):
        items.rename(known, item.tag)
        known = item.tag
    items.take(known or item.tag, one, where, item, takes.LICENSE)


def _regids(items: _Items, one: Parsed) -> None:
    if not _has(one, "derived.tags"):
        return
    for regid in value_at(one.data, "derived.tags") or ():
        match = REGID.match(regid)
        if match is not None and match["tag"] in items.items:
            items.put(match["tag"], "regid", regid, one, "derived.tags")


def _handled(items: _Items, one: Parsed, *, alone: bool) -> None:
    """Adds what tech support knows of the licences in use; it names them by their full tag only."""
    for where, item in items_of(one, "licenses", "handle"):
        match = REGID.match(item.regid or "")
        if match is None:
            continue
        name = match["tag"] if match["tag"] in items.items else _by_feature(items, item)
        if name is None and (not alone or not item.count):
            continue
        name = name or match["tag"]
        items.take(name, one, where, item, takes.LICENSE)
        items.put(name, "regid", item.regid, one, f"{where}.regid")


def _by_feature(items: _Items, item: Any) -> str | None:
    """Switches print a description where routers print the tag: feature and text name it too."""
    for name, fields in items.items.items():
        if fields.get("feature_name") and (fields["feature_name"], fields.get("description")) == (
            item.feature_name,
            item.description,
        ):
            return name
    return None


def _hseck9_tag(state: Builder, one: Parsed) -> None:
    """The router names its own HSECK9 tag; it goes before any table (SLAC-13)."""
    for path, tag in items_of(one, "mapping.enforced.tags", "feature"):
        match = REGID.match(tag.regid or "")
        if tag.feature == "hseck9" and match is not None:
            lines = lines_of(one, f"{path}.regid")
            state.put("licensing.hseck9_tag", match["tag"], one.command, lines)


def unite_csl(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Unites classic licences by feature; what is installed goes before its built-in duplicate."""
    items = _Items(state, "licensing.csl_features")
    for command, path in (
        ("show license", "licenses"),
        ("show license detail", "licenses"),
        ("show license summary", "csl"),
        ("show license right-to-use", "csl"),
    ):
        if command in parsed:
            for where, item in items_of(parsed[command], path, "feature"):
                items.take(item.feature, parsed[command], where, item, takes.CSL)
    if "show license all" in parsed:
        _stores(items, parsed["show license all"])
    if "show license right-to-use" in parsed:
        one = parsed["show license right-to-use"]
        for where, row in items_of(one, "licenses", "name"):
            items.take(row.name, one, where, row, takes.RIGHT_TO_USE)
    if "show license feature" in parsed:
        one = parsed["show license feature"]
        for where, item in items_of(one, "features", "feature"):
            items.take(item.feature, one, where, item, takes.CSL)
    if items.items:
        items.finish("feature")


def _stores(items: _Items, one: Parsed) -> None:
    for store_path, store in items_of(one, "stores", ""):
        for where, item in _in_store(store_path, store):
            if "store" in items.items.get(item.feature, {}):
                continue  # built in as well as installed: an inactive duplicate (MODEL-KIND)
            items.take(item.feature, one, where, item, takes.CSL)
            items.put(item.feature, "store", store.name, one, f"{store_path}.name")


def _in_store(path: str, store: Any) -> list[tuple[str, Any]]:
    return [(f"{path}.licenses[{item.feature}]", item) for item in store.licenses or ()]
