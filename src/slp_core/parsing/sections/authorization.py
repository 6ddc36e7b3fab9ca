"""What ``show license authorization`` prints, and ``all`` after the usage."""

from __future__ import annotations

from typing import Annotated

from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections.heads import MEMBER, TITLE
from slp_core.parsing.values import Stamped


class Member(Printed):
    """One chassis or member with its authorization."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None
    status: Annotated[Stamped | None, Label("Status", "Reservation status")] = None
    legacy_status: Annotated[str | None, Pattern(r"Status:\s*(PAK)$", hint="PAK")] = None
    export_controlled: Annotated[str | None, Label("Export-Controlled Functionality")] = None
    confirmation_code: Annotated[str | None, Label("Last Confirmation code")] = None
    return_code: Annotated[str | None, Label("Last return code")] = None
    request_code: Annotated[str | None, Label("Request code")] = None
    authorization_code: Annotated[
        str | None, Label("Reservation authorization code", read=lambda _: "set")
    ] = None


class Overall(Printed):
    """The authorization of each member."""

    members: Annotated[tuple[Member, ...] | None, Blocks(MEMBER, key="sn", hint="PID:")] = None


class TermMember(Printed):
    """For whom and for how long a licence is authorized."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None
    authorization_type: Annotated[Stamped | None, Label("Authorization type")] = None
    license_type: Annotated[str | None, Label("License type")] = None
    start_date: Annotated[str | None, Label("Start Date")] = None
    end_date: Annotated[str | None, Label("End Date")] = None
    term_count: Annotated[str | None, Label("Term Count")] = None
    subscription_id: Annotated[str | None, Label("Subscription ID")] = None


class Term(Printed):
    """The terms of one authorized licence, per member."""

    members: Annotated[tuple[TermMember, ...] | None, Blocks(MEMBER, hint="PID:")] = None


class AuthorizedLicense(Printed):
    """One licence of a reservation or authorization code, or carried over from a PAK."""

    name: str | None = None
    tag: str | None = None
    regid: str | None = None
    display_name: Annotated[str | None, Label("DisplayName")] = None
    description: Annotated[str | None, Label("Description")] = None
    available_count: Annotated[str | None, Label("Total available count")] = None
    reserved_count: Annotated[str | None, Label("Total reserved count")] = None
    enforcement: Annotated[str | None, Label("Enforcement type")] = None
    term: Annotated[Term | None, Heading("Term information")] = None


class AuthorizedLicenses(Printed):
    """A list of authorized licences."""

    licenses: Annotated[
        tuple[AuthorizedLicense, ...] | None, Blocks(TITLE, key="tag", hint="(")
    ] = None


class LegacyLicenses(Printed):
    """Licences that came from a PAK; they are headed by the tag in full (LIC-9)."""

    licenses: Annotated[
        tuple[AuthorizedLicense, ...] | None,
        Blocks(r"^(?P<regid>regid\.[^\s:]+\.(?P<tag>[^\s.,]+),[^\s:]+):$", key="tag"),
    ] = None


class Purchased(Printed):
    """Purchase information; none is an empty list."""

    licenses: Annotated[
        tuple[AuthorizedLicense, ...] | None,
        Pattern(r"No Purchase Information Available", value="<none>"),
        Blocks(TITLE, key="tag", hint="("),
    ] = None


class Derived(Printed):
    """Entitlement tags in full that the router derived from what is in use."""

    tags: Annotated[tuple[str, ...] | None, Label("Entitlement Tag")] = None


class AuthorizationSections(Printed):
    """What ``show license authorization`` prints, and the last part of ``all``."""

    overall: Annotated[Overall | None, Heading("Overall status")] = None
    authorizations: Annotated[AuthorizedLicenses | None, Heading("Authorizations")] = None
    specified: Annotated[AuthorizedLicenses | None, Heading("Specified license reservations")] = (
        None
    )
    legacy: Annotated[LegacyLicenses | None, Heading("Legacy License Info")] = None
    purchased: Annotated[Purchased | None, Heading("Purchased Licenses")] = None
    derived: Annotated[Derived | None, Heading("Derived Licenses")] = None
