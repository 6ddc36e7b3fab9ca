"""``show issu state detail``: what an in-service upgrade needs, and whether one is under way.

The checks are public; what is printed in the course of an operation is not verified.
"""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Label, Pattern
from slp_core.parsing.printed import Printed

_CHECK = r"\s{2,}(Yes|No)$"


class IssuState(Printed):
    """Conditions, the operation under way and how the last one ended."""

    slot: Annotated[
        str | None,
        Pattern(r"Finished local lock acquisition on (\S.*)$", hint="local lock"),
    ] = None
    notes: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(--- Starting local lock acquisition on .*)$", hint="local lock"),
        Pattern(
            r"((?:--- Starting|Finished) installation state synchronization\b.*)$",
            hint="synchronization",
        ),
        Pattern(r"(System Check\s+Status|Completed operations:|Operation\s+Start time)$"),
    ] = None
    status: Annotated[str | None, Label("Current ISSU Status")] = None
    previous: Annotated[str | None, Label("Previous ISSU Operation")] = None
    platform_support: Annotated[str | None, Pattern("Platform ISSU Support" + _CHECK)] = None
    standby_online: Annotated[str | None, Pattern("Standby Online" + _CHECK)] = None
    autoboot: Annotated[str | None, Pattern("Autoboot Enabled" + _CHECK)] = None
    sso: Annotated[str | None, Pattern("SSO Mode" + _CHECK)] = None
    install_boot: Annotated[str | None, Pattern("Install Boot" + _CHECK)] = None
    valid_media: Annotated[str | None, Pattern("Valid Boot Media" + _CHECK)] = None
    mode: Annotated[str | None, Pattern(r"Operational Mode\s{2,}(\S+)$")] = None
    idle: Annotated[
        bool | None, Pattern(r"No ISSU operation is in progress", value=True, hint="ISSU")
    ] = None
    operation: Annotated[str | None, Label("Operation type")] = None
    install_type: Annotated[str | None, Label("Install type")] = None
    state: Annotated[str | None, Label("Current state")] = None
    last: Annotated[str | None, Label("Last operation")] = None
    transition: Annotated[str | None, Label("State transition")] = None
    done: Annotated[
        tuple[str, ...] | None,
        Pattern(r"([A-Z]\w{2,12}\b.{0,40}? {2,30}\d{4}-\d\d-\d\d[: ]\d\d:\d\d:\d\d)$", hint=":"),
    ] = None
    modified: Annotated[str | None, Label("Slot being modified")] = None
    loaded: Annotated[str | None, Label("Loadversion time")] = None
    rollback_image: Annotated[str | None, Label("Original (rollback) image")] = None
    told: Annotated[str | None, Label("Notes")] = None
    auto_abort: Annotated[str | None, Label("Auto abort timer", "Rollback")] = None
    running_image: Annotated[str | None, Label("Running image")] = None
    operating_mode: Annotated[
        str | None,
        Pattern(r"Operating mode: (?P<operating_mode>\w+)(?:, (?P<terminal>.*))?$", hint="mode:"),
    ] = None
    terminal: str | None = None


COMMANDS = (
    Command(
        "show issu state detail",
        IssuState,
        signature=r"Current ISSU Status|Slot being modified|No ISSU operation"
        r"|Operation type\s*:.*ISSU|--- Starting local lock acquisition",
    ),
)
