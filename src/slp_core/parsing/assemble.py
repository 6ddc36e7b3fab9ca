"""One state from many outputs: what each command says of a router, united."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slp_core.errors import UsageError
from slp_core.parsing import takes
from slp_core.parsing.authorizations import unite_authorization, unite_reservation
from slp_core.parsing.builder import Builder, items_of, lines_of
from slp_core.parsing.command import Parsed
from slp_core.parsing.licenses import unite_csl, unite_licenses
from slp_core.parsing.operator import take_facts
from slp_core.parsing.platform import take_platform
from slp_core.parsing.ports import take_ports
from slp_core.parsing.registry import parse
from slp_core.release import Release
from slp_core.state import BadNews, CommandSeen, Evidence, RouterState, UnknownLine

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
    "show platform software sl-infra pak-info",
    "show install summary",
    "show boot",
    "show redundancy",
    "show issu state detail",
    "show inventory",
    "show ip ssh",
    "show clock",
    "show ntp status",
    "dir bootflash:",
    "show running-config",
    "show startup-config",
)
"""What assess asks a router, in order; a router refuses what its era does not have."""

_KEYS, _CARDS = "show crypto key mypubkey rsa", "show platform"
_USERS = "show snmp user"
_BOOTS_BY_NEW_ROMMON = Release(16, 9, 1)


def asked_besides(outputs: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the commands that some routers are asked besides, for what the others told already.

    The length of the SSH key where ``show ip ssh`` does not print it, the users of SNMPv3 where
    there are groups (C06), and ROMMON where the release is of a time before it mattered (C14).
    """
    seen: list[CommandSeen] = []
    parsed = _parse_all({k: outputs[k] for k in _TELL if k in outputs}, seen, [])
    state = Builder()
    _identity(state, parsed)
    take_platform(state, parsed)
    release, besides = state.values.get("release"), []
    if state.values.get("ssh.enabled") and "ssh.modulus_bits" not in state.values:
        besides.append(_KEYS)
    if "snmp-server group " in outputs.get("show running-config", ""):
        besides.append(_USERS)
    if release is not None and release < _BOOTS_BY_NEW_ROMMON and "rommon" not in state.values:
        besides.append(_CARDS)
    return tuple(besides)


_TELL = ("show version", "show ip ssh")
_FULL = ("show license status", "show license all", "show license tech support")


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
    seen: list[CommandSeen] = []
    unknown: list[UnknownLine] = []
    parsed = _parse_all(outputs, seen, unknown)
    state = Builder()
    _identity(state, parsed)
    _licensing(state, parsed)
    take_platform(state, parsed, read_at)
    running = parsed.get("show running-config")
    if running is not None and running.status == "ok":
        take_ports(state, outputs[running.command])
    if facts:
        unknown.extend(take_facts(state, facts))
    values = state.nested()
    for part, told_by in (("transport", "kind"), ("registration", "status")):
        licensing = values.get("licensing", {})  # a URL without a type is no transport
        if part in licensing and licensing[part].get(told_by) is None:
            del licensing[part]
    return RouterState.model_validate(
        {
            "name": name,
            **({"read_at": read_at} if read_at else {}),
            **values,
            "commands": tuple(seen),
            "unknown": tuple(unknown),
            **({"messages": news} if (news := _bad_news(parsed)) else {}),
            "evidence": state.evidence,
            **({"also": state.also} if state.also else {}),
        }
    )


def _parse_all(
    outputs: Mapping[str, str], seen: list[CommandSeen], unknown: list[UnknownLine]
) -> dict[str, Parsed]:
    parsed = {}
    for command, text in outputs.items():
        try:
            one = parse(command, text)
        except UsageError:
            seen.append(CommandSeen(command=command, status="foreign"))
            unknown.append(UnknownLine(command=command, line=1, text="no parser for this command"))
            continue
        seen.append(CommandSeen(command=one.command, status=one.status))
        if one.status == "foreign":  # not its lines: nobody knows what they hold
            said = f"{len(one.unknown)} lines that are not of this command"
            unknown.append(UnknownLine(command=one.command, line=1, text=said))
        elif one.status != "rejected":
            unknown.extend(one.unknown)
        parsed[one.command] = one
    return parsed


def _bad_news(parsed: Mapping[str, Parsed]) -> tuple[BadNews, ...]:
    """Returns the messages of trouble, without those that a later message of one output takes back.

    ``X_RESTORED`` and ``X_SUCCESS`` take back ``X_FAILED``.
    """
    standing: dict[tuple[str, str], BadNews] = {}
    for command, one in parsed.items():
        for message in one.messages:
            cause = message.mnemonic.removesuffix("_RESTORED").removesuffix("_SUCCESS")
            if message.meaning == "good":
                standing.pop((message.facility, f"{cause}_FAILED"), None)
            if message.meaning == "bad":
                told = message.model_dump(exclude={"at", "meaning"})
                standing[message.facility, message.mnemonic] = BadNews(command=command, **told)
    return tuple(standing.values())


def _identity(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """The router's own UDI: a peer's is kept apart and never takes its place."""
    if "show version" in parsed:
        state.take(parsed["show version"], takes.VERSION)
        _controller_image(state, parsed["show version"])
    if "show license udi" in parsed:
        _udi_table(state, parsed["show license udi"])
    for command in ("show license all", "show license tech support"):
        if command in parsed:
            _product(state, parsed[command])
    peers: list[dict[str, Any]] = []
    for command, path in (
        ("show license udi", "ha.members"),
        ("show license all", "product.ha.members"),
        ("show license authorization", "overall.members"),
        ("show license all", "overall.members"),
        ("show license reservation", "overall.members"),
    ):
        if command in parsed:
            _members(state, parsed[command], path, peers)
    _chassis(state, parsed)
    _other_names(state, parsed)
    own = state.values.get("udi", {}).get("sn")
    peers = [peer for peer in peers if peer["sn"] != own]
    if peers:
        state.values["peers"] = tuple(peers)


def _controller_image(state: Builder, one: Parsed) -> None:
    """Before releases print the operating mode, the image tells: ``ucmk9`` is SD-WAN's (C07)."""
    data: Any = one.data
    for source in ("image_id", "system_image"):
        if "ucmk9" in (getattr(data, source) or "").lower():
            state.fill("controller_mode", True, one.command, lines_of(one, source))


def _udi_table(state: Builder, one: Parsed) -> None:
    named: Any = getattr(one.data, "udi", None)
    if named is not None:
        state.fill("udi", named.model_dump(exclude_unset=True), one.command, lines_of(one, "udi"))
    rows = items_of(one, "slots", "sn")
    for path, row in sorted(rows, key=lambda item: item[1].mark is None):
        udi = {"pid": row.pid, "sn": row.sn}
        state.fill("udi", udi, one.command, lines_of(one, f"{path}.sn"))


def _product(state: Builder, one: Parsed) -> None:
    product: Any = getattr(one.data, "product", None)
    named = getattr(product, "udi", None)
    if named is not None:
        lines = lines_of(one, "product.udi")
        state.fill("udi", named.model_dump(exclude_unset=True), one.command, lines)


def _other_names(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """Notes outputs in which the router's own identity is another one."""
    own = state.values.get("udi", {})
    for command in ("show license all", "show license tech support"):
        if command not in parsed or not own:
            continue
        one = parsed[command]
        product: Any = getattr(one.data, "product", None)
        udi = getattr(product, "udi", None)
        proof = Evidence(command=one.command, lines=lines_of(one, "product.udi"))
        for name in ("pid", "sn") if udi is not None else ():
            state.differs(f"udi.{name}", own.get(name), getattr(udi, name), proof)


def _members(state: Builder, one: Parsed, path: str, peers: list[dict[str, Any]]) -> None:
    for where, member in items_of(one, path, "sn"):
        udi = {"pid": member.pid, "sn": member.sn, "role": member.role}
        if member.role in ("Active", "Standalone"):
            state.fill("udi", udi, one.command, lines_of(one, f"{where}.sn"))
        elif udi not in peers:
            peers.append(udi)


def _chassis(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    """The identity as inventory, configuration and version print it, where nothing else does."""
    if "show inventory" in parsed:
        one = parsed["show inventory"]
        for path, part in items_of(one, "parts", "name"):
            if part.pid and part.sn and part.name.lower().startswith("chassis"):
                udi = {"pid": part.pid, "sn": part.sn}
                state.fill("udi", udi, one.command, lines_of(one, f"{path}.pid"))
    for command, pid, sn in (
        ("show running-config", "udi_pid", "udi_sn"),
        ("show version", "pid", "serial"),
    ):
        data: Any = parsed[command].data if command in parsed else None
        if data is not None and getattr(data, pid) and getattr(data, sn):
            lines = lines_of(parsed[command], pid) + lines_of(parsed[command], sn)
            udi = {"pid": getattr(data, pid), "sn": getattr(data, sn)}
            state.fill("udi", udi, command, tuple(sorted(set(lines))))


def _licensing(state: Builder, parsed: Mapping[str, Parsed]) -> None:
    full = [parsed[command] for command in _FULL if command in parsed]
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
    if "show platform software sl-infra pak-info" in parsed:
        state.take(parsed["show platform software sl-infra pak-info"], takes.PAK_SNAPSHOT)


def _moment(parsed: Parsed) -> float:
    """When an output was taken at the earliest: the latest past date that it names."""
    newest = 0.0
    for source in (
        "reporting.last_ack",
        "reporting.last_report_push",
        "reporting.last_report_file_write",
        "trust.installed_on",
        "policy.in_use",
        "authorization.status",
        "conversion.status",
    ):
        found: Any = parsed.data
        for name in source.split("."):
            found = getattr(found, name, None)
        date = found if isinstance(found, datetime) else getattr(found, "at", None)
        if date is not None:
            newest = max(newest, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())
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
    udis = tuple(
        {"pid": member.pid, "sn": member.sn, "role": member.role}
        for _, member in members
        if member.installed is not None or member.valid_on is not None
    )
    state.put("licensing.trust.members", udis, one.command, lines_of(one, "trust"))
