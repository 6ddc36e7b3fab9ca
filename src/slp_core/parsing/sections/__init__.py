"""Sections that several licensing commands print; a command's model is put together from them."""

from slp_core.parsing.sections.authorization import AuthorizationSections
from slp_core.parsing.sections.heads import CSL_INDEX, MEMBER, STORE_INDEX, TITLE
from slp_core.parsing.sections.product import Agent, Product, ReportSections, Title
from slp_core.parsing.sections.status import (
    Account,
    AuthorizationSection,
    RegistrationSection,
    StatusSections,
)
from slp_core.parsing.sections.usage import (
    ApplicationHa,
    CslLicense,
    LicenseReservation,
    LicenseUse,
)

__all__ = [
    "CSL_INDEX",
    "MEMBER",
    "STORE_INDEX",
    "TITLE",
    "Account",
    "Agent",
    "ApplicationHa",
    "AuthorizationSection",
    "AuthorizationSections",
    "CslLicense",
    "LicenseReservation",
    "LicenseUse",
    "Product",
    "RegistrationSection",
    "ReportSections",
    "StatusSections",
    "Title",
]
