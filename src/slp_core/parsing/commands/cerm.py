"""``show platform software cerm-information``: limits on encrypted traffic without HSECK9."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Prose
from slp_core.parsing.printed import Printed


class Limit(Printed):
    """One limited resource."""

    resource: str | None = None
    maximum: int | None = None
    available: int | None = None


class Client(Printed):
    """What one client holds; ``N/A`` where it cannot hold any."""

    name: str | None = None
    tunnels: str | None = None
    tls_sessions: str | None = None


class CermInformation(Printed):
    """Crypto export restrictions manager."""

    functionality: Annotated[str | None, Label("CERM functionality")] = None
    limits: Annotated[
        tuple[Limit, ...] | None,
        Blocks(
            r"^Number of (?P<resource>\S+(?: \S+)*)\s+(?P<maximum>\d+)\s+(?P<available>\d+)$",
            key="resource",
        ),
    ] = None
    clients: Annotated[
        tuple[Client, ...] | None,
        Blocks(
            r"^(?P<name>[A-Z]\w*)\s+(?P<tunnels>\d+|N/A)\s+(?P<tls_sessions>\d+|N/A)$", key="name"
        ),
    ] = None
    failed_tunnels: Annotated[int | None, Label("Failed tunnels")] = None
    failed_sessions: Annotated[int | None, Label("Failed sessions")] = None
    failed_encrypt_pkts: Annotated[int | None, Label("Failed encrypt pkts")] = None
    failed_encrypt_pkt_bytes: Annotated[int | None, Label("Failed encrypt pkt bytes")] = None
    failed_decrypt_pkts: Annotated[int | None, Label("Failed decrypt pkts")] = None
    failed_decrypt_pkt_bytes: Annotated[int | None, Label("Failed decrypt pkt bytes")] = None


COMMANDS = (
    Command(
        "show platform software cerm-information",
        CermInformation,
        signature=r"Crypto Export Restrictions Manager|CERM functionality",
        prose=Prose(
            "Crypto Export Restrictions Manager(CERM) Information: "
            "Crypto Export Restrictions Manager (CERM) Information: "
            "Resource Maximum Limit Available Resource reservation information: D - Dynamic "
            "Client Tunnels TLS Sessions Statistics information:"
        ),
    ),
)
