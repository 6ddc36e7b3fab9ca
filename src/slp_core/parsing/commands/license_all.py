"""``show license all``: the licence store (CSL), or status, usage and authorizations (SLP)."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import (
    STORE_INDEX,
    TITLE,
    Agent,
    AuthorizationSection,
    AuthorizationSections,
    CslLicense,
    LicenseUse,
    Product,
    ReportSections,
    StatusSections,
    Title,
)


class Store(Printed):
    """One licence store: primary storage holds what was installed, built-in what came along."""

    name: str | None = None
    licenses: Annotated[
        tuple[CslLicense, ...] | None, Blocks(STORE_INDEX, key="feature", hint="StoreIndex")
    ] = None


class UsageTitle(Title):
    """The heading of the licences; classic releases repeat the authorization below it."""

    authorization: Annotated[AuthorizationSection | None, Heading("License Authorization")] = None


class LicenseAll(StatusSections, AuthorizationSections, ReportSections):
    """All that the agent knows."""

    stores: Annotated[
        tuple[Store, ...] | None, Blocks(r"License Store:\s*(?P<name>.+)$", hint="License Store")
    ] = None
    status_title: Annotated[Title | None, Heading("Smart Licensing Status")] = None
    usage_title: Annotated[UsageTitle | None, Heading("License Usage")] = None
    licenses: Annotated[
        tuple[LicenseUse, ...] | None,
        Blocks(TITLE, key="tag", hint="("),
        Pattern(r"(?i)No licenses in use", value="<none>", hint="in use"),
    ] = None
    product: Annotated[Product | None, Heading("Product Information")] = None
    agent: Annotated[Agent | None, Heading("Agent Version")] = None
    authorizations_title: Annotated[Title | None, Heading("License Authorizations")] = None


COMMANDS = (
    Command(
        "show license all",
        LicenseAll,
        signature=r"Smart Licensing Status$|License Store:",
        alien=r"Handle: \d|Evaluation Mode:|License\s+Entitlement [Tt]ag\s+Count",
        complete=r"License Authorizations$|License Store:|Agent Version$",
    ),
)
