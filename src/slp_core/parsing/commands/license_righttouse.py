"""``show license right-to-use``: licences that need no code, by slot or for the router."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Prose
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import CSL_INDEX, CslLicense


class RightToUse(Printed):
    """One right-to-use licence."""

    slot: int | None = None
    name: str | None = None
    kind: str | None = None
    count: str | None = None
    period_left: str | None = None


class LicenseRightToUse(Printed):
    """The right-to-use licences, and the level that the next boot takes."""

    licenses: Annotated[
        tuple[RightToUse, ...] | None,
        Blocks(
            r"^(?:(?P<slot>\d+)\s+)?(?P<name>[A-Za-z][\w\-]*)\s+"
            r"(?P<kind>permanent|evaluation|subscription|lifetime|right-to-use)\s+"
            r"(?P<count>\d+|N/A|Non-Counted)\s+(?P<period_left>\S.*)$",
            key="name",
        ),
    ] = None
    csl: Annotated[
        tuple[CslLicense, ...] | None, Blocks(CSL_INDEX, key="feature", hint="Index")
    ] = None
    level: Annotated[str | None, Label("License Level on Reboot", "License Level")] = None
    evaluation: Annotated[str | None, Label("Evaluation total period")] = None


COMMANDS = (
    Command(
        "show license right-to-use",
        LicenseRightToUse,
        signature=r"(?:Slot#?\s+)?License name\s+Type\s+\S*Count\s+Period left|Index \d+ Feature",
        alien=r"Permanent License:|DLC Process",
        prose=Prose("Slot# License name Type Count Period left License Name Type Usage/Count"),
    ),
)
