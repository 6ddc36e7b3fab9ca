"""Usage reports (RUM) and the files that carry them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from slp_sim.formats.signing import (
    FormatError,
    cdata,
    document,
    has_system,
    is_signed,
    loads,
    parse_root,
    read_system,
    sign,
    system_element,
)


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
    rows = [f"<RUMReport><![CDATA[{cdata(report)}]]></RUMReport>" for report in reports]
    return document([system_element(system), *rows])


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
    root = parse_root(data)
    if root.tag == "RUMReport":
        return UsageFile({}, (loads(root.text),))
    reports = tuple(loads(e.text) for e in root.iter("RUMReport"))
    if root.tag != "smartLicense" or not (reports or has_system(root)):
        raise FormatError("the file holds no usage reports")
    return UsageFile(read_system(root), reports)
