"""``show snmp user``: users of SNMPv3, which stand in no configuration, and their algorithms."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label
from slp_core.parsing.printed import Printed


class SnmpUser(Printed):
    """One user of SNMPv3."""

    name: str | None = None
    engine: Annotated[str | None, Label("Engine ID")] = None
    storage: Annotated[str | None, Label("storage-type")] = None
    authentication: Annotated[str | None, Label("Authentication Protocol")] = None
    privacy: Annotated[str | None, Label("Privacy Protocol")] = None
    group: Annotated[str | None, Label("Group-name")] = None


class SnmpUsers(Printed):
    """All of them."""

    users: Annotated[
        tuple[SnmpUser, ...] | None,
        Blocks(r"^User name: ?(?P<name>\S+)$", key="name", hint="User name"),
    ] = None


COMMANDS = (Command("show snmp user", SnmpUsers, signature=r"User name: ?\S+"),)
