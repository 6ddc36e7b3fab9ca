"""``show license history message``: what went to the server and what was imported."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.values import Stamped


class Entry(Printed):
    """One message: when it went or came, and its text as printed."""

    kind: str | None = None
    at: Stamped | None = None
    text: Annotated[tuple[str, ...] | None, Pattern(r"([{\[\"<].*)$")] = None


class Channel(Printed):
    """The messages of one kind; no history is an empty list."""

    entries: Annotated[
        tuple[Entry, ...] | None,
        Pattern(r"No past (?:Import )?history$", value="<none>", hint="No past"),
        Blocks(r"^(?P<kind>REQUEST|RESPONSE|IMPORT|Import|Request|Response)\s*:\s*(?P<at>\S.*)$"),
    ] = None


class Direction(Printed):
    """A heading above the kinds of messages."""


class LicenseHistory(Printed):
    """Messages by kind, oldest first."""

    sent: Annotated[Direction | None, Heading("Message History (oldest to newest)")] = None
    trust: Annotated[Channel | None, Heading("Trust Establishment")] = None
    trust_ack: Annotated[Channel | None, Heading("Trust Acknowledgement")] = None
    usage: Annotated[Channel | None, Heading("Usage Reporting")] = None
    polling: Annotated[Channel | None, Heading("Result Polling")] = None
    request: Annotated[Channel | None, Heading("Authorization Request")] = None
    confirmation: Annotated[Channel | None, Heading("Authorization Confirmation")] = None
    giving_back: Annotated[Channel | None, Heading("Authorization Return")] = None
    trust_sync: Annotated[Channel | None, Heading("Trust Sync")] = None
    imported: Annotated[Direction | None, Heading("Import Message History (oldest to newest)")] = (
        None
    )
    import_policy: Annotated[Channel | None, Heading("Import POLICY")] = None
    import_auth: Annotated[Channel | None, Heading("Import AUTH")] = None
    import_trust: Annotated[Channel | None, Heading("Import TRUST CODE")] = None
    import_ack: Annotated[Channel | None, Heading("Import RUM ACK")] = None
    import_conversion: Annotated[Channel | None, Heading("Import CONVERSION ACK")] = None
    import_account: Annotated[Channel | None, Heading("Import ACCOUNT INFO")] = None


COMMANDS = (
    Command(
        "show license history message",
        LicenseHistory,
        signature=r"(?:Import )?Message History",
    ),
)
