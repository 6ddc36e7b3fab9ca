"""What a router's own files hold for CSSM: usage reports and authorization requests (F24).

The files stay as they are: what is taken out of them is decoded, never written anew.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slp_core.errors import InputError
from slp_core.files import read_license_file
from slp_core.state import Udi

_CONVERSION = ("conversion", "dlc")
_AGAIN = "bring the file over again, byte for byte"


@dataclass(frozen=True)
class UsageReports:
    """The reports of one router's usage file.

    Attributes:
        rows: each as it stands in the file; its payload is signed character by character.
        ids: of the reports, where they say so.
        converts: the file also carries device-led conversion, which travels only with the file.
    """

    udi: Udi
    rows: tuple[Mapping[str, Any], ...] = field(repr=False)
    ids: tuple[int, ...] = ()
    hostname: str = ""
    converts: bool = False


def read_usage(data: bytes, *, where: str) -> UsageReports:
    """Returns the usage reports in a file that a router wrote.

    Raises:
        InputError: it is no usage file, damaged, or of several routers.
    """
    found = read_license_file(data, where=where)
    if found.kind != "usage":
        raise InputError(
            "this is no usage report", where=where, remedy="give the file that the router saved"
        )
    root = ET.fromstring(data)  # noqa: S314 - neither DTD nor entities: checked above
    elements = [root] if root.tag == "RUMReport" else list(root.iter("RUMReport"))
    rows = tuple(_object(e.text, where) for e in elements)
    system = _system(root, where)
    payloads = [_payload(row, where) for row in rows]
    udis = dict.fromkeys(
        [u for p in payloads if (u := _udi(p.get("asset_identification"), "instance"))]
        or [u for u in (_udi({"system": system}, "system"),) if u]
    )
    if len(udis) != 1:
        what = "it names no router" if not udis else f"it is of {len(udis)} routers"
        raise InputError(what, where=where, remedy="one file a router, as the router saved it")
    return UsageReports(
        udi=next(iter(udis)),
        rows=rows,
        ids=tuple(i for p in payloads if (i := _report_id(p)) is not None),
        hostname=str(system.get("hostname") or ""),
        converts=any(system.get(key) for key in _CONVERSION),
    )


def read_request(data: bytes, *, where: str) -> tuple[Udi, Mapping[str, Any]]:
    """Returns who asks for an authorization code, and the request as CSSM takes it.

    Raises:
        InputError: it is no request file of one router.
    """
    found = read_license_file(data, where=where)
    root = ET.fromstring(data)  # noqa: S314 - neither DTD nor entities: checked above
    text = root.findtext(".//smartLicenseAuthRequest/data")
    if found.kind != "request" or text is None:
        raise InputError("this is no authorization request", where=where)
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise InputError(
            "the request is not of exactly one router", where=where, remedy="save it again"
        )
    row, system = dict(rows[0]), _system(root, where)
    udi = _udi({"row": row}, "row")
    if udi is None:
        raise InputError("the request names no router", where=where, remedy="save it again")
    row.setdefault("hostname", str(system.get("hostname") or ""))
    if "software_tag_identifier" in system:
        row.setdefault("software_tag_identifier", system["software_tag_identifier"])
    return udi, row


def _system(root: ET.Element, where: str) -> Mapping[str, Any]:
    text = root.findtext(".//smartLicenseSystemInfo/data")
    return {} if text is None else _object(text, where)


def _payload(row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    text = row.get("payload")
    if not isinstance(text, str):
        raise InputError("a report in it has no payload", where=where, remedy=_AGAIN)
    return _object(text, where)


def _object(text: str | None, where: str) -> dict[str, Any]:
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError("a report in it is damaged", where=where, remedy=_AGAIN)
    return found


def _udi(holder: Any, key: str) -> Udi | None:
    inner = holder.get(key) if isinstance(holder, dict) else None
    sudi = inner.get("sudi") if isinstance(inner, dict) else None
    sn = sudi.get("udi_serial_number") if isinstance(sudi, dict) else None
    if not isinstance(sudi, dict) or not isinstance(sn, str) or not sn:
        return None
    return Udi(pid=str(sudi.get("udi_pid") or ""), sn=sn)


def _report_id(payload: Mapping[str, Any]) -> int | None:
    for holder in (payload.get("asset_identification"), payload.get("meta")):
        found = holder.get("report_id") if isinstance(holder, dict) else None
        if isinstance(found, int | str) and str(found).isdecimal():
            return int(found)
    return None
