"""``show license authorization``: authorization codes (SLAC, SLR, PAK) per member and licence."""

from slp_core.parsing.command import Command
from slp_core.parsing.sections import AuthorizationSections


class LicenseAuthorization(AuthorizationSections):
    """Authorizations."""


COMMANDS = (
    Command(
        "show license authorization",
        LicenseAuthorization,
        signature=r"Overall status:|Purchased Licenses:",
        alien=r"License reservation:|Smart Licensing|Product Information$",
        complete=r"Purchased Licenses:|Derived Licenses:",
    ),
)
