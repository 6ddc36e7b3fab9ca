"""Classic licensing on the ASR 900 family (B9, DOWN-5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

from slp_core.release import Release
from slp_core.rules.concern import Concern
from slp_core.state import RouterState


class ClassicMode(StrEnum):
    """How a classic router is licensed."""

    SMART = "smart"
    TRADITIONAL = "traditional"
    NO_LICENSE = "no-license"
    UNKNOWN = "unknown"


NO_TRADITIONAL_FROM = Release(17, 7, 1)
SNAPSHOT_FROM, SNAPSHOT_BEFORE = Release(17, 8, 1), Release(17, 11, 1)
SMART_FROM = Release(17, 3, 1)
MATRIX_FROM = Release(17, 1, 1)


def modes_of(state: RouterState) -> dict[str, ClassicMode]:
    """Returns what each fact says of how the router is licensed, the most telling first.

    Source: MODEL-CLASSIC.
    """
    licensing = state.licensing
    if licensing is None:
        return {}
    kind = (licensing.license_type or "").lower()
    version = (licensing.show_version_status or "").upper()
    named = {"no license mode": ClassicMode.NO_LICENSE, "smart license": ClassicMode.SMART}
    told = {
        "licensing.license_type": named.get(kind),
        "licensing.registration": ClassicMode.SMART if licensing.registration else None,
        "licensing.smart_licensing": {"ENABLED": ClassicMode.SMART}.get(
            (licensing.smart_licensing or "").upper()
        ),
        "licensing.show_version_status": ClassicMode.NO_LICENSE
        if "DISABLED" in version
        else (ClassicMode.SMART if "REGISTERED" in version else None),
    }
    found = {source: mode for source, mode in told.items() if mode is not None}
    if not found and (licensing.csl_features or kind):
        found["licensing.license_type" if kind else "licensing.csl_features"] = (
            ClassicMode.TRADITIONAL
        )
    return found


def mode_of(state: RouterState) -> ClassicMode:
    """Returns how the router is licensed, by its outputs. Source: MODEL-CLASSIC."""
    return next(iter(modes_of(state).values()), ClassicMode.UNKNOWN)


def mode_after(mode: ClassicMode, after: Release) -> ClassicMode:
    """Returns the mode that a release boots into.

    Source: B9-2 (traditional becomes No-License from 17.7.1), DOWN-5 (Smart stays Smart,
    No-License returns to traditional).
    """
    if mode is ClassicMode.TRADITIONAL and after >= NO_TRADITIONAL_FROM:
        return ClassicMode.NO_LICENSE
    if mode is ClassicMode.NO_LICENSE and after < NO_TRADITIONAL_FROM:
        return ClassicMode.TRADITIONAL
    return mode


def takes_snapshot(release: Release) -> bool:
    """Tells whether a release records PAK licences. Source: B9-3: 17.8.1 to 17.10.x."""
    return SNAPSHOT_FROM <= release < SNAPSHOT_BEFORE


def skips_snapshot(
    mode: ClassicMode,
    before: Release | None,
    after: Release,
    paks: Collection[str] | None = None,
) -> bool:
    """Tells whether the way to ``after`` leaves the PAK record behind.

    Args:
        paks: the permanent licences of the router; ``None`` where they were not seen.

    Source: B9-3; B1003: a router without such licences has nothing to record.
    """
    if mode is ClassicMode.SMART or after < SNAPSHOT_BEFORE or (paks is not None and not paks):
        return False
    return before is None or before < SNAPSHOT_FROM


def wants_boot_level(after: Release) -> bool:
    """Tells whether the boot level must be configured first. Source: B9-1: below 17.8.1."""
    return after < SNAPSHOT_FROM


def runs_smart(release: Release) -> bool | None:
    """Tells whether a release has Smart Licensing; ``None`` before the matrix. Source: B9-11."""
    if release < MATRIX_FROM:
        return None
    return release >= SMART_FROM


def enables_smart(release: Release) -> bool:
    """Tells whether Smart Licensing must be enabled by command. Source: B9-2: up to 17.6.1."""
    return release.key[:3] <= (17, 6, 1)


def reserves(release: Release) -> bool:
    """Tells whether a release has SLR. Source: B9-4: from 17.8.1."""
    return release >= SNAPSHOT_FROM


def no_reservation(release: Release) -> Concern:
    """Returns that the release that runs has no reservations yet (B9-4; B127)."""
    return Concern(
        "B9-4",
        "blocker",
        f"{release} has no Specific License Reservation on this family: it begins with 17.8.1",
        "upgrade to 17.8.1 or later first",
        overridable=False,
    )


IDENTITY_WARNING = timedelta(days=30)
"""B9-13: what renews itself every 30 days; an identity that ends sooner was not renewed."""


def identity_ends_soon(state: RouterState, now: datetime | None) -> bool | None:
    """Tells whether the identity ends before the next renewal, or has ended; then it is evaluation.

    ``None`` where the router does not show when it ends, or the time is not known.
    Source: B9-13.
    """
    registration = state.licensing.registration if state.licensing else None
    ends = registration.expires if registration else None
    if ends is None or now is None:
        return None
    return ends - now < IDENTITY_WARNING


CSSM_DOMAIN = "cisco.com"
TRUSTPOINT_LINE = "ip http client secure-trustpoint SLA-TrustPoint"


def names_trustpoint(config: Iterable[str] | None) -> bool | None:
    """Tells whether the HTTP client has the trustpoint of licensing; ``None``: unseen.

    Source: B9-8, MSG-4.
    """
    return None if config is None else any(x.strip() == TRUSTPOINT_LINE for x in config)


def url_fault(url: str | None) -> str | None:
    """Returns what is wrong with an address to register at; ``None`` where nothing is.

    Source: B9-19: the CSSM portal takes https alone (B187, against the http of B321-323); a
    satellite has an address of its own, http too (B191).
    """
    if url is None or url.lower().startswith("https://"):
        return None
    if not url.lower().startswith("http://"):
        return f"{url} is no web address: registering over it fails"
    host = urlsplit(url).hostname or ""
    if host == CSSM_DOMAIN or host.endswith(f".{CSSM_DOMAIN}"):
        return f"{url} is no https address: registering over it fails"
    return None


UEA_TRACE_FROM = Release(17, 10, 1)


def trace_command(release: Release) -> str:
    """Returns what gathers traces for a support case. Source: B9-14."""
    if release >= UEA_TRACE_FROM:
        return "set platform software trace ios R0 uea-sl verbose"
    return "license smart log verbose"


def saves_at_once(state: RouterState) -> bool:
    """Tells whether a registration must be saved for a second processor. Source: B9-7."""
    redundancy = state.redundancy
    return (redundancy.processors or 1) > 1 if redundancy is not None else False


AUTHORIZATION_REMEDIES = {
    "ENABLED": "nothing: licensing is enabled, nothing is asked for yet",
    "WAITING": "wait for the answer of CSSM",
    "AUTHORIZED": "nothing",
    "OUT OF COMPLIANCE": "buy the licences that are missing, or move them into the account",
    "OOC": "buy the licences that are missing, or move them into the account",
    "EVAL EXPIRED": "register the router: its evaluation is over",
    "EVAL PERIOD EXPIRED": "register the router: its evaluation is over",
    "EVAL": "register the router",
    "GRACE PERIOD": "restore the connection to CSSM",
    "DISABLED": "enable Smart Licensing, if the router shall use it",
    "INVALID": "the entitlement tag is unknown to CSSM: open a case",
}
"""What each authorization state asks for (B9-12)."""


def same_words(status: str | None) -> str:
    """Returns a state in one spelling: ``Out-Of-Compliance`` is ``OUT OF COMPLIANCE``."""
    return re.sub(r"[-_\s]+", " ", status or "").strip().upper()


def has_failed(outcome: str | None) -> bool:
    """Tells whether the last communication with CSSM failed (B484-490)."""
    return same_words(outcome).startswith("FAIL")


def remedy_of(status: str | None) -> str | None:
    """Returns what an authorization state asks for; ``None`` where it asks for nothing known."""
    text = same_words(status)
    return next((r for s, r in AUTHORIZATION_REMEDIES.items() if text.startswith(s)), None)


def sets_boot_level(config: Iterable[str] | None) -> bool | None:
    """Tells whether a configuration sets the licence level of the next boot; unread, ``None``."""
    return None if config is None else any("license boot level" in line for line in config)


def no_boot_level(severity: Literal["blocker", "warning"], text: str, remedy: str) -> Concern:
    """Returns that a default level boots, as none is configured (B9-1)."""
    return Concern("B9-1", severity, f"no license boot level is configured: {text}", remedy)


def no_token(remedy: str) -> Concern:
    """Returns that a router is to be registered and nobody names a token (TOKEN-1)."""
    return Concern("TOKEN-1", "blocker", "registering needs a token", remedy, overridable=False)
