"""What an operator knows besides (``router.yaml``): it fills what no output shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slp_core.parsing.builder import Builder
from slp_core.parsing.takes import kind, release
from slp_core.parsing.values import level
from slp_core.state import UnknownLine

SOURCE = "router.yaml"

_FACTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "hostname": ("hostname", str),
    "release": ("release", lambda value: release(str(value))),
    "mode": ("controller_mode", lambda value: str(value).lower() == "controller"),
    "transport": ("licensing.transport.kind", lambda value: kind(str(value))),
    "throughput_kbps": ("throughput.level", int),
    "throughput_level": ("throughput.level", lambda value: level(str(value))),
    "throughput_crypto": ("throughput.crypto", lambda value: level(str(value))),
    "boot_mode": ("boot.mode", str),
    "config": ("config", tuple),
    "startup_config": ("startup_config", tuple),
    "smart_account": ("licensing.smart_account", str),
    "virtual_account": ("licensing.virtual_account", str),
    "confirmation_code": ("licensing.reservation.confirmation_code", str),
}


def take_facts(state: Builder, facts: Mapping[str, Any]) -> list[UnknownLine]:
    """Fills ``state`` with ``facts`` and returns those that it has no place for."""
    if facts.get("pid") and facts.get("serial"):
        udi = {"pid": str(facts["pid"]), "sn": str(facts["serial"])}
        state.fill("udi", udi, SOURCE, ())
    unknown = []
    for number, (name, value) in enumerate(facts.items(), 1):
        if name in ("pid", "serial"):
            continue
        if name not in _FACTS:
            unknown.append(UnknownLine(command=SOURCE, line=number, text=f"{name}: {value}"))
            continue
        target, read = _FACTS[name]
        state.fill(target, read(value), SOURCE, ())
    return unknown
