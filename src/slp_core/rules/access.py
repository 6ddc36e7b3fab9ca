"""What an upgrade takes away by which a router is reached or reaches others (ACCESS, C06)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from slp_core.release import Release
from slp_core.rules.schema import RefusedRow, RuleData
from slp_core.state import RouterState

_LOGIN = re.compile(r"aaa authentication login (?P<list>\S+) (?P<methods>.+)$")
_KEY = "slp-ssh"
_OF_SERVER = ".server"
"""End of the name of the temporary key that SSH version 1 makes for itself: 768 bits, always."""
_WEAK = re.compile(r"(?:MD5|3?DES(?:56|168)?)$", re.IGNORECASE)
_LOCAL = {"local", "local-case", "enable", "line", "none", "krb5"}


@dataclass(frozen=True)
class ServerKey:
    """The RSA key by which SSH answers, as far as it was seen.

    Attributes:
        fate: ``short`` is refused from some release on; ``unseen``: its length is not known;
            ``none``: SSH does not run.
    """

    fate: Literal["short", "long", "unseen", "none"]
    name: str | None = None
    bits: int | None = None


def crosses(present: Release | None, goal: Release | None, since: Release) -> bool:
    """Tells whether an upgrade reaches ``since`` from below; an unknown release is below."""
    return goal is not None and goal >= since and (present is None or present < since)


def shielded(state: RouterState, rules: RuleData) -> bool:
    """Tells whether the router keeps weak cryptography by the line of its configuration."""
    lines = [line.strip() for line in state.config or ()]
    return rules.compliance_shield.line in lines


def server_key(state: RouterState, rules: RuleData) -> ServerKey:
    """Returns the key of the SSH server: as SSH shows it, else by its name, else by them all."""
    ssh, least = state.ssh, rules.ssh_key.bits
    if ssh is not None and ssh.enabled is False:
        return ServerKey("none")
    name = (ssh.key_name if ssh is not None else None) or _named(state)
    bits = ssh.modulus_bits if ssh is not None else None
    keys = [key for key in state.rsa_keys or () if key.bits and not key.name.endswith(_OF_SERVER)]
    if bits is None:
        bits = next((key.bits for key in keys if key.name == name), None)
    if bits is None and name is None and keys:
        lengths = {key.bits is not None and key.bits < least for key in keys}
        bits = min(key.bits or 0 for key in keys) if len(lengths) == 1 else None
    if bits is None:
        return ServerKey("unseen", name)
    return ServerKey("short" if bits < least else "long", name, bits)


def refused_key(
    state: RouterState, present: Release | None, goal: Release | None, rules: RuleData
) -> str | None:
    """Returns why SSH will refuse after an upgrade, as a clause; ``None`` where it goes on."""
    row = rules.ssh_key
    if not crosses(present, goal, row.since) or shielded(state, rules):
        return None
    key = server_key(state, rules)
    if key.fate != "short":
        return None
    named = f" {key.name}" if key.name else ""
    return (
        f"the RSA key{named} of SSH has {key.bits:,} bits: from {row.since} on SSH refuses RSA "
        f"keys below {row.bits:,} bits, and nobody reaches the router after the reload"
    )


def new_key(bits: int) -> str:
    """Returns what a person types for a key that SSH goes on with, and what follows from it."""
    return (
        f"crypto key generate rsa modulus {bits} label {_KEY}; "
        f"ip ssh rsa keypair-name {_KEY}; write memory; "
        "the host key changes with it: put the new one into known_hosts"
    )


def _named(state: RouterState) -> str | None:
    """Returns the name of the key pair that the configuration gives to SSH."""
    for line in state.config or ():
        match = re.match(r"ip ssh rsa keypair-name (\S+)", line.strip())
        if match:
            return match[1]
    return None


def first_release(row: RefusedRow, platform: str | None) -> Release:
    """Returns the first release that refuses, on this platform."""
    return row.platforms.get(platform or "", row.since)


def refused_lines(config: Iterable[str], row: RefusedRow) -> Iterator[str]:
    """Yields the lines that a row refuses, each with the head of the block that it stands in."""
    head = ""
    for text in config:
        line = text.strip()
        if not text.startswith(" "):
            head = line
        if not any(re.search(pattern, line) for pattern in row.lines):
            continue
        if row.under is None:
            yield line
        elif line != head and re.search(row.under, head):
            yield f"{head}: {line}"


def unseen_users(state: RouterState) -> tuple[str, ...]:
    """Returns the groups of SNMPv3 whose users the configuration does not show.

    Routers keep them apart; `show snmp user` tells their algorithms.
    """
    lines = [line.strip() for line in state.config or ()]
    if state.snmp_users is not None or any(x.startswith("snmp-server user ") for x in lines):
        return ()
    groups = (re.match(r"(snmp-server group \S+ v3 (?:auth|priv)\b.*)", line) for line in lines)
    return tuple(match[1] for match in groups if match)


def weak_users(state: RouterState) -> tuple[str, ...]:
    """Returns the users of SNMPv3 whose algorithms are refused, each with them (FN72509)."""
    found = []
    for user in state.snmp_users or ():
        weak = [x for x in (user.authentication, user.privacy) if x and _WEAK.match(x)]
        if weak:
            found.append(f"user {user.name}: {', '.join(weak)}")
    return tuple(found)


def servers_alone(state: RouterState) -> tuple[str, ...]:
    """Returns the login lists in which servers alone decide who comes in."""
    lines = [line.strip() for line in state.config or ()]
    if "aaa new-model" not in lines:
        return ()
    logins = [(line, _LOGIN.match(line)) for line in lines]
    return tuple(x for x, m in logins if m and not _LOCAL & set(m["methods"].split()))
