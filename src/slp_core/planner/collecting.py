"""``Steps``: collects the steps of a plan, and knows what each kind implies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from slp_core.plan import PersonTask, StepKind, StepSpec

HOUR = 3600.0
DAY = 24 * HOUR
DEADLINES: dict[StepKind, float] = {
    StepKind.PREFLIGHT: 300,
    StepKind.BACKUP: 600,
    StepKind.SAVE_CONFIG: 300,
    StepKind.PERSON: 30 * DAY,
    StepKind.RESERVATION_INSTALL: 600,
    StepKind.RESERVATION_REQUEST: 300,
    StepKind.RESERVATION_RETURN: 300,
    StepKind.STAGE_IMAGE: 2 * HOUR,
    StepKind.INSTALL_ADD: 1800,
    StepKind.INSTALL_ACTIVATE: 1800,
    StepKind.ISSU_ACTIVATE: 2 * HOUR,
    StepKind.INSTALL_COMMIT: 600,
    StepKind.BOOT_VARIABLE: 300,
    StepKind.RELOAD: 1800,
    StepKind.TOPOLOGY: 300,
    StepKind.CALL_HOME: 300,
    StepKind.TRUST: 1800,
    StepKind.SLAC: 1800,
    StepKind.SLAC_IMPORT: 600,
    StepKind.SLAC_REQUEST: 600,
    StepKind.SLAC_RETURN: 600,
    StepKind.USAGE_SYNC: 2 * HOUR,
    StepKind.USAGE_SAVE: 600,
    StepKind.USAGE_IMPORT: 900,
    StepKind.DLC_WAIT: 3 * HOUR,
    StepKind.DLC_DONE: 3 * HOUR,
    StepKind.THROUGHPUT: 600,
    StepKind.VERIFY: 900,
    StepKind.REGISTER: 1800,
    StepKind.RENEW: 1800,
    StepKind.DEREGISTER: 600,
    StepKind.MODE_SWITCH: 300,
    StepKind.ROLLBACK: 1800,
    StepKind.FACTORY_RESET: 300,
}
_READS = frozenset(
    {
        StepKind.PREFLIGHT,
        StepKind.BACKUP,
        StepKind.PERSON,
        StepKind.DLC_WAIT,
        StepKind.DLC_DONE,
        StepKind.VERIFY,
    }
)
_WAITS: dict[StepKind, Literal["time", "service", "person"]] = {
    StepKind.INSTALL_ACTIVATE: "time",
    StepKind.ISSU_ACTIVATE: "time",
    StepKind.RELOAD: "time",
    StepKind.ROLLBACK: "time",
    StepKind.DLC_WAIT: "time",
    StepKind.DLC_DONE: "service",
    StepKind.TRUST: "service",
    StepKind.SLAC: "service",
    StepKind.USAGE_SYNC: "service",
    StepKind.USAGE_IMPORT: "service",
    StepKind.PERSON: "person",
    StepKind.REGISTER: "service",
    StepKind.RENEW: "service",
}
USAGE_FILE, ACK_FILE, SLAC_FILE, CODE_FILE, POLICY_FILE = (
    "usage_report",
    "ACK_usage_report",
    "slac.txt",
    "slr_code.txt",
    "policy.txt",
)


def usage_file(what: str, number: int | None = None) -> str:
    """Returns the name of a file of usage reports: another selection is another file."""
    if what == "unreported":
        return USAGE_FILE
    return f"{USAGE_FILE}_{what}" + (f"_{number}" if number is not None else "")


class Steps:
    """Collects steps and numbers them."""

    def __init__(self) -> None:
        self.found: list[StepSpec] = []

    def add(
        self,
        kind: StepKind,
        title: str,
        reasons: Sequence[str],
        *,
        why: str = "",
        params: dict[str, Any] | None = None,
        person: PersonTask | None = None,
        deadline_s: float | None = None,
    ) -> None:
        """Appends one step; what its kind implies (deadline, waiting, lasting) comes from here."""
        number = f"{len(self.found) + 1:02d}-{kind.value.replace('_', '-')}"
        extra: dict[str, Any] = {}
        if kind in _WAITS:
            extra["waits_for"] = _WAITS[kind]
        if person is not None:
            extra["person"] = person
        self.found.append(
            StepSpec(
                id=number,
                kind=kind,
                title=title,
                reasons=tuple(dict.fromkeys(reasons)),
                why=why,
                params=params or {},
                lasting=kind not in _READS,
                deadline_s=deadline_s or DEADLINES[kind],
                **extra,
            )
        )
