"""``show license udi``: the router's identity, and that of the other members."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Prose
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import Product


class Slot(Printed):
    """One row of the table of older releases; ``*`` marks the router that was asked."""

    mark: str | None = None
    device: str | None = None
    pid: str | None = None
    sn: str | None = None


class LicenseUdi(Product):
    """The identities."""

    slots: Annotated[
        tuple[Slot, ...] | None,
        Blocks(
            r"^(?P<mark>\*)?\s*(?:(?P<device>\d+)\s+)?(?P<pid>[A-Z][\w\-/+.]*)\s+(?P<sn>[A-Z0-9]{6,}-?)"
            r"\s+(?P=pid):(?P=sn)$",
            key="sn",
        ),
    ] = None


COMMANDS = (
    Command(
        "show license udi",
        LicenseUdi,
        signature=r"UDI:|(?:Device#|SlotID)\s+PID\s+SN",
        alien=r"Smart Licensing|NAME:|Application",
        prose=Prose("Device# PID SN UDI SlotID PID SN UDI"),
    ),
)
