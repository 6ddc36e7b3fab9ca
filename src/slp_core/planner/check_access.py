"""Checks that an upgrade leaves the router within reach: ACCESS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slp_core.planner.situation import Situation
from slp_core.rules.access import (
    crosses,
    first_release,
    new_key,
    refused_key,
    refused_lines,
    server_key,
    servers_alone,
    shielded,
    unseen_users,
    weak_users,
)
from slp_core.rules.concern import Concern
from slp_core.rules.schema import RefusedRow

_QUOTED = 8


def check_access(s: Situation) -> Iterator[Concern]:
    """Yields what of the router's access the target release refuses and the present one does not.

    Said of upgrades alone, and only at the release that begins to refuse.
    """
    if not s.upgrade or s.downgrade:
        return
    yield from _ssh_key(s)
    yield from _refused(s)
    yield from _users(s)
    for line in servers_alone(s.state):
        yield Concern(
            "ACCESS-7",
            "warning",
            f"`{line}`: if its servers are not reached after the reload, nobody logs in",
            "add `local` behind the servers, with a local user, before the upgrade",
        )


def _ssh_key(s: Situation) -> Iterator[Concern]:
    row = s.rules.ssh_key
    if not crosses(s.state.release, s.goal, row.since):
        return
    key = server_key(s.state, s.rules)
    if key.fate in ("long", "none"):
        return
    named = f" {key.name}" if key.name else ""
    refuses = f"from {row.since} on SSH refuses RSA keys below {row.bits:,} bits"
    if shielded(s.state, s.rules):
        yield Concern(
            "ACCESS-1",
            "note",
            f"{refuses}; `{s.rules.compliance_shield.line}` keeps what the router has",
            "make a longer key all the same: Cisco calls that line a last resort",
            source=row.source,
            basis=row.basis,
        )
    elif key.fate == "unseen":
        yield Concern(
            "ACCESS-1",
            "warning",
            f"{refuses}: how long the key{named} of this router is was not seen; {_way_back(s)}",
            "save `show ip ssh` (or `show crypto key mypubkey rsa`) of it and plan again",
            source=row.source,
            basis=row.basis,
        )
    else:
        yield Concern(
            "ACCESS-1",
            "blocker",
            f"{refused_key(s.state, s.state.release, s.goal, s.rules)}; {_way_back(s)}",
            new_key(row.bits),
            source=row.source,
            basis=row.basis,
        )


def _way_back(s: Situation) -> str:
    if s.boots_after == "bundle":
        return "in bundle mode nothing takes the upgrade back"
    if s.one_shot:
        return "what one command commits is not taken back"
    return "only the auto-abort timer takes the upgrade back"


def _refused(s: Situation) -> Iterator[Concern]:
    """Yields one warning for each rule, with the lines that it is about."""
    if s.state.config is None:
        yield from _unseen(s)
        return
    shield = shielded(s.state, s.rules)
    platform = s.platform.id if s.platform else None
    told: dict[str, list[str]] = {}
    rows: dict[str, RefusedRow] = {}
    for row in s.rules.refused:
        if row.shielded and shield:
            continue
        if not crosses(s.state.release, s.goal, first_release(row, platform)):
            continue
        lines = list(refused_lines(s.state.config or (), row))
        if lines:
            told.setdefault(row.rule, []).extend(lines)
            rows.setdefault(row.rule, row)
    for rule, lines in told.items():
        row = rows[rule]
        since = first_release(row, platform)
        keeps = f"; {_shield(s)}" if row.shielded and rule != "ACCESS-3" else ""
        yield Concern(
            rule,
            "warning",
            f"{row.what} from {since} on: {_quoted(lines)}",
            f"{row.remedy}{keeps}",
            source=row.source,
            basis=row.basis,
        )


def _unseen(s: Situation) -> Iterator[Concern]:
    if any(crosses(s.state.release, s.goal, row.since) for row in s.rules.refused):
        yield Concern(
            "ACCESS-5",
            "note",
            f"the configuration was not seen: {s.goal} refuses weak lines of SNMPv3, IPsec, OSPFv3 "
            f"and SSH that {s.state.release} takes",
            "save show running-config of it, and plan again",
        )


def _shield(s: Situation) -> str:
    row, present = s.rules.compliance_shield, s.state.release
    if present is not None and present < row.since:
        return f"the last resort, `{row.line}`, is there from {row.since} on only"
    return f"the last resort is `{row.line}`, which counts from the next reload on"


def _quoted(lines: Sequence[str]) -> str:
    shown = "; ".join(f"`{line}`" for line in lines[:_QUOTED])
    more = len(lines) - _QUOTED
    return f"{shown} and {more} more" if more > 0 else shown


def _users(s: Situation) -> Iterator[Concern]:
    row = next((r for r in s.rules.refused if r.rule == "ACCESS-4"), None)
    if row is None or shielded(s.state, s.rules):
        return
    users = weak_users(s.state)
    if users and crosses(s.state.release, s.goal, row.since):
        yield Concern(
            row.rule,
            "warning",
            f"{row.what} from {row.since} on: {_quoted(users)}",
            f"{row.remedy}; {_shield(s)}",
            source=row.source,
            basis=row.basis,
        )
    groups = unseen_users(s.state)
    if groups and crosses(s.state.release, s.goal, row.since):
        yield Concern(
            row.rule,
            "warning",
            f"{row.what} from {row.since} on; the configuration shows no user of {_quoted(groups)}",
            "show snmp user tells their algorithms",
            source=row.source,
            basis=row.basis,
        )
