"""Licences in use: by entitlement tag (Smart Licensing, SLP) or by feature (CSL)."""

from __future__ import annotations

from typing import Annotated

from slp_core.parsing.grammar import Heading, Label
from slp_core.parsing.printed import Printed
from slp_core.parsing.values import Stamped
from slp_core.state import Udi


class LicenseReservation(Printed):
    """The reservation of one licence in use; the count may be ``UNLIMITED``."""

    status: Annotated[str | None, Label("Reservation status")] = None
    reserved_count: Annotated[str | None, Label("Total reserved count")] = None


class PeerInfo(Printed):
    """The other router of a pair; its UDI is never the router's own."""

    application: Annotated[str | None, Label("Application Name")] = None
    application_id: Annotated[str | None, Label("Application Id")] = None
    role: Annotated[str | None, Label("Application Role")] = None
    hostname: Annotated[str | None, Label("Hostname")] = None
    piid: Annotated[str | None, Label("PIID")] = None
    udi: Annotated[Udi | None, Label("UDI")] = None
    smart_account: Annotated[str | None, Label("Smart Account Name")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account Name")] = None


class ApplicationHa(Printed):
    """An application (CUBE) that runs on a pair of routers."""

    application: Annotated[str | None, Label("Application Name")] = None
    application_id: Annotated[str | None, Label("Application Id")] = None
    role: Annotated[str | None, Label("Application Role")] = None
    peer: Annotated[PeerInfo | None, Heading("Peer Info")] = None


class LicenseUse(Printed):
    """One licence in use, keyed by its entitlement tag."""

    name: str | None = None
    tag: str | None = None
    description: Annotated[str | None, Label("Description")] = None
    count: Annotated[int | None, Label("Count")] = None
    version: Annotated[str | None, Label("Version")] = None
    status: Annotated[Stamped | None, Label("Status")] = None
    export_status: Annotated[str | None, Label("Export status")] = None
    feature_name: Annotated[str | None, Label("Feature Name")] = None
    feature_description: Annotated[str | None, Label("Feature Description")] = None
    enforcement: Annotated[str | None, Label("Enforcement type")] = None
    license_type: Annotated[str | None, Label("License type")] = None
    reservation: Annotated[LicenseReservation | None, Heading("Reservation")] = None
    application_ha: Annotated[ApplicationHa | None, Heading("Application HA Info")] = None


class CslLicense(Printed):
    """One licence of Cisco Software Licensing."""

    index: int | None = None
    feature: str | None = None
    version: str | None = None
    period_left: Annotated[str | None, Label("Period left", "Evaluation period left")] = None
    period_total: Annotated[str | None, Label("Evaluation total period")] = None
    period_used: Annotated[str | None, Label("Period Used")] = None
    license_type: Annotated[str | None, Label("License Type")] = None
    license_state: Annotated[str | None, Label("License State")] = None
    license_count: Annotated[str | None, Label("License Count")] = None
    license_priority: Annotated[str | None, Label("License Priority")] = None
    lock_type: Annotated[str | None, Label("Lock type")] = None
    vendor_info: Annotated[str | None, Label("Vendor info")] = None
    addition: Annotated[str | None, Label("License Addition")] = None
    generation: Annotated[str | None, Label("License Generation version")] = None
    expiry: Annotated[str | None, Label("Expiry date")] = None
    store_index: Annotated[int | None, Label("Store Index")] = None
    store: Annotated[str | None, Label("Store Name")] = None
