"""Every fact of every sidecar stands in what its parser says, or is an argued correction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from captures import facts as held
from captures.corrections import CORRECTIONS
from slp_core.parsing import Parsed, parse

DATA = Path(__file__).parent / "data"
SIDECARS = sorted(path for path in DATA.glob("*/*/*.json"))
TEXTS = sorted(path for path in DATA.glob("*/*/*.txt"))


def named(path: Path) -> str:
    return str(path.relative_to(DATA)).split(".")[0]


def sidecar_of(text: Path) -> dict[str, Any]:
    name = text.name.removesuffix(".txt").removesuffix(".device")
    loaded = json.loads((text.parent / f"{name}.json").read_text())
    assert isinstance(loaded, dict)
    return loaded


def corrected(text: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Returns the facts with the argued corrections, each of which must still be needed."""
    for correction in CORRECTIONS:
        if correction.file != named(text):
            continue
        *path, last = correction.fact.split(".")
        place: Any = facts
        for step in path:
            place = place[int(step)] if isinstance(place, list) else place[step]
        assert place[last] == correction.sidecar, "the sidecar no longer says so: drop this entry"
        place[last] = correction.text
    return facts


def differences(table: dict[str, tuple[str, held.Check]], facts: dict[str, Any], data: Any) -> list:
    """Returns fact, wanted and found wherever the parser says something else."""
    wrong = []
    for fact, value in facts.items():
        path, check = table[fact]
        wanted, found = check(value), held.value_at(data, path)
        if wanted != found:
            wrong.append((fact, wanted, found))
    return wrong


def rows(items: Any, table: dict[str, tuple[str, held.Check]], data: tuple[Any, ...]) -> list:
    wrong: list = [] if len(items) == len(data) else [("rows", len(items), len(data))]
    for item, row in zip(items, data, strict=False):
        wrong += [
            (item.get("tag") or item.get("feature"), *w) for w in differences(table, item, row)
        ]
    return wrong


def lists(parsed: Parsed, facts: dict[str, Any]) -> list:
    """Holds the facts that are lists against the parser's; takes them out of ``facts``."""
    data: Any = parsed.data
    wrong: list = []
    if "licenses" in facts:
        found = data.usage.licenses if "summary" in parsed.command else data.licenses
        wrong += rows(facts.pop("licenses"), held.LICENSE, found)
    if "authorizations" in facts:
        section = data.authorizations or data.specified
        wrong += rows(facts.pop("authorizations"), held.AUTHORIZED, section.licenses)
    if "authorization_overall" in facts:
        wrong += rows(facts.pop("authorization_overall"), held.MEMBER, data.overall.members)
    if "features" in facts:
        found = data.licenses if parsed.command == "show license" else data.features
        wrong += rows(facts.pop("features"), held.FEATURE, found)
    if "store_entries" in facts:
        entries = facts.pop("store_entries")
        stores = [(store.name, row) for store in data.stores for row in store.licenses]
        names = [entry.pop("store") for entry in entries]
        wrong += [] if names == [name for name, _ in stores] else [("stores", names, stores)]
        wrong += rows(entries, held.FEATURE, tuple(row for _, row in stores))
    if "files" in facts:
        assert facts.pop("n_files") == len(data.files)
        wrong += rows(facts.pop("files"), held.FILE, data.files)
    return wrong


def singles(parsed: Parsed, facts: dict[str, Any]) -> list:
    """Holds facts of a form of their own against the parser's; takes them out of ``facts``."""
    data: Any = parsed.data
    wrong: list = []
    if "slp_enabled" in facts:
        enabled = facts.pop("slp_enabled")  # null: this command does not say
        slp = held.value_at(data, "slp.status")
        if (slp == "ENABLED") is not bool(enabled):
            wrong.append(("slp_enabled", enabled, slp))
    if "reservation_enabled" in facts:
        found = [held.value_at(data, name) for name in ("reservation_enabled", "enabled")]
        wrong += [] if facts.pop("reservation_enabled") in found else [("reservation", found)]
    if "udi" in facts:
        udi = facts.pop("udi")
        wrong += differences(
            {"pid": ("pid", held.plain), "sn": ("sn", held.plain)}, udi, data.product.udi
        )
    for fact, resource in (
        ("number_of_tunnels", "tunnels"),
        ("number_of_tls_sessions", "TLS sessions"),
    ):
        if fact in facts:
            row = next(row for row in data.limits if row.resource == resource)
            wanted = facts.pop(fact)
            if wanted != {"max": row.maximum, "available": row.available}:
                wrong.append((fact, wanted, row))
    if "clients" in facts:
        found_clients = {row.name: [row.tunnels, row.tls_sessions] for row in data.clients}
        wanted = facts.pop("clients")
        wrong += [] if wanted == found_clients else [("clients", wanted, found_clients)]
    if "license_name" in facts:
        own = {name: facts.pop(name) for name in list(facts) if name in held.PAK}
        wrong += differences(held.PAK, own, data.licenses[0])
    return wrong


def test_all_captures_are_here() -> None:
    assert len(SIDECARS) == 109
    assert len(TEXTS) >= 109


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_every_fact_of_the_sidecar_is_read(text: Path) -> None:
    sidecar = sidecar_of(text)
    parsed = parse(sidecar["command"], text.read_text())
    facts = corrected(text, sidecar["facts"])
    wrong = lists(parsed, facts) + singles(parsed, facts)
    wrong += differences(held.SIMPLE, facts, parsed.data)
    assert not wrong, f"{named(text)}: fact, wanted, found: {wrong}"


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_no_line_of_a_capture_is_unknown_and_every_value_has_its_lines(text: Path) -> None:
    sidecar = sidecar_of(text)
    raw = text.read_text()
    parsed = parse(sidecar["command"], raw)
    assert parsed.unknown == ()
    lines = raw.split("\n")
    for path, numbers in parsed.evidence.items():
        assert numbers, f"{path} has no evidence"
        assert all(1 <= number <= len(lines) and lines[number - 1].strip() for number in numbers)


@pytest.mark.parametrize("text", TEXTS, ids=named)
def test_a_capture_is_whole_or_said_to_be_cut(text: Path) -> None:
    parsed = parse(sidecar_of(text)["command"], text.read_text())
    assert parsed.status in ("ok", "cut")
    if "<output truncated>" in text.read_text():
        assert parsed.status == "cut"


def test_every_correction_names_a_capture_and_a_reason() -> None:
    names = {named(path) for path in SIDECARS}
    for correction in CORRECTIONS:
        assert correction.file in names
        assert correction.why
