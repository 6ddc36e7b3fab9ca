"""Lines that begin an item, in every licensing command alike."""

from __future__ import annotations

NAME_AND_TAG = r"^(?P<name>[^(]*(?:\([^()]*\)[^(]*)*?)\((?P<tag>[^()]+)\)"
"""Name and tag; the name may be empty and may hold brackets of its own."""

TITLE = NAME_AND_TAG + r"\s*:$"
"""``hseck9 (ISR_4400_Hsec):``; the name may be empty."""

MEMBER = (
    r"^(?P<role>Active|Standby|Member|Standalone)\s*:\s*"
    r"PID:(?P<pid>[^,\s]+),\s*SN:(?P<sn>[^,\s]+)$"
)
"""``Active: PID:ISR4461/K9,SN:FDO222815Y4``, one chassis or member of a stack."""

_FEATURE = r"(?P<index>\d+)\s+Feature\s*:\s*(?P<feature>\S+)(?:\s+Version:\s*(?P<version>\S+))?$"
CSL_INDEX = r"^Index\s*:?\s*" + _FEATURE
STORE_INDEX = r"^StoreIndex\s*:?\s*" + _FEATURE
