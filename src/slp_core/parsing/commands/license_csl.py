"""``show license`` and ``show license detail`` of Cisco Software Licensing."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import CSL_INDEX, CslLicense


class CslLicenses(Printed):
    """The licences by index; a feature without fields is listed only."""

    licenses: Annotated[
        tuple[CslLicense, ...] | None, Blocks(CSL_INDEX, key="feature", hint="Index")
    ] = None


COMMANDS = tuple(
    Command(
        name,
        CslLicenses,
        signature=r"Index\s*:?\s*\d+\s+Feature",
        alien=r"Permanent License:|DLC Process|Smart Licensing|License Store:",
    )
    for name in ("show license", "show license detail")
)
