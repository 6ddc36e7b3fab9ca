"""What CSSM gives back in files, and what a router finds in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slp_sim.formats.codes import ROOT_OF, Authorization, read_code
from slp_sim.formats.policy import Policy
from slp_sim.formats.signing import FormatError, document, parse_root, signed, verified


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
    parts = [signed("smartLicenseRumAck", data)]
    if policy:
        parts.append(signed("smartLicensePolicy", policy.as_mapping()))
    return document(parts)


def policy_file(policy: Policy) -> bytes:
    """Returns a policy on its own."""
    return (signed("smartLicensePolicy", policy.as_mapping()) + "\n").encode()


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
    root = parse_root(data)
    acks: list[Ack] = []
    account: tuple[str, str] | None = None
    for element in root.iter("smartLicenseRumAck"):
        body = verified(element)
        try:
            acks += [_ack(row) for row in body["acknowledgements"]]
            if "account" in body:
                a = body["account"]
                account = (str(a["smart_account"]), str(a["virtual_account"]))
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"no acknowledgement: {error!r}") from error
    policies = [Policy.from_mapping(verified(e)) for e in root.iter("smartLicensePolicy")]
    codes = [read_code("slr", e) for e in root.iter(ROOT_OF["slr"])]
    codes += [read_code("slac", e) for e in root.iter(ROOT_OF["slac"])]
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
