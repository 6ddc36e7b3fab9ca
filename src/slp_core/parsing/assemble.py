"""One state from many outputs: what each command says of a router, united."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slp_core.errors import UsageError
from slp_core.parsing import takes
from slp_core.parsing.builder import Builder, Take, items_of, lines_of
from slp_core.parsing.command import Parsed
from slp_core.parsing.licenses import (
    unite_authorization,
    unite_csl,
    unite_licenses,
    unite_reservation,
)
from slp_core.parsing.operator import take_facts
from slp_core.parsing.registry import parse
from slp_core.state import CommandSeen, RouterState, UnknownLine

COLLECT: tuple[str, ...] = (
    "show version",
    "show license summary",
    "show license status",
    "show license usage",
    "show license all",
    "show license authorization",
    "show license reservation",
    "show license udi",
    "show license",
    "show license feature",
    "show license right-to-use",
    "show license tech support",
    "show platform hardware throughput level",
    "show platform hardware throughput crypto",
    "show platform software cerm-information",
    "show platform software license dlc",
    "show install summary",
    "show boot",
    "show redundancy",
    "show inventory",
    "show clock",
    "show ntp status",
    "dir bootflash:",
    "show running-config",
    "show startup-config",
)
"""What assess asks a router, in order; a router refuses what its era does not have."""


def assemble(
    name: str,
    outputs: Mapping[str, str],
    *,
    facts: Mapping[str, Any] | None = None,
    read_at: datetime | None = None,
) -> RouterState:
    """Returns all that ``outputs`` (command in full → text) say of the router ``name``.

    Outputs may be of different moments: sections that two of them print are taken from the one
    whose dates are later. ``facts`` (``router.yaml``) fill what no output shows.
    """
    parsed = {}
    seen, unknown = [], []
    for command, text in outputs.items():
        try:
            one = parse(command, text)
        except UsageError:
            seen.append(CommandSeen(command=command, status="foreign"))
            unknown.append(UnknownLine(command=command, line=1, text="no parser for this command"))
            continue
        seen.append(CommandSeen(command=one.command, status=one.status))
        unknown.extend(one.unknown)
        parsed[one.command] = one
    state = Builder()
    _identity(state, parsed)
    _licensing(state, parsed)
    _platform(state, parsed)
    if facts:
        unknown.extend(take_facts(state, facts))
    values = state.nested()
    if "kind" not in values.get("licensing", {}).get("transport", {"kind": ""}):
        del values["licensing"]["transport"]  # a URL without a type is no transport
    return RouterState.model_validate(
        {
            "name": name,
            **({"read_at": read_at} if read_at else {}),
            **values,
            "commands": tuple(seen),
            "unknown": tuple(unknown),
            "evidence": state.evidence,
        }
    )


def _identity(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """The router's own UDI: a peer's is kept apart and never takes its place."""
    peers: list[dict[str, Any]] = []
    for command in ("show license udi", "show license all", "show license tech support"):
        if command in parsed:
            state.take(
                parsed[command],
                (Take("udi", "product.udi", lambda x: x.model_dump(exclude_unset=True)),),
            )
    for command in ("show license authorization", "show license all", "show license reservation"):
        if command not in parsed:
            continue
        one = parsed[command]
        for path, member in items_of(one, "overall.members", "sn"):
            udi = {"pid": member.pid, "sn": member.sn, "role": member.role}
            if member.role == "Active":
                state.put("udi", udi, one.command, lines_of(one, f"{path}.pid"))
            elif udi not in peers:
                peers.append(udi)
    if peers:
        state.values["peers"] = tuple(peers)
    if "show version" in parsed:
        version = parsed["show version"]
        state.take(version, takes.VERSION)
        pid, serial = getattr(version.data, "pid", None), getattr(version.data, "serial", None)
        if pid and serial:
            lines = lines_of(version, "pid") + lines_of(version, "serial")
            state.put("udi", {"pid": pid, "sn": serial}, version.command, lines)


def _licensing(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    full = [
        parsed[command]
        for command in ("show license status", "show license all", "show license tech support")
        if command in parsed
    ]
    for one in sorted(full, key=_moment, reverse=True):
        state.take(one, takes.STATUS)
        _trust_of_members(state, one)
    for command in ("show license summary", "show license usage"):
        if command in parsed:
            state.take(parsed[command], takes.STATUS)
    unite_licenses(state, parsed)
    unite_csl(state, parsed)
    unite_authorization(state, parsed)
    unite_reservation(state, parsed)
    if "show platform software license dlc" in parsed:
        state.take(parsed["show platform software license dlc"], takes.DLC)


def _moment(parsed: Parsed) -> float:
    """When an output was taken at the earliest: the latest past date that it names."""
    newest = 0.0
    for source in (
        "reporting.last_ack", "reporting.last_report_push", "reporting.last_report_file_write",
        "trust.installed_on", "policy.in_use", "authorization.status", "conversion.status",
    ):  # fmt: skip
        found: Any = parsed.data
        for name in source.split("."):
            found = getattr(found, name, None)
        date = found if isinstance(found, datetime) else getattr(found, "at", None)
        if date is not None:
            newest = max(newest, date.timestamp())
    return newest


def _trust_of_members(state: Builder, one: Parsed) -> None:
    """In a pair or stack each member has a trust code; the router's own is the active one's."""
    members = items_of(one, "trust.members", "sn")
    if not members or "licensing.trust.members" in state.values:
        return
    for path, member in members:
        if member.role == "Active" and member.installed is not None:
            lines = lines_of(one, f"{path}.installed")
            state.put("licensing.trust.installed_on", member.installed.at, one.command, lines)
    udis = tuple({"pid": x.pid, "sn": x.sn, "role": x.role} for _, x in members if x.installed)
    state.put("licensing.trust.members", udis, one.command, lines_of(one, "trust"))


def _platform(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    for command, table in takes.THROUGHPUT.items():
        if command in parsed:
            state.take(parsed[command], table)
    if "show platform software cerm-information" in parsed:
        _cerm(state, parsed["show platform software cerm-information"])
    storage = []
    for command, one in parsed.items():
        if command.startswith("dir"):
            storage.append(_storage(state, one))
    if storage:
        state.values["storage"] = tuple(storage)


def _cerm(state: Builder, one: Parsed) -> None:
    state.take(one, (Take("cerm.functionality", "functionality"),))
    for path, limit in items_of(one, "limits", "resource"):
        name = "tunnels_max" if limit.resource == "tunnels" else "tls_sessions_max"
        state.put(f"cerm.{name}", limit.maximum, one.command, lines_of(one, f"{path}.maximum"))


def _storage(state: Builder, one: Parsed) -> dict[str, Any]:
    data: Any = one.data
    filesystem = (data.path or one.command.partition(" ")[2]).rstrip("/") or "flash:"
    found: dict[str, Any] = {"filesystem": filesystem}
    for name in ("total", "free"):
        if name in data.model_fields_set:
            found[name] = getattr(data, name)
            state.put(f"storage[{filesystem}].{name}", None, one.command, lines_of(one, name))
            del state.values[f"storage[{filesystem}].{name}"]
    found["files"] = tuple(
        {
            "name": entry.name,
            "size": entry.size,
            "directory": entry.permissions.startswith("d"),
            **({"modified": entry.modified} if entry.modified else {}),
        }
        for entry in data.files or ()
        if entry.name
    )
    return found
