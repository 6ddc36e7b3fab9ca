"""The files and codes that travel between routers and services: built, signed and read again.

Everything here is values and bytes; who sends what to whom is decided elsewhere. A signature is
a keyed hash over the exact text that it covers, so one altered byte is noticed, blanks included.
"""

from slp_sim.formats.answers import Ack, Imported, ack_file, parse_import, policy_file
from slp_sim.formats.codes import (
    Authorization,
    Entitlement,
    auth_request_file,
    confirmation_code,
    parse_auth_request,
    parse_slr_request_code,
    slac_file,
    slr_code_file,
    slr_request_code,
)
from slp_sim.formats.policy import (
    CISCO_DEFAULT,
    CUSTOMER,
    POLICY_CLASSES,
    Policy,
    Requirement,
    cisco_default_policy,
)
from slp_sim.formats.signing import MAX_FILE_BYTES, FormatError, is_signed, sign
from slp_sim.formats.usage import (
    Usage,
    UsageFile,
    parse_usage,
    read_report,
    rum_report,
    system_info,
    usage_file,
)

__all__ = [
    "CISCO_DEFAULT",
    "CUSTOMER",
    "MAX_FILE_BYTES",
    "POLICY_CLASSES",
    "Ack",
    "Authorization",
    "Entitlement",
    "FormatError",
    "Imported",
    "Policy",
    "Requirement",
    "Usage",
    "UsageFile",
    "ack_file",
    "auth_request_file",
    "cisco_default_policy",
    "confirmation_code",
    "is_signed",
    "parse_auth_request",
    "parse_import",
    "parse_slr_request_code",
    "parse_usage",
    "policy_file",
    "read_report",
    "rum_report",
    "sign",
    "slac_file",
    "slr_code_file",
    "slr_request_code",
    "system_info",
    "usage_file",
]
