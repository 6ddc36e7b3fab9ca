"""``Concern``: what a rule has against a plan; the rule data says what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slp_core.rules.schema import Basis


@dataclass(frozen=True)
class Concern:
    """A blocker, warning or note of a rule.

    Attributes:
        source, basis: of the data that it rests on; the rule's own where left out.
        overridable: where it differs from what the rule data says of the rule.
    """

    rule: str
    severity: Literal["blocker", "warning", "note"]
    text: str
    remedy: str = ""
    source: str = ""
    basis: Basis | None = None
    overridable: bool | None = None
