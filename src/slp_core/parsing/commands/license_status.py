"""``show license status`` of classic Smart Licensing and of SLP."""

from slp_core.parsing.command import Command
from slp_core.parsing.sections import StatusSections


class LicenseStatus(StatusSections):
    """State of the licensing agent."""


COMMANDS = (
    Command(
        "show license status",
        LicenseStatus,
        signature=r"Smart Licensing is |Utility:|Smart Licensing Using Policy:|License Auth",
        alien=(
            r"License Usage|Product Information$|StoreIndex|Evaluation Mode:|.*\([^()]+\):$"
            r"|Smart Licensing Status$|No licenses in use"
        ),
        complete=r"Trust Code Installed|License Authorization:|License Conversion:",
    ),
)
