"""``show license usage``: one block a licence, keyed by its entitlement tag."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import TITLE, AuthorizationSection, LicenseUse


class LicenseUsage(Printed):
    """The licences in use; none is an empty list."""

    authorization: Annotated[AuthorizationSection | None, Heading("License Authorization")] = None
    licenses: Annotated[
        tuple[LicenseUse, ...] | None,
        Blocks(TITLE, key="tag", hint="("),
        Pattern(r"(?i)No licenses in use", value="<none>", hint="in use"),
    ] = None


COMMANDS = (
    Command(
        "show license usage",
        LicenseUsage,
        signature=r"License Authorization:|.*\([^()]+\)\s*:$|No licenses in use",
        alien=r"Usage Reporting:|Overall status:|License Usage|Registration:|Product Information$",
    ),
)
