"""The authorization codes of a simulated router: reservations and SLACs, as they were printed."""

from __future__ import annotations

from typing import Any

from slp_core.state import AuthorizationMember, License, ReservedLicense
from slp_lab.captured_licensing import Reader


def reservation(reader: Reader) -> dict[str, Any] | None:
    """Returns the specific reservation of a router, before or under SLP; None where it has none."""
    if reader.model == "slp":
        return _held(reader, "SPECIFIC")
    if reader.model != "slr":
        return None
    told = reader.licensing.reservation
    rows = [_reserved(reader, x) for x in (told.licenses if told else None) or ()]
    if not rows:
        shown = reader.licensing.licenses or ()
        rows = [_entry(reader, x) for x in shown if _is_reserved(x)]
    at = told.installed_on if told else None
    found: dict[str, Any] = {"installed_at": reader.past(at), "licences": rows}
    if told and told.confirmation_code:
        found["confirmation_code"] = told.confirmation_code
    return found


def slac(reader: Reader) -> dict[str, Any] | None:
    """Returns the authorization code that a router under SLP holds besides a reservation."""
    found = _held(reader, "SMART") if reader.model == "slp" else None
    return found if found and found["licences"] else None


def legacy(reader: Reader) -> list[dict[str, Any]]:
    """Returns what a router under SLP may use because it had a PAK for it."""
    told = reader.licensing.authorization
    by_pak = any(m.legacy_status for m in (told.members if told is not None else None) or ())
    if told is None or not by_pak or reader.model != "slp":
        return []
    rows = [_reserved(reader, x) for x in told.licenses or ()]
    shown = reader.licensing.licenses or ()
    return rows or [_entry(reader, x) for x in shown if reader.restricted(x)]


def reporting(reader: Reader) -> dict[str, Any]:
    """Returns what a router under SLP tells of acknowledgements and its policy."""
    told, policy = reader.licensing.reporting, reader.licensing.policy
    found: dict[str, Any] = {}
    if reader.model != "slp":
        return found
    if told is not None and told.last_ack is not None:
        found["last_ack"] = told.last_ack
    if told is not None and told.next_ack_deadline is not None:
        found["deadline"] = told.next_ack_deadline
    if policy is not None and policy.name:
        found["policy_at"] = reader.past(policy.installed_on)
    return found


def policy_of(reader: Reader) -> dict[str, Any] | None:
    """Returns the policy that a router was given, as an account has it."""
    told = reader.licensing.policy
    if reader.model != "slp" or told is None or not told.name:
        return None
    rows = {
        kind: [terms.first_report or 0, terms.frequency or 0, terms.on_change or 0]
        for kind in ("perpetual", "subscription", "enforced", "export")
        if (terms := getattr(told, kind)) is not None
    }
    return {"name": told.name, **rows}


def _held(reader: Reader, kind: str) -> dict[str, Any] | None:
    """Returns the code of this kind that ``show license authorization`` tells of."""
    told = reader.licensing.authorization
    members: tuple[AuthorizationMember, ...] = (told.members if told is not None else None) or ()
    member = next((m for m in members if (m.status or "").upper().startswith(kind)), None)
    if told is None or member is None:
        return None
    rows = [_reserved(reader, x) for x in told.licenses or ()]
    found: dict[str, Any] = {
        "installed_at": reader.past(member.installed_on),
        "licences": rows,
    }
    if member.confirmation_code:
        found["confirmation_code"] = member.confirmation_code
    return found


def _reserved(reader: Reader, licence: ReservedLicense) -> dict[str, Any]:
    tag = reader.full(licence.tag)
    row: dict[str, Any] = {"tag": tag} | reader.regid(tag)
    if licence.name:
        row["name"] = licence.name
    if licence.description:
        row["description"] = licence.description
    if (licence.count or "").isdigit() and licence.count != "1":
        row["count"] = int(licence.count or 1)
    if reader.is_hseck9(tag):
        row["restricted"] = True
    if licence.license_type:
        row["license_type"] = licence.license_type.upper()
    return row


def _entry(reader: Reader, licence: License) -> dict[str, Any]:
    row = reader.smart(licence)
    kept = ("tag", "regid", "name", "description", "count", "restricted")
    return {k: row[k] for k in kept if k in row}


def _is_reserved(licence: License) -> bool:
    """Tells whether a licence is part of the reservation, by its own status where none is told."""
    told = licence.reservation_status or licence.status or ""
    return not told.upper().startswith("NOT ")
