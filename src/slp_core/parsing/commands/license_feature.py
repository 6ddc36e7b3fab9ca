"""``show license feature`` of Cisco Software Licensing, with or without the RightToUse column."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Prose
from slp_core.parsing.printed import Printed

ROW = (
    r"^(?P<feature>\S+)\s+(?P<enforcement>yes|no)\s+(?P<evaluation>yes|no)\s+"
    r"(?P<subscription>yes|no)\s+(?P<enabled>yes|no)(?:\s+(?P<right_to_use>yes|no))?$"
)


class Feature(Printed):
    """One feature that the image knows."""

    feature: str | None = None
    enforcement: bool | None = None
    evaluation: bool | None = None
    subscription: bool | None = None
    enabled: bool | None = None
    right_to_use: bool | None = None


class LicenseFeature(Printed):
    """The features of the image."""

    features: Annotated[tuple[Feature, ...] | None, Blocks(ROW, key="feature")] = None


COMMANDS = (
    Command(
        "show license feature",
        LicenseFeature,
        signature=r"Feature name\s+Enforcement",
        prose=Prose("Feature name Enforcement Evaluation Subscription Enabled RightToUse"),
    ),
)
