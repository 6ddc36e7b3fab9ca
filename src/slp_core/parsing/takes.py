"""Where the values of each output go in the state: tables, read like a form."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from slp_core.errors import ReleaseError
from slp_core.parsing.builder import Missing, Take
from slp_core.parsing.commands.boot import images
from slp_core.parsing.values import Stamped
from slp_core.release import Release

_KINDS = {
    "callhome": "callhome",
    "call-home": "callhome",
    "smart": "smart",
    "cslu": "cslu",
    "transport off": "off",
    "off": "off",
    "automatic": "automatic",
}


def text(value: Stamped) -> str:
    """Returns the state without its date."""
    if value.text is None:
        raise Missing("no text")
    return value.text


def at(value: Stamped) -> datetime:
    """Returns the date of a state that has one."""
    if value.at is None:
        raise Missing("no date")
    return value.at


def kind(value: str) -> str:
    """Returns the transport as the state names it."""
    try:
        return _KINDS[value.lower()]
    except KeyError as error:
        raise Missing(value) from error


def release(value: str) -> Release:
    """Returns the release, where the text is one."""
    try:
        return Release.parse(value)
    except ReleaseError as error:
        raise Missing(value) from error


def release_named(value: str) -> Release:
    """Returns the release that an image says of itself in ``Version 17.9.4,``."""
    return release(value.partition("Version ")[2].partition(",")[0])


def proxy(value: Any) -> str | None:
    """Returns address and port; ``None`` where no proxy is configured."""
    if value.address is None:
        return None
    return f"{value.address}:{value.port}" if value.port else str(value.address)


def configured(value: str) -> str | None:
    """Returns a value; ``None`` for what some releases print instead of ``<empty>``."""
    return None if value.lower() == "not configured" else value


def or_none(value: str) -> str | None:
    """Returns a value; ``None`` where its line is printed without one."""
    return value or None


def rommon(value: str) -> str:
    """Returns the version of ROMMON, such as ``16.2(1r)``, where the line names one."""
    found = re.match(r"(?:Version )?(\d+\.\d+\(\d+[a-z]*\)\S*)", value)
    if found is None:
        raise Missing(value)
    return found[1].rstrip(",")


def running(value: Any) -> int:
    """Returns how long an evaluation lasts that is in use."""
    if value.left_s is None or (value.mode or "").lower() == "not in use":
        raise Missing("no evaluation is in use")
    return int(value.left_s)


def boot_mode(image: str) -> str:
    """Returns install for ``packages.conf`` (UP-2), bundle for an image file."""
    return "install" if image.endswith("packages.conf") else "bundle"


def manual(value: str) -> bool:
    """Returns whether the next boot waits for a person at the boot prompt."""
    return value.lower() == "yes"


def standby_images(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Returns what the boot variable of the standby processor holds."""
    for line in lines:
        if line.startswith("Standby BOOT variable"):
            return images(line.partition("=")[2].strip())
    raise Missing("no variable of the standby")


def standby_register(lines: tuple[str, ...]) -> str:
    """Returns the configuration register with which the standby processor boots next."""
    for line in lines:
        words = re.findall(r"0x[0-9A-Fa-f]+", line)
        if "egister" in line and words:
            return str(words[-1])
    raise Missing("no register of the standby")


_LEFT = re.compile(r"(\d+):(\d\d):(\d\d)")


def timer(words: tuple[str, ...]) -> str:
    """Returns the auto-abort timer of all locations; a form that is not known counts as active.

    Source: C02 of the field cases: what is not said to be inactive may roll back (F07).
    """
    shown = [" ".join(text.split()).rstrip(" ,") for text in words]
    running = [text for text in shown if text.lower() not in ("inactive", "not active")]
    if not running:
        return "inactive"
    word = running[0].partition(",")[0].strip()
    return word if word.lower().startswith("active") else f"active ({running[0]})"


def timer_left(words: tuple[str, ...]) -> int:
    """Returns the seconds until the first of the timers rolls back."""
    left = [_LEFT.search(text) for text in words]
    seconds = [int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]) for m in left if m is not None]
    if not seconds:
        raise Missing("no time is printed")
    return min(seconds)


VERSION = (
    Take("hostname", "hostname"),
    Take("release", "xe_version", release),
    Take("release", "version", release),
    Take("release", "experimental", release),
    Take("build", "build"),
    Take("image_id", "image_id"),
    Take("rommon", "rom", rommon),
    Take("boot.restarted_at", "restarted_at"),
    Take("boot.uptime_s", "uptime_s"),
    Take("boot.returned_by", "returned_by"),
    Take("boot.reload_reason", "reload_reason"),
    Take("boot.mode", "system_image", boot_mode),
    Take("boot.image", "system_image"),
    Take("boot.config_register", "config_register"),
    Take("boot.next_config_register", "next_config_register"),
    Take("controller_mode", "operating_mode", lambda x: "controller" in x.lower()),
    Take("licensing.show_version_status", "smart_licensing_status"),
    Take("licensing.license_level", "license_level"),
    Take("licensing.next_license_level", "next_license_level", or_none),
    Take("licensing.license_type", "license_type"),
    Take("licensing.addon_level", "addon_license_level"),
    Take("licensing.next_addon_level", "addon_next_level", or_none),
)

THROUGHPUT_OF_VERSION = (
    Take("throughput.level", "throughput_kbps"),
    Take("throughput.crypto", "crypto_throughput_kbps"),
)
"""What ``show version`` says besides of what other commands print in full."""

STATUS = (
    Take("licensing.smart_licensing", "smart_licensing"),
    Take("licensing.slp", "slp.status"),
    Take("licensing.reservation.enabled", "reservation_enabled"),
    Take("licensing.smart_account", "account.smart_account", text),
    Take("licensing.virtual_account", "account.virtual_account"),
    Take("licensing.smart_account", "registration.smart_account"),
    Take("licensing.virtual_account", "registration.virtual_account"),
    Take("licensing.registration.status", "registration.status"),
    Take("licensing.registration.smart_account", "registration.smart_account"),
    Take("licensing.registration.virtual_account", "registration.virtual_account"),
    Take("licensing.registration.export_controlled", "registration.export_controlled"),
    Take("licensing.registration.initial", "registration.initial", text),
    Take("licensing.registration.expires", "registration.expires", at),
    Take("licensing.registration.failure_reason", "registration.failure_reason"),
    Take("licensing.authorization_status", "authorization.status", text),
    Take("licensing.communication.outcome", "authorization.last_communication", text),
    Take("licensing.communication.attempted", "authorization.last_communication", at),
    Take("licensing.communication.failure_reason", "authorization.failure_reason"),
    Take("licensing.communication.next_attempt", "authorization.next_communication", at),
    Take("licensing.communication.deadline", "authorization.deadline", at),
    Take("licensing.evaluation_left_s", "authorization.evaluation_left_s"),
    Take("licensing.evaluation_left_s", "evaluation", running),
    Take("licensing.transport.kind", "transport.kind", kind),
    Take("licensing.transport.url", "transport.url"),
    Take("licensing.transport.cslu_address", "transport.cslu_address"),
    Take("licensing.transport.proxy", "transport.proxy", proxy),
    Take("licensing.transport.vrf", "transport.vrf", configured),
    Take("licensing.policy.in_use", "policy.in_use", text),
    Take("licensing.policy.installed_on", "policy.in_use", at),
    Take("licensing.policy.name", "policy.name"),
    Take("licensing.policy.ack_required", "policy.ack_required"),
    *(
        Take(f"licensing.policy.{terms}.{days}", f"policy.{terms}.{days}")
        for terms in ("perpetual", "subscription", "enforced", "export")
        for days in ("first_report", "frequency", "on_change")
    ),
    *(
        Take(f"licensing.reporting.{name}", f"reporting.{name}")
        for name in (
            "last_ack",
            "next_ack_deadline",
            "push_interval_days",
            "next_ack_push_check",
            "next_report_push",
            "last_report_push",
            "last_report_file_write",
        )
    ),
    Take("licensing.policy.in_use", "policy_v2.in_use", text),
    Take("licensing.policy.installed_on", "policy_v2.in_use", at),
    Take("licensing.policy.name", "policy_v2.name"),
    Take("licensing.reservation.enabled", "reservation_info.enabled"),
    Take("licensing.reporting.reports_total", "reports.total"),
    Take("licensing.reporting.reports_waiting", "reports.waiting"),
    Take("licensing.trust.installed_on", "trust.installed_on"),
    Take("licensing.conversion_status", "conversion.status", text),
    Take("licensing.conversion_on", "conversion.status", at),
    Take("licensing.agent_version", "agent.version"),
)

LICENSE = (
    Take("name", "name"),
    Take("description", "description"),
    Take("count", "count"),
    Take("version", "version"),
    Take("status", "status", text),
    Take("export_status", "export_status"),
    Take("feature_name", "feature_name"),
    Take("feature_description", "feature_description"),
    Take("enforcement", "enforcement"),
    Take("license_type", "license_type"),
    Take("reservation_status", "reservation.status"),
    Take("reserved_count", "reservation.reserved_count"),
)

CSL = tuple(
    Take(name, name)
    for name in (
        "index",
        "period_left",
        "period_used",
        "license_type",
        "license_state",
        "license_count",
        "license_priority",
        "store",
        "lock_type",
        "enforcement",
        "evaluation",
        "subscription",
        "enabled",
        "right_to_use",
    )
)

_RIGHTS = {
    "evaluation": "EvalRightToUse",
    "subscription": "Subscription",
}


def right(kind: str) -> str:
    """Returns the type of a licence of the right-to-use table, as other outputs name it.

    What that table calls permanent needs no code: a right to use without an end (MODEL-RTU).
    """
    return _RIGHTS.get(kind, "RightToUse")


RIGHT_TO_USE = (
    Take("license_type", "kind", right),
    Take("license_count", "count"),
    Take("period_left", "period_left"),
)

MEMBER = (
    Take("status", "status", text),
    Take("installed_on", "status", at),
    Take("confirmation_code", "confirmation_code"),
    Take("legacy_status", "legacy_status"),
    Take("export_controlled", "export_controlled"),
)

AUTHORIZED = (
    Take("name", "name"),
    Take("name", "display_name"),
    Take("description", "description"),
    Take("count", "available_count"),
    Take("count", "reserved_count"),
    Take("enforcement", "enforcement"),
)

TERM = (
    Take("authorization_type", "authorization_type", text),
    Take("license_type", "license_type"),
    Take("term_count", "term_count"),
)

THROUGHPUT = {
    "show platform hardware throughput level": (Take("throughput.level", "level"),),
    "show platform hardware throughput crypto": (
        Take("throughput.crypto", "level"),
        Take("throughput.crypto_configured", "configured"),
    ),
}

DLC = (
    Take("licensing.dlc.process_status", "process_status"),
    Take("licensing.dlc.conversion_status", "conversion_status"),
    Take(
        "licensing.dlc.features",
        "features",
        lambda rows: tuple(row.feature for row in rows if row.feature),
    ),
)

PAK_SNAPSHOT = (
    Take("licensing.pak_snapshot", "licenses", lambda rows: tuple(r.name for r in rows if r.name)),
)

SSH = (
    Take("ssh.enabled", "enabled"),
    Take("ssh.version", "version"),
    Take("ssh.key_name", "key_name"),
    Take("ssh.modulus_bits", "modulus_bits"),
)

BOOT = (
    Take("boot.variables", "next.variables"),
    Take("boot.variables", "variables"),
    Take("boot.variables", "current.variables"),
    Take("boot.manual", "next.manual", manual),
    Take("boot.manual", "manual", manual),
    Take("boot.config_register", "config_register"),
    Take("boot.next_config_register", "next_config_register"),
    Take("boot.standby_variables", "standby", standby_images),
    Take("boot.standby_config_register", "standby", standby_register),
)

INSTALL = (
    Take("install.auto_abort", "timers", timer),
    Take("install.auto_abort_left_s", "timers", timer_left),
)

REDUNDANCY = (
    *(
        Take(f"redundancy.{name}", f"{where}{name}")
        for where in ("system.", "")
        for name in ("configured_mode", "operating_mode", "switchovers", "last_switchover")
    ),
    Take("redundancy.peer_state", "peer.state"),
    Take("redundancy.peer_state", "peer_missing"),
    Take("redundancy.active_location", "current.location"),
    Take("redundancy.active_release", "current.image_version", release_named),
    Take("redundancy.peer_release", "peer.image_version", release_named),
)
ISSU = (
    Take("issu.status", "status"),
    Take("issu.previous", "previous"),
    Take("issu.state", "state"),
    Take("issu.last", "last"),
    Take("issu.idle", "idle"),
    Take("issu.terminal", "terminal"),
)

CLOCK = (
    Take("clock.time", "time"),
    Take("clock.authoritative", "authoritative"),
)

NTP = (Take("clock.synchronised", "synchronised"),)

CONFIGURATION = (
    Take("hostname", "hostname"),
    Take("controller_mode", "controller"),
)
