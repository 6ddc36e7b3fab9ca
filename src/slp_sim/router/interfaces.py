"""Names of interfaces: as they are typed, as the router writes them, and which there are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml

from slp_sim.router.device import Device
from slp_sim.router.tokens import Taken, Tokens

_TYPED = re.compile(r"(?P<kind>[a-z][a-z-]*)(?P<number>\d[\d/.:]*)?", re.IGNORECASE)
_SUBINTERFACES = 4294967295


@cache
def _data() -> dict[str, Any]:
    text = resources.files("slp_sim.data").joinpath("interfaces.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return data


@cache
def ports_of(pid: str) -> tuple[str, ...]:
    """Returns the interfaces that are built into a chassis."""
    rows = (row for row in _data()["ports"] if re.match(row["pid"], pid, re.IGNORECASE))
    return tuple(name for pattern in next(rows)["ports"] for name in _spread(pattern))


def _spread(pattern: str) -> Iterator[str]:
    found = re.fullmatch(r"(.*?[a-zA-Z])(\d.*)", pattern)
    assert found is not None, pattern
    parts = [part.partition("-") for part in found[2].split("/")]
    ranges = [range(int(low), int(high or low) + 1) for low, _, high in parts]
    for numbers in itertools.product(*ranges):
        yield found[1] + "/".join(map(str, numbers))


def _kinds(pid: str) -> list[str]:
    """Returns every kind of interface, those that the chassis has first."""
    own = [name.rstrip("0123456789/") for name in ports_of(pid)]
    more = ["GigabitEthernet", "TenGigabitEthernet", "FortyGigabitEthernet", "HundredGigE"]
    return list(dict.fromkeys([*own, *_data()["made"], *more, "Cellular", *_data()["others"]]))


def interface_name(text: str, pid: str = "") -> str | None:
    """Returns an interface's name written out (``GigabitEthernet0/0/0``); None for no name."""
    found = re.fullmatch(r"([a-z][a-z-]*)\s*(\d[\d/.:]*)", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    kinds = (kind for kind in _kinds(pid) if kind.lower().startswith(found[1].lower()))
    kind = next(kinds, None)
    return f"{kind}{found[2]}" if kind else None


def _known(device: Device) -> set[str]:
    """Returns the interfaces that are there: built in, or named by a configuration."""
    configs = [c for c in (device.running, device.startup) if c is not None]
    heads = (head for config in configs for head, _ in config.sections())
    named = {h.removeprefix("interface ") for h in heads if h.startswith("interface ")}
    return named | set(ports_of(device.pid))


def interface_at(tokens: Tokens, at: int, device: Device, *, there: bool = False) -> Taken | int:
    """Reads an interface, in one word or two; returns where it is none otherwise.

    Args:
        there: it must be there already, not one that configuration would make.
    """
    word, start = tokens[at]
    typed = _TYPED.fullmatch(word)
    if typed is None:
        found = _TYPED.match(word)
        return min(found.end() if found else 0, len(word) - 1)
    kinds = [k for k in _kinds(device.pid) if k.lower().startswith(typed["kind"].lower())]
    if not kinds:
        return _agree(typed["kind"], _kinds(device.pid))
    number, column, words = typed["number"], typed.start("number"), 1
    if number is None:
        if at + 1 >= len(tokens) or not re.fullmatch(r"\d[\d/.:]*", tokens[at + 1][0]):
            return len(word) if at + 1 < len(tokens) else 0
        number, column, words = tokens[at + 1][0], tokens[at + 1][1] - start, 2
    wrong = 0
    for kind in kinds:
        place = _missing(kind, number, device, there=there)
        if place is None:
            return Taken(f"{kind}{number}", words)
        wrong = max(wrong, place)
    return column + wrong


def _agree(word: str, kinds: list[str]) -> int:
    """Returns how many letters of a word some kind begins with."""
    return max(len(_shared(word.lower(), kind.lower())) for kind in kinds)


def _shared(one: str, other: str) -> str:
    pairs = itertools.takewhile(lambda x: x[0] == x[1], zip(one, other, strict=False))
    return "".join(a for a, _ in pairs)


def _missing(kind: str, number: str, device: Device, *, there: bool) -> int | None:
    """Returns where in its number an interface begins not to be there; None: it is there."""
    limits = _data()["made"].get(kind)
    whole, dot, sub = number.partition(".")
    if there and (dot or limits is not None):
        return None if f"{kind}{number}" in _known(device) else 0
    if dot and not (sub.isdigit() and 1 <= int(sub[:11]) <= _SUBINTERFACES):
        return len(whole) + 1 if sub else len(whole)
    if limits is not None:
        low, _, high = limits.partition("-")
        return None if whole.isdigit() and int(low) <= int(whole[:11]) <= int(high) else 0
    known = _known(device)
    if f"{kind}{whole}" in known:
        return None
    parts, place = whole.split("/"), 0
    for count in range(1, len(parts) + 1):
        head = kind + "/".join(parts[:count])
        if not any(name.startswith(f"{head}/") for name in known):
            return place
        place += len(parts[count - 1]) + 1
    return len(whole) - 1


def made(name: str) -> bool:
    """Tells whether an interface is there because somebody configured it."""
    return "." in name or name.rstrip("0123456789") in _data()["made"]


def interface_range(text: str, device: Device) -> list[str] | int:
    """Returns the interfaces of ``gi0/0/0 - 3 , gi0/0/5``, or where it is no range."""
    names: list[str] = []
    for part in re.finditer(r"[^,]+", text):
        found = re.fullmatch(
            r"(\s*)([a-z-]+\s*[\d/]*?)(\d+)\s*(?:-\s*(\d+)\s*)?", part[0], re.IGNORECASE
        )
        start = part.start() + len(part[0]) - len(part[0].lstrip())
        if found is None:
            return start
        first, last = int(found[3]), int(found[4] or found[3])
        if not first <= last <= first + 255:
            return part.start() + (found.start(4) if found[4] else found.start(3))
        for number in range(first, last + 1):
            typed = [(m.group(), m.start()) for m in re.finditer(r"\S+", f"{found[2]}{number}")]
            taken = interface_at(typed, 0, device)
            if isinstance(taken, int):
                beyond = found[4] and number > first
                return part.start() + (found.start(4) if beyond else found.start(2) + taken)
            names.append(taken.text)
    return names if names else 0
