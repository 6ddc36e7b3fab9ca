"""``show platform software license dlc``: what device-led conversion has collected."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label
from slp_core.parsing.printed import Printed


class DlcFeature(Printed):
    """The classic licences of one feature, by kind."""

    index: int | None = None
    feature: str | None = None
    permanent: Annotated[int | None, Label("Permanent License")] = None
    eval_rtu: Annotated[int | None, Label("EVAL RTU License")] = None
    rtu: Annotated[int | None, Label("RTU License")] = None
    paper: Annotated[int | None, Label("Paper License")] = None


class DlcState(Printed):
    """Device-led conversion."""

    features: Annotated[
        tuple[DlcFeature, ...] | None,
        Blocks(r"^Index\s+(?P<index>\d+)\s+Feature:\s*(?P<feature>\S+)$", key="feature"),
    ] = None
    process_status: Annotated[str | None, Label("DLC Process Status")] = None
    conversion_status: Annotated[str | None, Label("DLC Conversion Status")] = None


COMMANDS = (
    Command(
        "show platform software license dlc",
        DlcState,
        signature=r"DLC Process Status|Permanent License:",
        alien=r"License State:|Period left:",
        complete=r"DLC Process Status",
    ),
)
