"""Reporting policies: within how many days which class of licences must report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slp_sim.formats.signing import FormatError

CISCO_DEFAULT = "CISCO default"
CUSTOMER = "Customer Policy"

POLICY_CLASSES = ("perpetual", "subscription", "enforced", "export")


@dataclass(frozen=True)
class Requirement:
    """Days within which one class of licences must report, and who says so."""

    first: int
    frequency: int
    on_change: int
    first_source: str = CUSTOMER
    source: str = CUSTOMER


@dataclass(frozen=True)
class Policy:
    """A reporting policy, by class of licence (``POLICY_CLASSES``)."""

    name: str | None
    requirements: Mapping[str, Requirement]
    ack_required: bool = True
    ack_source: str = CUSTOMER
    push_interval_days: int = 30

    def as_mapping(self) -> dict[str, Any]:
        """Returns the policy as plain JSON, as it stands in replies and files."""
        return {
            "name": self.name,
            "ack_required": self.ack_required,
            "ack_source": self.ack_source,
            "push_interval_days": self.push_interval_days,
            "requirements": {k: dict(vars(r)) for k, r in self.requirements.items()},
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Policy:
        """Returns the policy that ``as_mapping`` gave.

        Raises:
            FormatError: a key is missing or of the wrong type.
        """
        try:
            rows = {k: Requirement(**dict(data["requirements"][k])) for k in POLICY_CLASSES}
            return cls(
                name=data["name"],
                requirements=rows,
                ack_required=bool(data["ack_required"]),
                ack_source=str(data["ack_source"]),
                push_interval_days=int(data["push_interval_days"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"no policy: {error}") from error


def cisco_default_policy() -> Policy:
    """Returns the policy in force before any acknowledgement (POL-1)."""

    def row(first: int, frequency: int, on_change: int) -> Requirement:
        return Requirement(first, frequency, on_change, CISCO_DEFAULT, CISCO_DEFAULT)

    return Policy(
        name=None,
        ack_source=CISCO_DEFAULT,
        requirements={
            "perpetual": row(365, 0, 90),
            "subscription": row(90, 90, 90),
            "enforced": row(0, 0, 0),
            "export": row(0, 0, 0),
        },
    )
