"""What the licensing agent holds: values that survive a reload in the router's trusted store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from slp_sim.formats import Policy, cisco_default_policy
from slp_sim.router.catalog import regid_for, short_tag, tag_for
from slp_sim.router.spec import LicenceSpec, ReservedSpec

RETRY_S = 3600.0
"""Lab seconds until a failed report is tried again for the first time."""

Kind = Literal["pak", "rtu", "evaluation", "default", "none", "smart"]


@dataclass(slots=True)
class Licence:
    """One licence that the router lists."""

    feature: str
    tag: str
    regid: str
    name: str = ""
    description: str = ""
    count: int = 1
    restricted: bool = False
    license_type: str = "Perpetual"
    status: str | None = None
    kind: Kind = "smart"
    in_use: bool = True
    right_to_use: bool = False
    enforced: bool = True
    has_evaluation: bool = True
    counted: bool = False
    priority: str = "Medium"
    used_s: float = 0.0
    stored: int | None = None

    @classmethod
    def of(cls, spec: LicenceSpec, pid: str, model: str, hsec: tuple[str, str]) -> Licence:
        """Returns the licence that a scenario describes."""
        tag = spec.tag or (hsec[0] if spec.feature == "hseck9" else tag_for(pid, spec.feature))
        regid = spec.regid or (hsec[1] if spec.feature == "hseck9" else regid_for(tag))
        kind: Kind = spec.kind if model in ("csl", "nolicense") else "smart"
        restricted = spec.restricted or spec.feature == "hseck9"
        evaluation = spec.has_evaluation
        rtu = spec.right_to_use
        plain = spec.feature if model == "slp" else ""
        return cls(
            feature=spec.feature,
            tag=tag,
            regid=regid,
            name=spec.name or plain,
            description=spec.description or plain,
            count=spec.count,
            restricted=restricted,
            license_type=spec.license_type or ("Export" if tag == "DNA_HSEC" else "Perpetual"),
            status=spec.status,
            kind=kind,
            in_use=spec.in_use and kind not in ("default", "none"),
            right_to_use=rtu if rtu is not None else kind in ("rtu", "evaluation"),
            enforced=spec.enforced and not (kind == "default" and spec.feature == "ipbasek9"),
            has_evaluation=(
                evaluation
                if evaluation is not None
                else kind not in ("default", "none") and not restricted
            ),
            counted=spec.counted,
            priority=spec.priority or _priority(kind, spec.in_use),
            used_s=spec.period_used_s,
            stored=spec.stored,
        )

    @classmethod
    def hseck9(cls, tag: str, regid: str, count: int = 1) -> Licence:
        """Returns the licence that an authorization brings into use."""
        return cls(
            "hseck9",
            tag,
            regid,
            name="hseck9",
            description="hseck9",
            count=count,
            restricted=True,
            license_type="Export" if tag == "DNA_HSEC" else "Perpetual",
        )


def _priority(kind: str, in_use: bool) -> str:
    if kind in ("pak", "rtu"):
        return "Medium"
    return "Low" if in_use else "None"


@dataclass(slots=True)
class CodeEntry:
    """One licence of an authorization code or reservation."""

    tag: str
    regid: str
    name: str
    description: str
    count: int = 1
    restricted: bool = False
    license_type: str = "PERPETUAL"

    @classmethod
    def of(cls, spec: ReservedSpec) -> CodeEntry:
        """Returns the entry that a scenario describes."""
        regid = spec.regid or regid_for(spec.tag)
        name = spec.name or spec.tag
        restricted = spec.restricted or is_export_tag(spec.tag)
        return cls(
            spec.tag,
            regid,
            name,
            spec.description or name,
            spec.count,
            restricted,
            spec.license_type,
        )

    @classmethod
    def issued(
        cls, tag: str, name: str, description: str, count: int, license_type: str = "PERPETUAL"
    ) -> CodeEntry:
        """Returns the entry that a service issued; ``tag`` in full or short."""
        short = short_tag(tag)
        regid = tag if "," in tag else regid_for(short)
        return cls(
            short,
            regid,
            name or short,
            description or name or short,
            count,
            is_export_tag(short),
            license_type,
        )


def is_export_tag(tag: str) -> bool:
    """Tells whether an entitlement tag is one of an export-controlled licence."""
    return tag.lower().endswith("hsec")


@dataclass(slots=True)
class Code:
    """An installed authorization: a reservation (specific or universal) or a SLAC (``SMART``)."""

    kind: Literal["SPECIFIC", "UNIVERSAL", "SMART"]
    installed_at: datetime
    confirmation_code: str
    entries: list[CodeEntry]

    @property
    def status(self) -> str:
        """What ``show license authorization`` calls it."""
        return "SMART AUTHORIZATION INSTALLED" if self.kind == "SMART" else f"{self.kind} INSTALLED"


@dataclass(slots=True)
class Registration:
    """A registration with CSSM before SLP."""

    smart_account: str
    virtual_account: str
    registered_at: datetime
    expires_at: datetime
    authorized_at: datetime
    deadline_at: datetime
    export_allowed: bool = True
    last_renewal: datetime | None = None
    failed_at: datetime | None = None
    failure_reason: str = ""
    next_attempt_at: datetime | None = None


@dataclass(slots=True)
class Report:
    """One usage report: measured, then closed, then sent or saved, then acknowledged."""

    report_id: int
    tag: str
    count: int
    start: datetime
    end: datetime | None = None
    state: Literal["OPEN", "CLOSED", "UNACK", "ACK"] = "OPEN"
    reason: str = ""
    signed: dict[str, Any] | None = None


@dataclass(slots=True)
class Dlc:
    """Device-led conversion: collected by itself, booked by CSSM."""

    features: dict[str, dict[str, int]]
    collected_at: datetime | None = None
    pushed_at: datetime | None = None
    done_at: datetime | None = None
    waits: int | None = None
    """The router's life in which it did not get through and is sent again later."""


@dataclass(slots=True)
class Slp:
    """What only Smart Licensing Using Policy knows."""

    started_at: datetime | None = None
    origin: Literal["fresh", "csl-pak", "csl-rtu", "registered", "eval", "slr"] = "fresh"
    trust_at: datetime | None = None
    trust_id: str = ""
    smart_account: str | None = None
    virtual_account: str | None = None
    account_at: datetime | None = None
    policy: Policy = field(default_factory=cisco_default_policy)
    policy_at: datetime | None = None
    last_ack: datetime | None = None
    deadline: datetime | None = None
    push_interval: int = 30
    next_ack_check: datetime | None = None
    next_push: datetime | None = None
    last_push: datetime | None = None
    last_file: datetime | None = None
    reports: list[Report] = field(default_factory=list)
    next_report_id: int = 0
    carried_over: list[tuple[str, str]] = field(default_factory=list)
    """Tag and description of export licences whose authorization CSSM is about to confirm."""
    comm_failed: bool = False
    retry_s: float = RETRY_S
    legacy: list[CodeEntry] = field(default_factory=list)
    registration_to_renew: bool = False


@dataclass(slots=True)
class Traffic:
    """What one kind of message has come to, for ``show license tech support``."""

    success: int = 0
    failed: int = 0
    response: str = "<none>"
    reason: str = "<none>"
    success_at: datetime | None = None
    failure_at: datetime | None = None

    def note(self, text: str, at: datetime) -> None:
        """Counts a message and its outcome (``FAIL: …`` or what was answered)."""
        if text.startswith("FAIL: "):
            self.failed += 1
            self.response, self.reason = "<none>", text.removeprefix("FAIL: ")
            self.failure_at = at
        else:
            self.success += 1
            self.response, self.reason = text, "<none>"
            self.success_at = at


@dataclass(slots=True)
class Past:
    """One line of ``show license history message``."""

    channel: str
    at: datetime
    text: str
