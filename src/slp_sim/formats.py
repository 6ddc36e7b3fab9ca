"""The files and codes that travel between routers and services: built, signed and read again.

Everything here is values and bytes; who sends what to whom is decided elsewhere. A signature is
a keyed hash over the exact text that it covers, so one altered byte is noticed, blanks included.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from xml.sax.saxutils import escape

_KEY = b"slp-sim: the one signing key of every simulated world"
MAX_FILE_BYTES = 32 * 1024 * 1024


class FormatError(ValueError):
    """A file or code is of no known kind, damaged, or its signature does not fit."""


# --- policy -------------------------------------------------------------------------------------

CISCO_DEFAULT = "CISCO default"
CUSTOMER = "Customer Policy"

POLICY_CLASSES = ("perpetual", "subscription", "enforced", "export")


@dataclass(frozen=True)
class Requirement:
    """Days within which one class of licences must report, and who says so."""

    first: int
    frequency: int
    on_change: int
    first_source: str = CUSTOMER
    source: str = CUSTOMER


@dataclass(frozen=True)
class Policy:
    """A reporting policy, by class of licence (``POLICY_CLASSES``)."""

    name: str | None
    requirements: Mapping[str, Requirement]
    ack_required: bool = True
    ack_source: str = CUSTOMER
    push_interval_days: int = 30

    def as_mapping(self) -> dict[str, Any]:
        """Returns the policy as plain JSON, as it stands in replies and files."""
        return {
            "name": self.name,
            "ack_required": self.ack_required,
            "ack_source": self.ack_source,
            "push_interval_days": self.push_interval_days,
            "requirements": {k: dict(vars(r)) for k, r in self.requirements.items()},
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Policy:
        """Returns the policy that ``as_mapping`` gave.

        Raises:
            FormatError: a key is missing or of the wrong type.
        """
        try:
            rows = {k: Requirement(**dict(data["requirements"][k])) for k in POLICY_CLASSES}
            return cls(
                name=data["name"],
                requirements=rows,
                ack_required=bool(data["ack_required"]),
                ack_source=str(data["ack_source"]),
                push_interval_days=int(data["push_interval_days"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"no policy: {error}") from error


def cisco_default_policy() -> Policy:
    """Returns the policy in force before any acknowledgement (POL-1)."""

    def row(first: int, frequency: int, on_change: int) -> Requirement:
        return Requirement(first, frequency, on_change, CISCO_DEFAULT, CISCO_DEFAULT)

    return Policy(
        name=None,
        ack_source=CISCO_DEFAULT,
        requirements={
            "perpetual": row(365, 0, 90),
            "subscription": row(90, 90, 90),
            "enforced": row(0, 0, 0),
            "export": row(0, 0, 0),
        },
    )


# --- usage --------------------------------------------------------------------------------------


def rum_report(
    *,
    pid: str,
    sn: str,
    report_id: int,
    software_tag: str,
    entitlement_tag: str,
    software_version: str,
    start: datetime,
    end: datetime,
    count: int = 1,
    schema: Literal["1.0", "2.0"] = "2.0",
    reason: str = "CurrentUsageRequested",
) -> dict[str, Any]:
    """Returns one signed usage report.

    Args:
        schema: ``1.0`` is the form before 17.7.1a (no version, ``report_id`` under ``meta``),
            ``2.0`` the one from there on.
        reason: why the last measurement ended, such as ``ProductReload``.
    """
    sudi = {"udi_pid": pid, "udi_serial_number": sn}
    began, ended = int(start.timestamp()), int(end.timestamp())
    interval = 900
    measurement = {
        "log_time": ended,
        "metric_name": "ENTITLEMENT",
        "start_time": began,
        "end_time": ended,
        "sample_interval": max(ended - began, 0),
        "num_samples": max((ended - began) // interval, 1),
        "meta": {"added_sudi_list": [], "removed_sudi_list": [], "termination_reason": reason},
        "value": {"type": "COUNT", "value": str(count)},
    }
    asset: dict[str, Any] = {"asset": {"name": software_tag}, "instance": {"sudi": sudi}}
    meta: dict[str, Any] = {
        "entitlement_tag": entitlement_tag,
        "software_version": software_version,
        "ha_udi": [{"role": "Active", "sudi": sudi}],
    }
    inner = {"signing_type": "builtin", "key": software_tag, "value": "regid.2009-05.com.cisco"}
    payload: dict[str, Any]
    if schema == "2.0":
        asset = {"report_id": report_id, **asset}
        meta = {**meta, "utility_enabled": False}
        payload = {"version": "2.0", "asset_identification": asset, "signature": inner}
    else:
        meta = {"report_id": report_id, **meta}
        payload = {"asset_identification": {**asset, "signature": inner}}
    payload |= {"meta": meta, "measurements": [measurement]}
    text = json.dumps(payload, separators=(",", ":"))
    return {
        "payload": text,
        "header": {"type": "rum"},
        "signature": {
            "sudi": sudi,
            "signing_type": "builtin",
            "key": software_tag,
            "value": sign(text),
        },
    }


@dataclass(frozen=True)
class Usage:
    """What one report says, and whether it is as it was signed."""

    pid: str
    sn: str
    report_id: int
    entitlement_tag: str
    software_tag: str
    count: int
    intact: bool


def read_report(report: Mapping[str, Any]) -> Usage:
    """Returns what a report says; ``intact`` is false where its signature does not fit.

    Raises:
        FormatError: it is no report at all.
    """
    try:
        text = report["payload"]
        payload = json.loads(text)
        asset = payload["asset_identification"]
        meta = payload["meta"]
        sudi = asset["instance"]["sudi"]
        return Usage(
            pid=sudi["udi_pid"],
            sn=sudi["udi_serial_number"],
            report_id=int(asset["report_id"] if "report_id" in asset else meta["report_id"]),
            entitlement_tag=meta["entitlement_tag"],
            software_tag=asset["asset"]["name"],
            count=int(payload["measurements"][-1]["value"]["value"]),
            intact=is_signed(text, str(report["signature"]["value"])),
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise FormatError(f"no usage report: {error!r}") from error


def system_info(
    *,
    pid: str,
    sn: str,
    hostname: str,
    software_tag: str,
    at: datetime,
    conversion: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Returns what a router says of itself in the files that it writes.

    Args:
        conversion: what device-led conversion collected, where it did.
    """
    sudi = {"udi_pid": pid, "udi_serial_number": sn}
    stamp = int(at.timestamp() * 1000)
    info: dict[str, Any] = {
        "sudi": sudi,
        "timestamp": stamp,
        "nonce": str(int(hashlib.sha256(f"{pid}{sn}{stamp}".encode()).hexdigest()[:14], 16)),
        "hostname": hostname,
        "software_tag_identifier": software_tag,
        "device_list": [{"sudi": sudi, "hostname": hostname}],
    }
    if conversion:
        info["conversion"] = dict(conversion)
    return info


def usage_file(reports: Sequence[Mapping[str, Any]], system: Mapping[str, Any]) -> bytes:
    """Returns the file that ``license smart save usage`` writes."""
    rows = [f"<RUMReport><![CDATA[{_cdata(report)}]]></RUMReport>" for report in reports]
    return _document([_system(system), *rows])


@dataclass(frozen=True)
class UsageFile:
    """A usage file as a service reads it."""

    system: Mapping[str, Any]
    reports: tuple[Mapping[str, Any], ...]


def parse_usage(data: bytes) -> UsageFile:
    """Returns what stands in a usage file; each report's payload is byte for byte as written.

    Raises:
        FormatError: it is no usage file.
    """
    root = _root(data)
    if root.tag == "RUMReport":
        return UsageFile({}, (_loads(root.text),))
    reports = tuple(_loads(e.text) for e in root.iter("RUMReport"))
    if root.tag != "smartLicense" or not (reports or _has_system(root)):
        raise FormatError("the file holds no usage reports")
    return UsageFile(_read_system(root), reports)


# --- authorization requests, codes --------------------------------------------------------------


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


_ROOT_OF = {"slac": "smartLicenseAuthorization", "slr": "specificPLR"}


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
    return _document([_system(system), request])


def parse_auth_request(data: bytes) -> tuple[Mapping[str, Any], ...]:
    """Returns the requests of such a file: ``sudi``, ``keys``, ``confirm_code``, ``remove_code``.

    Raises:
        FormatError: it is no request file.
    """
    element = _root(data).find("./smartLicenseAuthRequest/data")
    if element is None:
        raise FormatError("the file holds no authorization request")
    rows = _loads(element.text, list)
    return tuple(rows)


# --- what CSSM gives back -----------------------------------------------------------------------


@dataclass(frozen=True)
class Ack:
    """An acknowledgement for one router.

    Attributes:
        acked: ids of the reports that need not be kept any longer.
        dlc_done: device-led conversion is booked in the account.
    """

    pid: str
    sn: str
    acked: tuple[int, ...]
    issued: datetime
    dlc_done: bool = False


def ack_file(
    acks: Iterable[Ack], policy: Policy | None = None, account: tuple[str, str] | None = None
) -> bytes:
    """Returns an acknowledgement file.

    Args:
        policy: comes along where the account has one.
        account: Smart Account and virtual account, as newer releases display them.
    """
    rows = [
        {
            "sudi": {"udi_pid": a.pid, "udi_serial_number": a.sn},
            "timestamp": int(a.issued.timestamp() * 1000),
            "acked": list(a.acked),
            "dlc_done": a.dlc_done,
        }
        for a in acks
    ]
    data: dict[str, Any] = {"acknowledgements": rows}
    if account:
        data["account"] = {"smart_account": account[0], "virtual_account": account[1]}
    parts = [_signed("smartLicenseRumAck", data)]
    if policy:
        parts.append(_signed("smartLicensePolicy", policy.as_mapping()))
    return _document(parts)


def policy_file(policy: Policy) -> bytes:
    """Returns a policy on its own."""
    return (_signed("smartLicensePolicy", policy.as_mapping()) + "\n").encode()


@dataclass(frozen=True)
class Imported:
    """What ``license smart import`` found in a file; several kinds may come together."""

    acks: tuple[Ack, ...] = ()
    policy: Policy | None = None
    authorizations: tuple[Authorization, ...] = ()
    account: tuple[str, str] | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)

    def for_udi(self, pid: str, sn: str) -> bool:
        """Tells whether nothing in the file is addressed to another router (F25)."""
        owners = {(a.pid, a.sn) for a in self.acks}
        owners |= {(a.pid, a.sn) for a in self.authorizations}
        return not owners or (pid, sn) in owners


def parse_import(data: bytes) -> Imported:
    """Returns what a file from CSSM holds: ACK, policy, SLAC or reservation code.

    Raises:
        FormatError: it holds none of these, is cut off, or was altered.
    """
    root = _root(data)
    acks: list[Ack] = []
    account: tuple[str, str] | None = None
    for element in root.iter("smartLicenseRumAck"):
        body = _verified(element)
        try:
            acks += [_ack(row) for row in body["acknowledgements"]]
            if "account" in body:
                a = body["account"]
                account = (str(a["smart_account"]), str(a["virtual_account"]))
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"no acknowledgement: {error!r}") from error
    policies = [Policy.from_mapping(_verified(e)) for e in root.iter("smartLicensePolicy")]
    codes = [_read_code("slr", e) for e in root.iter(_ROOT_OF["slr"])]
    codes += [_read_code("slac", e) for e in root.iter(_ROOT_OF["slac"])]
    kinds = {c.kind for c in codes} | ({"ack"} if acks else set())
    kinds |= {"policy"} if policies else set()
    if not kinds:
        raise FormatError("the file holds nothing that can be imported")
    return Imported(
        tuple(acks), policies[-1] if policies else None, tuple(codes), account, frozenset(kinds)
    )


def _ack(row: Mapping[str, Any]) -> Ack:
    return Ack(
        pid=row["sudi"]["udi_pid"],
        sn=row["sudi"]["udi_serial_number"],
        acked=tuple(int(i) for i in row["acked"]),
        issued=datetime.fromtimestamp(row["timestamp"] / 1000, UTC),
        dlc_done=bool(row["dlc_done"]),
    )


# --- signatures and XML -------------------------------------------------------------------------


def sign(text: str) -> str:
    """Returns the signature over ``text``, as it stands in reports and files."""
    return base64.b64encode(hmac.digest(_KEY, text.encode(), "sha256")).decode()


def is_signed(text: str, signature: str) -> bool:
    """Tells whether ``signature`` was made over exactly this text."""
    return hmac.compare_digest(sign(text), signature)


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
    root = _ROOT_OF[kind]
    signature = f"<signature>{sign(_canonical(ET.fromstring(code)) + udi)}</signature>"  # noqa: S314 - our own text
    return f"<{root}>{code}{signature}{udi}</{root}>\n".encode()


def _read_code(kind: Literal["slac", "slr"], element: ET.Element) -> Authorization:
    code, signature, udi = (element.find(t) for t in ("authorizationCode", "signature", "udi"))
    if code is None or signature is None or udi is None:
        raise FormatError("the authorization code is incomplete")
    owner = udi.text or ""
    if not is_signed(_canonical(code) + f"<udi>{escape(owner)}</udi>", signature.text or ""):
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


def _canonical(element: ET.Element) -> str:
    return ET.tostring(element, encoding="unicode", short_empty_elements=False).strip()


def _signed(tag: str, data: Mapping[str, Any]) -> str:
    text = json.dumps(data, separators=(",", ":"))
    return f"<{tag}><data>{escape(text)}</data><signature>{sign(text)}</signature></{tag}>"


def _verified(element: ET.Element) -> Mapping[str, Any]:
    text, signature = element.findtext("data"), element.findtext("signature")
    if text is None or signature is None or not is_signed(text, signature):
        raise FormatError(f"the signature of <{element.tag}> does not fit")
    body: Mapping[str, Any] = _loads(text)
    return body


def _document(parts: Iterable[str]) -> bytes:
    return ("<smartLicense>" + "".join(parts) + "</smartLicense>\n").encode()


def _system(info: Mapping[str, Any]) -> str:
    data = escape(json.dumps(dict(info), separators=(",", ":")))
    return f"<smartLicenseSystemInfo><data>{data}</data></smartLicenseSystemInfo>"


def _has_system(root: ET.Element) -> bool:
    return root.find("./smartLicenseSystemInfo/data") is not None


def _read_system(root: ET.Element) -> Mapping[str, Any]:
    element = root.find("./smartLicenseSystemInfo/data")
    info: Mapping[str, Any] = {} if element is None else _loads(element.text)
    return info


def _cdata(value: Mapping[str, Any]) -> str:
    # An escaped ">" keeps "]]>" out of the section and decodes to the same payload.
    return json.dumps(dict(value), separators=(",", ":")).replace(">", "\\u003e")


def _loads(text: str | None, kind: type[Any] = dict) -> Any:
    try:
        value = json.loads(text or "")
    except ValueError as error:
        raise FormatError(f"the file is damaged: {error}") from error
    if not isinstance(value, kind):
        raise FormatError("the file is damaged: another kind of value was expected")
    return value


def _root(data: bytes) -> ET.Element:
    if len(data) > MAX_FILE_BYTES:
        raise FormatError("the file is too large")
    if b"<!" in data.replace(b"<![CDATA[", b""):
        raise FormatError("the file declares document types or entities")
    try:
        return ET.fromstring(data)  # noqa: S314 - no DTD, no entities: checked above
    except ET.ParseError as error:
        raise FormatError(f"the file is damaged: {error}") from error
