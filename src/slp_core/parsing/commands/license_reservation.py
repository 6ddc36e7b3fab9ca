"""``show license reservation``: a specific or permanent reservation before SLP."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Label
from slp_core.parsing.sections import AuthorizationSections


class LicenseReservationState(AuthorizationSections):
    """Whether licences are reserved, which, and under which confirmation code."""

    enabled: Annotated[bool | None, Label("License reservation")] = None


COMMANDS = (
    Command(
        "show license reservation",
        LicenseReservationState,
        signature=r"License reservation:",
        alien=r"Smart Licensing|Purchased Licenses",
    ),
)
