"""CSSM's answers, read into values; each of its own kinds of no becomes a ``Refusal``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slp_core.errors import UsageError
from slp_core.secrets import REDACTOR
from slp_core.state import Udi
from slp_exchange.errors import Cause, Refusal, spoken
from slp_exchange.models import (
    Balance,
    Instance,
    RegistrationToken,
    SmartAccount,
    VirtualAccount,
    moment,
)

_GOOD = {"", "COMPLETE", "COMPLETED", "SUCCESS", "OK", "OK_POLL", "ACCEPTED"}
_UDI = re.compile(r"UDI_PID:\s*([^;]+);\s*UDI_SN:\s*([^;]+);?")
_REMEDIES: Mapping[str, str] = {
    "duplicate": "it was reported before: download its acknowledgement in CSSM (Reports > Usage "
    "Data Files), or save a new report on the router",
    "failed": "save the report on the router again and send that file unchanged",
    "rejected": "look at it in CSSM",
}


def refusal_in(answer: Mapping[str, Any], where: str) -> Refusal | None:
    """Returns what CSSM's own status says no with; None where it says yes."""
    status = str(answer.get("status") or "").upper()
    if status in _GOOD:
        return None
    said = answer.get("message") or answer.get("statusMessage") or answer.get("status_message")
    code = answer.get("message_code") or answer.get("error_code")
    return said_no(status, said, code, where)


def said_no(status: str, said: Any, code: Any, where: str) -> Refusal:
    """Returns the error that CSSM's own words stand for."""
    words = spoken(said)
    cause: Cause = "failed" if status == "FAILED" else "rejected"
    if re.search(r"duplicat|already (received|reported|processed)", words, re.IGNORECASE):
        cause = "duplicate"
    text = f"CSSM answers {spoken(status)}" + (f" ({spoken(code)})" if code else "")
    return Refusal(
        cause, f"{text}: {words}" if words else text, where=where, remedy=_REMEDIES[cause]
    )


def rows_of(answer: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Returns the objects of a list; nothing where it is missing."""
    rows = answer.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def accounts_of(answer: Mapping[str, Any]) -> tuple[SmartAccount, ...]:
    """Returns the Smart Accounts of a search."""
    return tuple(_account(row) for row in rows_of(answer, "accounts"))


def _account(row: Mapping[str, Any]) -> SmartAccount:
    domain = _text(row, "domain", "accountDomain", "domainIdentifier")
    virtual = rows_of(row, "virtual_accounts") or rows_of(row, "virtualAccounts")
    return SmartAccount(
        name=_text(row, "name", "accountName", "companyName") or domain,
        domain=domain,
        id=_text(row, "account_id", "accountId", "accountIdentifier", "id"),
        virtual_accounts=tuple(_virtual(v) for v in virtual),
    )


def _virtual(row: Mapping[str, Any]) -> VirtualAccount:
    return VirtualAccount(
        name=_text(row, "name", "virtualAccountName"),
        id=_text(row, "virtual_account_id", "virtualAccountId", "id"),
        default=str(row.get("default", "")).lower() == "true",
    )


def token_of(row: Mapping[str, Any]) -> RegistrationToken:
    """Returns a registration token.

    Raises:
        Refusal: there is none in the answer.
    """
    secret = row.get("token")
    if not isinstance(secret, str) or not secret:
        raise Refusal("malformed", "CSSM's answer holds no token", where="tokens")
    export = str(row.get("exportControlled") or "").strip().lower()
    return RegistrationToken(
        secret=secret,
        description=_text(row, "description"),
        expires=moment(row.get("expirationDate")),
        export={"allowed": True, "not allowed": False}.get(export),
    )


def balance_of(row: Mapping[str, Any], account: str) -> Balance:
    """Returns the licences of one kind."""
    return Balance(
        account=account,
        tag=_text(row, "tag"),
        name=_text(row, "display_name", "displayName"),
        entitled=number(row.get("prepaid_entitled")),
        in_use=number(row.get("prepaid_inuse")),
        reserved=number(row.get("prepaid_reserved")),
        export_restricted=bool(row.get("export_restricted")),
        status=_text(row, "compliance_status"),
    )


def instance_of(row: Mapping[str, Any]) -> Instance:
    """Returns a product instance; its UDI is what identifies it, not its name."""
    sudi = row.get("sudi")
    sudi = sudi if isinstance(sudi, dict) else {}
    name = _text(row, "displayName")
    pid, sn = _text(sudi, "udiPid"), _text(sudi, "udiSerialNumber")
    if not sn and (match := _UDI.search(name)):
        pid, sn = match[1].strip(), match[2].strip()
    return Instance(
        name=name,
        udi=Udi(pid=pid, sn=sn),
        virtual_account=_text(row, "virtualAccount"),
        product_tag=_text(row, "productTagName"),
        hostname=_text(row, "hostName"),
        last_contact=moment(row.get("lastContactDate")),
        status=_text(row, "status"),
        licences=tuple(_usage(row)),
    )


def _usage(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for used in rows_of(row, "licenseUsage"):
        yield _text(used, "license"), number(used.get("quantity"))


def number(value: Any) -> int:
    """Returns a whole number; 0 where it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _text(row: Mapping[str, Any], *names: str) -> str:
    found = next((row[n] for n in names if row.get(n) not in (None, "")), "")
    return str(found).strip()


def tokens_in(answer: Mapping[str, Any]) -> tuple[RegistrationToken, ...]:
    """Returns the tokens that an answer lists; each is masked from now on."""
    return tuple(_masked(token_of(row)) for row in rows_of(answer, "tokens"))


def token_asked(description: str, days: int, *, export: bool) -> dict[str, Any]:
    """Returns the body of a request for a token.

    Raises:
        UsageError: days outside 1 to 365 (TOKEN-1).
    """
    if not 1 <= days <= 365:
        raise UsageError("a token is valid for 1 to 365 days (TOKEN-1)", where="days")
    return {
        "description": description,
        "expiresAfterDays": days,
        "exportControlled": "Allowed" if export else "Not Allowed",
    }


def token_made(answer: Mapping[str, Any], body: Mapping[str, Any]) -> RegistrationToken:
    """Returns the token of an answer; what it leaves out is as it was asked for."""
    asked = {key: body[key] for key in ("description", "exportControlled")}
    info = answer.get("tokenInfo")
    return _masked(token_of({**asked, **(info if isinstance(info, dict) else {})}))


def _masked(token: RegistrationToken) -> RegistrationToken:
    REDACTOR.add(token.secret)
    return token
