"""What the platform commands say: storage, install mode, boot, processors, clock, configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from slp_core.parsing import takes
from slp_core.parsing.builder import Builder, Take, items_of, lines_of
from slp_core.parsing.command import Parsed
from slp_core.parsing.commands.crypto_key import bits
from slp_core.state import Evidence

_TABLES: dict[str, tuple[Take, ...]] = {
    **takes.THROUGHPUT,
    "show boot": takes.BOOT,
    "show bootvar": takes.BOOT,
    "show redundancy": takes.REDUNDANCY,
    "show issu state detail": takes.ISSU,
    "show ip ssh": takes.SSH,
    "show clock": takes.CLOCK,
    "show ntp status": takes.NTP,
    "show license tech support": (Take("clock.synchronised", "other.clock_synced"),),
    "show running-config": takes.CONFIGURATION,
}


def take_platform(
    state: Builder, parsed: Mapping[str, Parsed], read_at: datetime | None = None
) -> None:
    """Adds what is known of the platform."""
    for command, table in _TABLES.items():
        if command in parsed:
            state.take(parsed[command], table)
    if "show version" in parsed:
        state.take(parsed["show version"], takes.THROUGHPUT_OF_VERSION)
    for command, take in (
        ("show platform software cerm-information", _cerm),
        ("show install summary", _install),
        ("show redundancy", _processors),
        ("show crypto key mypubkey rsa", _keys),
        ("show snmp user", _users),
    ):
        if command in parsed:
            take(state, parsed[command])
    _firmware(state, parsed)
    found = [_storage(state, one) for name, one in parsed.items() if name.startswith("dir")]
    if found:
        state.values["storage"] = tuple(found)
    for command, target in (
        ("show running-config", "config"),
        ("show startup-config", "startup_config"),
    ):
        if command in parsed and parsed[command].status in ("ok", "cut"):
            _configuration(state, parsed[command], target)
    _skew(state, read_at)


def _cerm(state: Builder, one: Parsed) -> None:
    state.take(one, (Take("cerm.functionality", "functionality"),))
    for path, limit in items_of(one, "limits", "resource"):
        name = {"tunnels": "tunnels_max", "TLS sessions": "tls_sessions_max"}.get(limit.resource)
        if name is not None:
            lines = lines_of(one, f"{path}.maximum")
            state.put(f"cerm.{name}", limit.maximum, one.command, lines)


def _install(state: Builder, one: Parsed) -> None:
    state.take(one, takes.INSTALL)
    packages = []
    for path, place in items_of(one, "locations", "where"):
        for number, package in enumerate(place.packages or ()):
            packages.append(
                {
                    "kind": package.kind,
                    "state": package.state,
                    "version": package.version,
                    "location": place.where,
                }
            )
            lines = lines_of(one, f"{path}.packages[{package.version}].state")
            state.evidence[f"install.packages[{number}]"] = Evidence(
                command=one.command, lines=lines
            )
    if one.status in ("ok", "cut"):
        state.values["install.packages"] = tuple(packages)


def _processors(state: Builder, one: Parsed) -> None:
    data: Any = one.data
    if data.system is not None or data.current is not None or data.configured_mode:
        count = 2 if data.peer is not None and data.peer.state else 1
        state.put("redundancy.processors", count, one.command, lines_of(one, "current"))
    register = re.findall(r"0x[0-9A-Fa-f]+", data.peer.config_register or "") if data.peer else []
    if register:  # `show boot` was read before it, and knows the value of the next reload
        lines = lines_of(one, "peer.config_register")
        state.fill("boot.standby_config_register", register[-1], one.command, lines)


def _keys(state: Builder, one: Parsed) -> None:
    keys = []
    for path, key in items_of(one, "keys", "name"):
        length = bits(key)
        keys.append({"name": key.name, **({"bits": length} if length is not None else {})})
        lines = lines_of(one, path)
        state.evidence[f"rsa_keys[{key.name}]"] = Evidence(command=one.command, lines=lines)
    if one.status in ("ok", "cut"):
        state.values["rsa_keys"] = tuple(keys)


def _users(state: Builder, one: Parsed) -> None:
    users = []
    for path, user in items_of(one, "users", "name"):
        shown = {"authentication": user.authentication, "privacy": user.privacy}
        known = {name: x for name, x in shown.items() if x and x.lower() != "none"}
        users.append({"name": user.name, **known})
        lines = lines_of(one, path)
        state.evidence[f"snmp_users[{user.name}]"] = Evidence(command=one.command, lines=lines)
    if one.status in ("ok", "cut"):
        state.values["snmp_users"] = tuple(users)


def _firmware(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Unites ROMMON, CPLD and FPGA by slot; the processor's ROMMON is the router's."""
    slots: dict[str, dict[str, str]] = {}
    for command, one in parsed.items():
        if command.startswith("show rom-monitor"):
            state.take(one, (Take("rommon", "version", takes.rommon),))
        if command not in ("show platform", "show hw-programmable all"):
            continue
        for path, row in items_of(one, "slots", "slot"):
            shown = {"cpld": row.cpld, "fpga": row.fpga, "rommon": row.firmware}
            known = {name: x for name, x in shown.items() if x not in (None, "N/A")}
            slots.setdefault(row.slot, {"slot": row.slot}).update(known)
            lines = lines_of(one, path)
            state.evidence[f"firmware[{row.slot}]"] = Evidence(command=command, lines=lines)
            if row.slot in ("R0", "RP0") and "rommon" in known:
                state.put("rommon", known["rommon"], command, lines)
    if slots:
        state.values["firmware"] = tuple(slots.values())


def _storage(state: Builder, one: Parsed) -> dict[str, Any]:
    data: Any = one.data
    filesystem = (data.path or one.command.partition(" ")[2]).rstrip("/") or "flash:"
    found: dict[str, Any] = {"filesystem": filesystem}
    for name in ("total", "free"):
        if name in data.printed:
            found[name] = getattr(data, name)
            state.evidence[f"storage[{filesystem}].{name}"] = Evidence(
                command=one.command, lines=lines_of(one, name)
            )
    if one.status in ("ok", "cut"):
        found["files"] = tuple(_file(entry) for entry in data.files or () if entry.name)
    return found


def _file(entry: Any) -> dict[str, Any]:
    return {
        "name": entry.name,
        "size": entry.size,
        "directory": entry.permissions.startswith("d"),
        **({"modified": entry.modified} if entry.modified else {}),
    }


def _configuration(state: Builder, one: Parsed, target: str) -> None:
    """Keeps the lines that matter, in the order in which they stand."""
    data: Any = one.data
    found: list[tuple[int, str]] = []
    for name in type(data).field_types():
        value = getattr(data, name)
        lines = lines_of(one, name) if name in data.printed else ()
        if name == "crypto":
            found.extend(_crypto(one))
        elif name == "interfaces":
            _interfaces(state, one)
        elif name == "routes" and value:
            routes = zip(lines, value, strict=False)
            found.extend(
                (at, _with_vrf(one, at, x) if x == "ip address dhcp" else x) for at, x in routes
            )
        elif isinstance(value, tuple):
            found.extend(zip(lines, value, strict=False))
        elif name == "hostname" and value:
            found.append((lines[0], f"hostname {value}"))
        elif name == "udi_pid" and value:
            found.append((lines[0], f"license udi pid {value} sn {data.udi_sn}"))
    found = sorted(set(found))
    state.put(
        target, tuple(text for _, text in found), one.command, tuple(line for line, _ in found)
    )


def _interfaces(state: Builder, one: Parsed) -> None:
    """Keeps in which VRF interfaces are."""
    if one.command == "show running-config":
        sections = [interface for _, interface in items_of(one, "interfaces", "name")]
        state.values["interface_vrfs"] = {x.name: x.vrf for x in sections if x.vrf}


def _with_vrf(one: Parsed, line: int, text: str) -> str:
    """Returns a line that brings a default route, with the VRF of the interface it stands in."""
    heads = [
        (lines_of(one, f"{path}.name")[0], x.vrf) for path, x in items_of(one, "interfaces", "name")
    ]
    vrf = next((vrf for start, vrf in sorted(heads, reverse=True) if start < line), None)
    return f"{text} vrf {vrf}" if vrf else text


def _crypto(one: Parsed) -> Iterator[tuple[int, str]]:
    """Yields the heads that may name an algorithm, and what stands below them, as indented."""
    for path, section in items_of(one, "crypto", ""):
        if not section.head:
            continue
        yield lines_of(one, f"{path}.head")[0], section.head
        below = lines_of(one, f"{path}.algorithms") if section.algorithms else ()
        for line, text in zip(below, section.algorithms or (), strict=False):
            yield line, f" {text}"


def _skew(state: Builder, read_at: datetime | None) -> None:
    time = state.values.get("clock.time")
    if isinstance(time, datetime) and time.tzinfo is not None and read_at is not None:
        state.values["clock.skew_s"] = (time - read_at).total_seconds()
        state.evidence["clock.skew_s"] = state.evidence["clock.time"]
