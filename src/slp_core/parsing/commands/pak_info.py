"""``show platform software sl-infra pak-info``: PAK licences as ASR 900 snapshot them."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Pattern, Prose
from slp_core.parsing.printed import Printed


class PakLicense(Printed):
    """One licence of the snapshot; numbers with their meaning as printed."""

    name: str | None = None
    index: Annotated[int | None, Label("Index")] = None
    in_use_count: Annotated[int | None, Label("In Use Count")] = None
    in_use_count_valid: Annotated[int | None, Label("In Use Count Valid")] = None
    precedence: Annotated[int | None, Label("License Precedence")] = None
    license_type: Annotated[str | None, Label("License Type")] = None
    license_count: Annotated[str | None, Label("License Count")] = None
    current_state: Annotated[str | None, Label("Current State")] = None
    license_state: Annotated[str | None, Label("License State")] = None
    timestamp_low: Annotated[str | None, Label("Timestamp lower 32bits")] = None
    timestamp_high: Annotated[str | None, Label("Timestamp upper 32bits")] = None
    trial_left: Annotated[str | None, Label("Trial Elapsed Period Left")] = None


class PakInfo(Printed):
    """The snapshot."""

    supported: Annotated[
        bool | None,
        Pattern(r"Platform Supports PAK License snapshot$", value=True, hint="Supports"),
        Pattern(r"Platform (?:does not|doesn't) support PAK", value=False, hint="Platform"),
    ] = None
    integrity: Annotated[
        str | None, Pattern(r"PAK License Snapshot integrity check (\w+)$", hint="integrity")
    ] = None
    available: Annotated[
        bool | None,
        Pattern(r"PAK License Snapshot available$", value=True, hint="available"),
        Pattern(r"PAK License Snapshot (?:is )?not available", value=False, hint="available"),
    ] = None
    licenses: Annotated[
        tuple[PakLicense, ...] | None,
        Blocks(r"^License Name\s*:\s*(?P<name>\S.*)$", key="name"),
    ] = None


COMMANDS = (
    Command(
        "show platform software sl-infra pak-info",
        PakInfo,
        signature=r"(?i:Pak License Snapshot|Platform .*PAK)",
        prose=Prose("Pak License Snapshot Information"),
    ),
)
