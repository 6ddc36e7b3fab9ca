"""What stands in the files that travel between routers and CSSM, as far as it can be read.

Signed parts are opaque and stay so: nothing here changes a byte, and a file whose inside is not
understood is of kind ``unknown``, not an error.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from slp_core.errors import InputError
from slp_core.forms import WEB_URL
from slp_core.reading import read_bytes
from slp_core.state import Udi

MAX_BYTES = 32 * 1024 * 1024

Kind = Literal["usage", "ack", "policy", "slac", "slr", "request", "url", "unknown"]

_BY_ELEMENT: tuple[tuple[str, Kind], ...] = (
    ("smartLicenseRumAck", "ack"),
    ("specificPLR", "slr"),
    ("universalPLR", "slr"),
    ("smartLicenseAuthRequest", "request"),
    ("RUMReport", "usage"),
    ("smartLicenseAuthorization", "slac"),
    ("authorizationCode", "slac"),
    ("smartLicenseAuthorizationCode", "slac"),
    ("smartLicensePolicy", "policy"),
)
_UDI_TEXT = re.compile(r"(?:P|PID|UDI_PID):\s*([^,;\s]+)\s*[,;]\s*(?:S|SN|UDI_SN):\s*([^,;\s<]+)")


@dataclass(frozen=True)
class LicenseFile:
    """What a file is.

    Attributes:
        kind: what it carries; an ACK that brings a policy along is an ``ack``.
        udis: the routers that it names; empty where it names none that can be read.
        reports: how many usage reports it holds.
        tags: entitlement tags that it names.
        url: the address that it is.
    """

    kind: Kind
    udis: tuple[Udi, ...] = ()
    reports: int = 0
    tags: tuple[str, ...] = ()
    url: str = ""

    def fits(self, udi: Udi) -> bool:
        """Tells whether the file may belong to this router (F25)."""
        if not self.udis:
            return True
        return any(u.sn == udi.sn and u.pid in (udi.pid, "") for u in self.udis)


def read_license_file(data: bytes, *, where: str) -> LicenseFile:
    """Returns what ``data`` is.

    Raises:
        InputError: it is empty, too large, cut off, or no file of licensing at all.
    """
    if not data.strip():
        raise InputError("the file is empty", where=where, remedy="download it again")
    if len(data) > MAX_BYTES:
        raise InputError(f"the file is larger than {MAX_BYTES >> 20} MB", where=where)
    if _is_url(data):
        return LicenseFile(kind="url", url=data.strip().decode("ascii"))
    root = _root(data, where)
    names = [element.tag for element in root.iter()]
    kind = next((k for name, k in _BY_ELEMENT if name in names), None)
    if kind is None:
        kind = "usage" if "smartLicenseSystemInfo" in names else "unknown"
    if kind == "unknown" and not root.tag.lower().startswith(("smartlicense", "rum")):
        raise InputError(
            "this is no file of Smart Licensing",
            where=where,
            remedy="drop the file as it was downloaded from CSSM",
        )
    try:
        udis = tuple(dict.fromkeys(_udis(root)))
    except RecursionError:
        raise InputError(
            "what is in it is nested too deeply", where=where, remedy="download it again"
        ) from None
    return LicenseFile(
        kind=kind,
        udis=udis,
        reports=names.count("RUMReport"),
        tags=tuple(dict.fromkeys(_tags(root))),
    )


def _is_url(data: bytes) -> bool:
    """Tells whether a file holds one line, an address: what a person read in SSM On-Prem."""
    try:
        text = data.strip().decode("ascii")
    except UnicodeDecodeError:
        return False
    return text.lower().startswith(("http://", "https://")) and WEB_URL.fits(text)


def read_license_path(path: Path) -> LicenseFile:
    """Returns what the file at ``path`` is; errors as ``read_license_file``."""
    return read_license_file(read_bytes(path, limit=MAX_BYTES), where=str(path))


def _root(data: bytes, where: str) -> ET.Element:
    if b"<!" in data.replace(b"<![CDATA[", b""):  # no document types, no entities
        raise InputError(
            "this is a web page or another document, no licence file",
            where=where,
            remedy="download it again",
        )
    try:
        return ET.fromstring(data)  # noqa: S314 - neither DTD nor entities: checked above
    except ET.ParseError as error:
        raise InputError(
            "this is no licence file, or it is cut off", where=where, remedy="download it again"
        ) from error


def _udis(root: ET.Element) -> Iterator[Udi]:
    for element in root.iter():
        text = element.text or ""
        if element.tag == "udi":
            match = _UDI_TEXT.search(text)
            if match:
                yield Udi(pid=match[1], sn=match[2])
        elif element.tag in ("data", "RUMReport"):
            yield from _udis_in(_json(text))


def _udis_in(value: Any) -> Iterator[Udi]:
    if isinstance(value, Mapping):
        sn = value.get("udi_serial_number")
        if isinstance(sn, str) and sn:
            yield Udi(pid=str(value.get("udi_pid", "")), sn=sn)
        for inner in value.values():
            yield from _udis_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _udis_in(inner)
    elif isinstance(value, str) and value.startswith("{"):
        yield from _udis_in(_json(value))


def _tags(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        text = (element.text or "").strip()
        if element.tag == "tag" and text:
            yield text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
