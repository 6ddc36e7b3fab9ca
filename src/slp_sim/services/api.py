"""CSSM's API for programs, in the shape of its public descriptions: both generations of paths.

What takes a while answers 202 with ``OK_POLL`` and a poll id of 18 digits. Errors are made on
demand by ``ApiAccess.fail_next`` (F36).
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slp_sim.formats import ack_file
from slp_sim.lab import Lab
from slp_sim.services.account import (
    ProductInstance,
    Refused,
    SmartAccount,
    VirtualAccount,
)
from slp_sim.services.api_access import ApiAccess, Denied
from slp_sim.services.forms import read_form

OLD = "/services/api/smart-accounts-and-licensing"
OLD_DOUBLED = "/services/api/services/api/smart-accounts-and-licensing"
NEW = "/v1/software/apis"
POLL_INTERVAL_S = 300
SLAC_S = 60.0
Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class _Result:
    """What a poll will find: a file, or why there is none."""

    ready: datetime
    action: str
    make: Callable[[], bytes]


class Api:
    """The API of one lab's CSSM."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._cssm = lab.network.cssm
        self._results: dict[int, _Result] = {}
        self.access = ApiAccess(lab)

    def routes(self) -> list[Route]:
        """Returns every path of the API."""
        rows: list[tuple[str, Handler, str]] = [
            ("/v2/accounts/search", self._accounts, "GET"),
            ("/v1/accounts/{domain}/virtual-accounts", self._virtual_accounts, "GET"),
            ("/v1/accounts/{domain}/virtual-accounts/{va}/tokens", self._list_tokens, "GET"),
            ("/v1/accounts/{domain}/virtual-accounts/{va}/tokens", self._new_token, "POST"),
            ("/v1/accounts/{domain}/virtual-accounts/{va}/tokens/revoke", self._revoke, "POST"),
            (
                "/{v}/accounts/{domain}/virtual-accounts/{va}/reserve-licenses",
                self._reserve,
                "POST",
            ),
            ("/v1/accounts/{domain}/licenses", self._licenses, "POST"),
            ("/v1/accounts/{domain}/devices", self._devices, "POST"),
            ("/v2/accounts/{domain}/virtual-accounts/{va}/devices/remove", self._remove, "POST"),
            ("/v3/licenses/summary", self._summary, "POST"),
            ("/v2/devices/authrequest", self._authrequest, "POST"),
            ("/v2/devices/reportusage", self._reportusage, "POST"),
            ("/v2/accounts/poll", self._poll, "POST"),
        ]
        new: list[tuple[str, Handler, str]] = [
            ("/accounts/v1/user/search-smart-accounts", self._accounts, "GET"),
            ("/licensing/v2/accounts/{domain}/devices", self._devices, "GET"),
            ("/licensing/v2/get-summary", self._summary, "POST"),
        ]
        made = [
            Route(base + path, self._call(handler), methods=[method])
            for base in (OLD, OLD_DOUBLED)
            for path, handler, method in rows
        ]
        made += [Route(NEW + p, self._call(h), methods=[m]) for p, h, m in new]
        made += [
            Route(path, self.access.token, methods=["POST"])
            for path in ("/as/token.oauth2", "/oauth2/default/v1/token")
        ]
        return made

    def _call(self, handler: Handler) -> Handler:
        async def call(request: Request) -> Response:
            try:
                self.access.admit(request)
                return await handler(request)
            except Denied as denied:
                return JSONResponse(
                    {"status": "ERROR", "statusMessage": str(denied)},
                    denied.status,
                    headers=denied.headers,
                )
            except Refused as refusal:
                return JSONResponse({"status": "FAILED", "message": str(refusal)}, 200)
            except (KeyError, TypeError, ValueError) as error:
                return JSONResponse(
                    {"status": "ERROR", "statusMessage": f"malformed request: {error!r}"}, 400
                )

        return call

    # --- accounts -------------------------------------------------------------------------------

    async def _accounts(self, _request: Request) -> Response:
        rows = [
            {
                "account_id": a.id,
                "domain": a.domain,
                "name": a.name,
                "virtual_accounts": [
                    {"virtual_account_id": v.id, "name": v.name, "default": i == 0}
                    for i, v in enumerate(a.virtual_accounts.values())
                ],
            }
            for a in self._cssm.accounts.accounts.values()
        ]
        return JSONResponse({"accounts": rows, "status": "COMPLETE"})

    async def _virtual_accounts(self, request: Request) -> Response:
        rows = self.access.account(request).virtual_accounts.values()
        return JSONResponse(
            {"status": "SUCCESS", "virtualAccounts": [{"name": v.name, "id": v.id} for v in rows]}
        )

    async def _list_tokens(self, request: Request) -> Response:
        rows = [
            {
                "token": t.secret,
                "description": t.name,
                "expirationDate": t.expires.isoformat(),
                "exportControlled": "Allowed" if t.export_allowed else "Not Allowed",
            }
            for t in self.access.virtual(request).tokens
            if t.state(self._lab.clock.now()) == "valid"
        ]
        return JSONResponse({"status": "COMPLETE", "tokens": rows})

    async def _new_token(self, request: Request) -> Response:
        account, virtual, body = (
            self.access.account(request),
            self.access.virtual(request),
            await _json(request),
        )
        token = self._lab.portal.create_token(
            f"{account.name}/{virtual.name}",
            name=str(body.get("description") or "api"),
            days=int(body.get("expiresAfterDays") or 30),
            export_allowed=body.get("exportControlled") == "Allowed",
        )
        info = {"token": token.secret, "expirationDate": token.expires.isoformat()}
        return JSONResponse({"status": "COMPLETE", "tokenInfo": info})

    async def _revoke(self, request: Request) -> Response:
        wanted = set((await _json(request))["tokens"])
        found = [t for t in self.access.virtual(request).tokens if t.secret in wanted]
        for token in found:
            token.revoked = True
        return JSONResponse({"status": "COMPLETE", "tokensRevoked": len(found)})

    # --- what is owned --------------------------------------------------------------------------

    async def _licenses(self, request: Request) -> Response:
        account, body = self.access.account(request), await _json(request)
        rows = []
        for virtual in _chosen(account, body):
            for pool in virtual.pools.values():
                b = virtual.balance(pool)
                rows.append(
                    {
                        "license": pool.name or pool.short,
                        "virtualAccount": virtual.name,
                        "quantity": pool.total,
                        "inUse": b.in_use + b.authorized + b.reserved,
                        "available": b.free,
                        "status": b.status,
                    }
                )
        return JSONResponse({"status": "COMPLETE", **_paged(rows, body, "licenses")})

    async def _devices(self, request: Request) -> Response:
        account = self.access.account(request)
        body: Mapping[str, Any] = request.query_params
        if request.method == "POST":
            body = await _json(request)
        rows = [_device(i) for v in _chosen(account, body) for i in v.instances.values()]
        return JSONResponse({"status": "COMPLETE", **_paged(rows, body, "devices")})

    async def _remove(self, request: Request) -> Response:
        virtual = self.access.virtual(request)
        rows = (await _json(request))["productInstacesRemoveRequests"]
        udis = [(str(r["sudi"]["udiPid"]), str(r["sudi"]["udiSerialNumber"])) for r in rows]
        if missing := [u for u in udis if u not in virtual.instances]:
            pid, sn = missing[0]
            raise Refused(f"there is no product instance PID:{pid},SN:{sn}")
        for pid, sn in udis:
            self._lab.portal.remove_instance(pid, sn)
        return JSONResponse({"status": "SUCCESS"})

    async def _summary(self, request: Request) -> Response:
        _, virtual = self.access.home(request)
        wanted = set((await _json(request)).get("data", {}).get("tags") or [])
        rows = []
        for pool in virtual.pools.values():
            if wanted and pool.tag not in wanted:
                continue
            b = virtual.balance(pool)
            rows.append(
                {
                    "tag": pool.tag,
                    "display_name": pool.name,
                    "enforced": pool.export_restricted,
                    "export_restricted": pool.export_restricted,
                    "compliance_status": b.status,
                    "prepaid_entitled": pool.total,
                    "prepaid_inuse": b.in_use + b.authorized,
                    "prepaid_reserved": b.reserved,
                    "license_details": [],
                }
            )
        return JSONResponse({"status": "COMPLETE", "summary": rows, "out_standing_reports": False})

    # --- reservations, authorizations, usage ----------------------------------------------------

    async def _reserve(self, request: Request) -> Response:
        account, virtual, body = (
            self.access.account(request),
            self.access.virtual(request),
            await _json(request),
        )
        rows = []
        for wanted in body["reservationRequests"]:
            licences = {str(e["entitlementTag"]): int(e["quantity"]) for e in wanted["licenses"]}
            try:
                data = self._lab.portal.reserve(
                    str(wanted["reservationCode"]), licences, f"{account.name}/{virtual.name}"
                )
                rows.append({"authorizationCode": data.decode(), "statusMessage": ""})
            except Refused as refusal:
                return JSONResponse({"status": "ERROR", "statusMessage": str(refusal)})
        return JSONResponse({"status": "COMPLETE", "authorizationCodes": rows})

    async def _authrequest(self, request: Request) -> Response:
        account, virtual = self.access.home(request)
        (wanted,) = (await _json(request))["data"]["licenses"]
        udi = str(wanted["sudi"]["udi_pid"]), str(wanted["sudi"]["udi_serial_number"])
        if wanted.get("remove_code") and not wanted.get("keys"):
            found = self._cssm.accounts.find(udi)
            if found is None:
                raise Refused("the product instance is not known")
            self._cssm.give_back(found[1])
            return self._later("authorizations", SLAC_S, lambda: b"")
        data = b""
        for key in wanted["keys"]:
            data = self._lab.portal.generate_slac(
                *udi, str(key["entitlement"]), int(key["count"]), f"{account.name}/{virtual.name}"
            )
        if not data:
            raise Refused("no licence was asked for")
        return self._later("authorizations", SLAC_S, lambda: data)

    async def _reportusage(self, request: Request) -> Response:
        account, virtual = self.access.home(request)
        reports = (await _json(request))["data"]["reports"]
        home = f"{account.name}/{virtual.name}"
        polls = []
        for row in reports:
            udi = str(row["sudi"]["udi_pid"]), str(row["sudi"]["udi_serial_number"])
            instance = self._lab.portal.instance(udi, "", home)
            polls.append(self._cssm.receive(instance, row["usage"], refuse_duplicates=True))

        def make() -> bytes:
            answers = [self._cssm.acks.ask(p) for p in polls]
            acks = [a for a in answers if not isinstance(a, float)]
            return ack_file(acks, virtual.policy, (account.name, virtual.name))

        return self._later("acknowledgements", self._cssm.timing.ack_s, make)

    def _later(self, action: str, seconds: float, make: Callable[[], bytes]) -> Response:
        poll_id = 8 * 10**17 + secrets.randbelow(10**17)
        ready = self._lab.clock.now() + timedelta(seconds=seconds)
        self._results[poll_id] = _Result(ready, action, make)
        answer = {"status": "OK_POLL", "poll_id": poll_id, "action": action}
        return JSONResponse({**answer, "poll_interval": POLL_INTERVAL_S}, 202)

    async def _poll(self, request: Request) -> Response:
        body = (await _json(request))["data"]
        result = self._results.get(int(body["poll_id"]))
        if result is None or result.action != body.get("action"):
            return JSONResponse(
                {"status": "OK_POLL", "message": "the poll id is not known", "message_code": "404"}
            )
        if self._lab.clock.now() < result.ready:
            return JSONResponse({"status": "OK_POLL", "message": ""})
        code = base64.b64encode(result.make()).decode()
        row = {"status": "SUCCESS", "error_code": None, "status_message": "", "smart_license": code}
        return JSONResponse({"status": "COMPLETE", "data": {result.action: [row]}})


async def _json(request: Request) -> dict[str, Any]:
    form = await read_form(request)
    data = json.loads(form.content())
    if not isinstance(data, dict):
        raise TypeError("an object is needed")
    return data


def _chosen(account: SmartAccount, body: Mapping[str, Any]) -> list[VirtualAccount]:
    names = body.get("virtualAccounts") or []
    single = body.get("virtualAccountName")
    wanted = {*names, *([single] if single else [])}
    return [v for v in account.virtual_accounts.values() if not wanted or v.name in wanted]


def _paged(rows: list[dict[str, Any]], body: Mapping[str, Any], key: str) -> dict[str, Any]:
    offset, limit = int(body.get("offset") or 0), int(body.get("limit") or 50)
    return {"totalRecords": len(rows), key: rows[offset : offset + limit]}


def _device(instance: ProductInstance) -> dict[str, Any]:
    contact = instance.last_contact
    return {
        "displayName": instance.display_name,
        "sudi": {"udiPid": instance.pid, "udiSerialNumber": instance.sn},
        "hostName": instance.hostname,
        "virtualAccount": instance.virtual_account,
        "licenseUsage": [{"license": t, "quantity": n} for t, n in instance.usage.items()],
        "lastContactDate": contact.isoformat() if contact else None,
        "status": "In Compliance",
    }
