"""Authorization codes (SLAC, reservations), the requests for them, and their confirmation."""

from __future__ import annotations

import base64
import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax.saxutils import escape

from slp_sim.formats.signing import (
    FormatError,
    canonical,
    document,
    is_signed,
    loads,
    parse_root,
    sign,
    system_element,
)


@dataclass(frozen=True)
class Entitlement:
    """One licence within an authorization code."""

    tag: str
    count: int = 1
    display_name: str = ""
    description: str = ""
    license_type: str = "PERPETUAL"
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Authorization:
    """A SLAC or a reservation (SLR) code of one router.

    Attributes:
        confirmation_code: what the router shows once it is installed, and what CSSM is told.
    """

    kind: Literal["slac", "slr"]
    pid: str
    sn: str
    issued: datetime
    entitlements: tuple[Entitlement, ...]
    confirmation_code: str = ""


ROOT_OF = {"slac": "smartLicenseAuthorization", "slr": "specificPLR"}


def slac_file(*, pid: str, sn: str, entitlements: Iterable[Entitlement], issued: datetime) -> bytes:
    """Returns a SLAC file for one router."""
    return _code_file("slac", pid, sn, tuple(entitlements), issued)


def slr_code_file(
    *, pid: str, sn: str, entitlements: Iterable[Entitlement], issued: datetime
) -> bytes:
    """Returns a reservation authorization code with everything that stays reserved."""
    return _code_file("slr", pid, sn, tuple(entitlements), issued)


def slr_request_code(pid: str, sn: str) -> str:
    """Returns what ``license smart reservation request local`` prints for CSSM."""
    mark = base64.b32encode(hashlib.sha256(f"{pid}:{sn}".encode()).digest()).decode()
    return f"CB-Z{pid}:{sn}-{mark[:9]}-{int(mark[9:15].encode().hex(), 16) % 100:02d}"


def parse_slr_request_code(code: str) -> tuple[str, str]:
    """Returns PID and serial of a request code.

    Raises:
        FormatError: it was mistyped.
    """
    body = code.strip().removeprefix("CB-Z").rsplit("-", 2)[0]
    pid, _, sn = body.rpartition(":")
    if not pid or slr_request_code(pid, sn) != code.strip():
        raise FormatError("the request code is not valid")
    return pid, sn


def auth_request_file(system: Mapping[str, Any], requests: Sequence[Mapping[str, Any]]) -> bytes:
    """Returns the file that ``license smart authorization request save`` writes."""
    data = escape(json.dumps(list(requests), separators=(",", ":")))
    request = f"<smartLicenseAuthRequest><data>{data}</data></smartLicenseAuthRequest>"
    return document([system_element(system), request])


def parse_auth_request(data: bytes) -> tuple[Mapping[str, Any], ...]:
    """Returns the requests of such a file: ``sudi``, ``keys``, ``confirm_code``, ``remove_code``.

    Raises:
        FormatError: it is no request file.
    """
    element = parse_root(data).find("./smartLicenseAuthRequest/data")
    if element is None:
        raise FormatError("the file holds no authorization request")
    rows = loads(element.text, list)
    return tuple(rows)


def confirmation_code(pid: str, sn: str, entitlements: Iterable[Entitlement], at: datetime) -> str:
    """Returns the code that proves the installation of an authorization code."""
    tags = sorted(f"{e.tag}*{e.count}" for e in entitlements)
    text = "|".join([pid, sn, str(int(at.timestamp() * 1000)), *tags])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _code_file(
    kind: Literal["slac", "slr"],
    pid: str,
    sn: str,
    entitlements: tuple[Entitlement, ...],
    issued: datetime,
) -> bytes:
    digest = hashlib.sha256(f"{pid}|{sn}|{issued.isoformat()}".encode()).hexdigest()
    piid = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    rows = "".join(
        f"<entitlement><tag>{escape(e.tag)}</tag><count>{e.count}</count>"
        f"<startDate>{escape(e.start)}</startDate><endDate>{escape(e.end)}</endDate>"
        f"<licenseType>{escape(e.license_type)}</licenseType>"
        f"<displayName>{escape(e.display_name)}</displayName>"
        f"<tagDescription>{escape(e.description)}</tagDescription>"
        "<subscriptionID></subscriptionID></entitlement>"
        for e in entitlements
    )
    code = (
        f"<authorizationCode><flag>A</flag><version>C</version><piid>{piid}</piid>"
        f"<timestamp>{int(issued.timestamp() * 1000)}</timestamp>"
        f"<entitlements>{rows}</entitlements></authorizationCode>"
    )
    udi = f"<udi>P:{escape(pid)},S:{escape(sn)}</udi>"
    root = ROOT_OF[kind]
    signature = f"<signature>{sign(canonical(ET.fromstring(code)) + udi)}</signature>"  # noqa: S314 - our own text
    return f"<{root}>{code}{signature}{udi}</{root}>\n".encode()


def read_code(kind: Literal["slac", "slr"], element: ET.Element) -> Authorization:
    code, signature, udi = (element.find(t) for t in ("authorizationCode", "signature", "udi"))
    if code is None or signature is None or udi is None:
        raise FormatError("the authorization code is incomplete")
    owner = udi.text or ""
    if not is_signed(canonical(code) + f"<udi>{escape(owner)}</udi>", signature.text or ""):
        raise FormatError("the signature of the authorization code does not fit")
    pid, sn = owner.removeprefix("P:").rsplit(",S:", 1)
    issued = datetime.fromtimestamp(int(code.findtext("timestamp") or 0) / 1000, UTC)
    rows = tuple(
        Entitlement(
            tag=e.findtext("tag") or "",
            count=int(e.findtext("count") or 0),
            display_name=e.findtext("displayName") or "",
            description=e.findtext("tagDescription") or "",
            license_type=e.findtext("licenseType") or "",
            start=e.findtext("startDate") or "",
            end=e.findtext("endDate") or "",
        )
        for e in code.iter("entitlement")
    )
    return Authorization(kind, pid, sn, issued, rows, confirmation_code(pid, sn, rows, issued))
