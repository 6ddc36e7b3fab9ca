"""``show license summary``: accounts and registration where printed, then a table of licences."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Pattern, Prose
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import (
    CSL_INDEX,
    Account,
    AuthorizationSection,
    CslLicense,
    RegistrationSection,
)
from slp_core.parsing.sections.heads import NAME_AND_TAG
from slp_core.parsing.values import Stamped

ROW = NAME_AND_TAG + r"\s*(?P<count>\d+)\s+(?P<status>[A-Za-z][A-Za-z -]*[A-Za-z])$"


class Row(Printed):
    """One licence; name and tag may be cut by ``...``, the name may be empty."""

    name: str | None = None
    tag: str | None = None
    count: int | None = None
    status: Stamped | None = None


class Usage(Printed):
    """The table of licences; no licence in use is an empty list."""

    licenses: Annotated[
        tuple[Row, ...] | None,
        Blocks(ROW, key="tag", hint="("),
        Pattern(r"(?i)No licenses in use", value="<none>", hint="in use"),
    ] = None


class LicenseSummary(Printed):
    """The short form of status and usage."""

    smart_licensing: Annotated[
        str | None, Pattern(r"Smart Licensing is (ENABLED|DISABLED)$", hint="Smart Lic")
    ] = None
    reservation_enabled: Annotated[
        bool | None, Pattern(r"License Reservation is (ENABLED|DISABLED)$", hint="License Res")
    ] = None
    account: Annotated[Account | None, Heading("Account Information")] = None
    registration: Annotated[RegistrationSection | None, Heading("Registration")] = None
    authorization: Annotated[AuthorizationSection | None, Heading("License Authorization")] = None
    usage: Annotated[Usage | None, Heading("License Usage")] = None
    csl: Annotated[
        tuple[CslLicense, ...] | None, Blocks(CSL_INDEX, key="feature", hint="Index")
    ] = None


COMMANDS = (
    Command(
        "show license summary",
        LicenseSummary,
        signature=r"Smart Licensing is |License Usage:?$|Account Information:|Index \d+ Feature",
        alien=(
            r"Data Privacy:|Usage Reporting:|Initial Registration:|Product Information$|Utility:"
            r"|Transport:|Smart Licensing Status$|Permanent License:|DLC Process"
        ),
        complete=r"License Usage:?$|Index",
        prose=Prose("License Entitlement tag Count Status"),
    ),
)
