"""How the facts of the sidecars are held against what a parser says.

The sidecars quote the outputs; the parsers give typed values. What stands here turns a quoted fact
into the value that it must be, by means of its own (no code of the parsers is used for it).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

DATE = re.compile(r"[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4} UTC$")
ABSENT = object()
"""What is not in the output: nothing was printed."""

Check = Callable[[Any], Any]


def plain(fact: Any) -> Any:
    """A quoted text is the value."""
    return None if fact in ("<none>", "<empty>") else fact


def date(fact: Any) -> Any:
    """A quoted date is an aware datetime."""
    if fact is None:
        return None
    return datetime.strptime(fact, "%b %d %H:%M:%S %Y UTC").replace(tzinfo=UTC)


def stamped(fact: str) -> tuple[str | None, datetime | None]:
    """``AUTHORIZED on DATE`` is a state and a date."""
    found = DATE.search(fact)
    if found is None:
        return fact, None
    head = re.sub(r" [Oo]n $", "", fact[: found.start()])
    return head or None, date(found[0])


def duration(fact: str) -> int:
    """``89 days, 23 hours, 57 minutes, 0 seconds`` is a number of seconds."""
    parts = {unit: int(number) for number, unit in re.findall(r"(\d+) (\w+?)s?\b", fact)}
    return int(timedelta(**{f"{unit}s": number for unit, number in parts.items()}).total_seconds())


def days(fact: str) -> int:
    """``30 days`` is a number."""
    return int(fact.split()[0])


def truth(fact: Any) -> bool:
    """``yes`` and ``False`` are truth values."""
    return fact if isinstance(fact, bool) else fact.lower() in ("yes", "true", "enabled")


def rate(fact: str) -> int | str:
    """``400000 kb/s`` is a number of kb/s, ``unthrottled`` a word."""
    number = re.fullmatch(r"(\d+) (?:kb/s|kbps)", fact)
    return int(number[1]) if number else fact


SIMPLE: dict[str, tuple[str, Check]] = {
    "smart_licensing": ("smart_licensing", plain),
    "registration_status": ("registration.status", plain),
    "smart_account": ("registration.smart_account|account.smart_account", plain),
    "virtual_account": ("registration.virtual_account|account.virtual_account", plain),
    "export_controlled_functionality": ("registration.export_controlled", plain),
    "initial_registration": ("registration.initial", stamped),
    "last_renewal_attempt": ("registration.last_renewal", stamped),
    "next_renewal_attempt": ("registration.next_renewal", stamped),
    "registration_expires": ("registration.expires", stamped),
    "authorization_status": ("authorization.status", stamped),
    "last_communication_attempt": ("authorization.last_communication", stamped),
    "next_communication_attempt": ("authorization.next_communication", stamped),
    "communication_deadline": ("authorization.deadline", stamped),
    "failure_reason": ("authorization.failure_reason", plain),
    "evaluation_period_remaining": ("authorization.evaluation_left_s", duration),
    "automatic_conversion": ("conversion.automatic", truth),
    "conversion_status": ("conversion.status", stamped),
    "utility_status": ("utility.status", plain),
    "slp_status": ("slp.status", plain),
    "transport_type": ("transport.kind", plain),
    "transport_url": ("transport.url", plain),
    "cslu_address": ("transport.cslu_address", plain),
    "policy_in_use": ("policy.in_use", stamped),
    "policy_name": ("policy.name", plain),
    "reporting_ack_required": ("policy.ack_required", plain),
    "last_ack_received": ("reporting.last_ack", date),
    "next_ack_deadline": ("reporting.next_ack_deadline", date),
    "reporting_push_interval": ("reporting.push_interval_days", days),
    "next_ack_push_check": ("reporting.next_ack_push_check", date),
    "next_report_push": ("reporting.next_report_push", date),
    "last_report_push": ("reporting.last_report_push", date),
    "last_report_file_write": ("reporting.last_report_file_write", date),
    "trust_code_installed": ("trust.installed_on", date),
    "agent_version": ("agent.version", plain),
    "xe_version": ("xe_version", plain),
    "version": ("version|xe_version", plain),
    "image_id": ("image_id", plain),
    "license_level": ("license_level", plain),
    "license_type": ("license_type", plain),
    "smart_licensing_status": ("smart_licensing_status", plain),
    "hostname": ("hostname", plain),
    "uptime": ("uptime_s", duration),
    "returned_to_rom_by": ("returned_by", plain),
    "system_image": ("system_image", plain),
    "reload_reason": ("reload_reason", plain),
    "throughput_level": ("level", rate),
    "crypto_level": ("level", rate),
    "cerm": ("functionality", plain),
    "failed_tunnels": ("failed_tunnels", plain),
    "failed_sessions": ("failed_sessions", plain),
    "failed_encrypt_pkts": ("failed_encrypt_pkts", plain),
    "failed_encrypt_pkt_bytes": ("failed_encrypt_pkt_bytes", plain),
    "failed_decrypt_pkts": ("failed_decrypt_pkts", plain),
    "failed_decrypt_pkt_bytes": ("failed_decrypt_pkt_bytes", plain),
    "dlc_process_status": ("process_status", plain),
    "dlc_conversion_status": ("conversion_status", plain),
    "total": ("total", plain),
    "free_or_used": ("free", plain),
    "directory": ("path", plain),
    "integrity": ("integrity", plain),
    "snapshot_available": ("available", truth),
}

LICENSE: dict[str, tuple[str, Check]] = {
    "name": ("name", plain),
    "tag": ("tag", plain),
    "description": ("description", plain),
    "count": ("count", plain),
    "version": ("version", plain),
    "status": ("status", stamped),
    "export_status": ("export_status", plain),
    "feature_name": ("feature_name", plain),
    "enforcement": ("enforcement", plain),
    "license_type": ("license_type", plain),
    "reservation_status": ("reservation.status", plain),
    "total_reserved_count": ("reservation.reserved_count", plain),
}

AUTHORIZED: dict[str, tuple[str, Check]] = {
    "name": ("name", plain),
    "tag": ("tag", plain),
    "description": ("description", plain),
    "total_available_count": ("available_count", plain),
    "total_reserved_count": ("reserved_count", plain),
    "enforcement": ("enforcement", plain),
    "authorization_type": ("term.members.0.authorization_type", stamped),
    "license_type": ("term.members.0.license_type", plain),
    "term_count": ("term.members.0.term_count", plain),
}

MEMBER: dict[str, tuple[str, Check]] = {
    "role": ("role", plain),
    "pid": ("pid", plain),
    "sn": ("sn", plain),
    "status": ("status", stamped),
    "status2": ("legacy_status", plain),
    "last_confirmation_code": ("confirmation_code", plain),
    "export_controlled": ("export_controlled", plain),
}

FEATURE: dict[str, tuple[str, Check]] = {
    name: (name, plain)
    for name in (
        "index", "feature", "period_left", "period_used", "license_type", "license_state",
        "license_count", "license_priority", "permanent", "eval_rtu", "rtu", "paper",
        "lock_type", "vendor_info",
    )
} | {
    "enforcement": ("enforcement", truth),
    "evaluation": ("evaluation", truth),
    "subscription": ("subscription", truth),
    "enabled": ("enabled", truth),
    "righttouse": ("right_to_use", truth),
}  # fmt: skip

FILE: dict[str, tuple[str, Check]] = {
    "name": ("name", plain),
    "perm": ("permissions", plain),
    "size": ("size", plain),
}

PAK: dict[str, tuple[str, Check]] = {
    "license_name": ("name", plain),
    "index": ("index", int),
    "in_use_count": ("in_use_count", int),
    "in_use_count_valid": ("in_use_count_valid", int),
    "license_precedence": ("precedence", int),
    "license_type": ("license_type", plain),
    "license_count": ("license_count", plain),
    "current_state": ("current_state", plain),
    "license_state": ("license_state", plain),
    "timestamp_lower_32bits": ("timestamp_low", plain),
    "timestamp_upper_32bits": ("timestamp_high", plain),
    "trial_elapsed_period_left": ("trial_left", plain),
}


def value_at(data: Any, path: str) -> Any:
    """Returns what a parser says at a dotted path, ``ABSENT`` where nothing was printed.

    Of several paths (``a|b``) the first that was printed counts.
    """
    path, _, other = path.partition("|")
    if other:
        found = value_at(data, path)
        return value_at(data, other) if found is ABSENT else found
    for name in path.split("."):
        if isinstance(data, tuple):
            data = data[int(name)] if int(name) < len(data) else ABSENT
        elif data is None or data is ABSENT or not data.known(name):
            return ABSENT
        else:
            data = getattr(data, name)
    if type(data).__name__ == "Stamped":
        return data.text, data.at
    return data
