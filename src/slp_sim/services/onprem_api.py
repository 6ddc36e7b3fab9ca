"""SSM On-Prem's API for programs, in the shape of its public descriptions.

A local account is what stands before the last number of a tenant's URL; its one virtual account is
``Default``.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slp_sim.lab import Lab
from slp_sim.services.account import Refused, VirtualAccount
from slp_sim.services.api_access import TOKEN_S, Denied
from slp_sim.services.forms import read_form
from slp_sim.services.onprem import OnPrem

VIRTUAL = "Default"
_ACCOUNT = "/onprem/{host}/api/v1/accounts/{account}"
_NUMBER = re.compile(r"-\d+$")
Handler = Callable[[Request], Awaitable[Response]]


class OnPremApi:
    """The API of every SSM On-Prem of a lab."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._grants: dict[str, datetime] = {}

    def routes(self) -> list[Route]:
        """Returns every path of the API."""
        virtual = f"{_ACCOUNT}/virtual-accounts/{{va}}"
        rows: list[tuple[str, Handler, str]] = [
            (f"{_ACCOUNT}/virtual-accounts", self._virtual_accounts, "GET"),
            (f"{virtual}/devices", self._devices, "GET"),
            (f"{_ACCOUNT}/licenses", self._licenses, "POST"),
            (f"{virtual}/tokens", self._tokens, "GET"),
            (f"{virtual}/tokens", self._new_token, "POST"),
        ]
        made = [
            Route(path, self._call(handler), methods=[method]) for path, handler, method in rows
        ]
        return [*made, Route("/onprem/{host}/oauth/token", self._token, methods=["POST"])]

    def _call(self, handler: Handler) -> Handler:
        async def call(request: Request) -> Response:
            try:
                self._admit(request)
                return await handler(request)
            except Denied as denied:
                return JSONResponse({"error": str(denied)}, denied.status)
            except Refused as refusal:
                return JSONResponse({"status": "ERROR", "statusMessage": str(refusal)})
            except (KeyError, TypeError, ValueError) as error:
                return JSONResponse({"error": f"malformed request: {error!r}"}, 400)

        return call

    async def _token(self, request: Request) -> Response:
        try:
            given = await _json(request)
        except ValueError:
            return JSONResponse({"error": "invalid_request"}, 400)
        known = {
            c.client_id: self._lab.secrets[c.client_secret] for c in self._lab.scenario.api_clients
        }
        right = known.get(str(given.get("client_id")))
        offered = str(given.get("client_secret")).encode()
        if right is None or not secrets.compare_digest(right.encode(), offered):
            return JSONResponse({"error": "invalid_client"}, 401)
        if given.get("grant_type") == "password" and not self._is_person(given):
            return JSONResponse({"error": "invalid_grant"}, 401)
        token = secrets.token_urlsafe(32)
        self._grants[token] = self._lab.clock.now() + timedelta(seconds=TOKEN_S)
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": TOKEN_S})

    def _is_person(self, given: dict[str, Any]) -> bool:
        login = self._lab.scenario.login
        return (given.get("username"), given.get("password")) == (
            login.username,
            self._lab.password,
        )

    def _admit(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        until = self._grants.get(token)
        if scheme.lower() != "bearer" or until is None or until <= self._lab.clock.now():
            raise Denied(401, "the access token is missing, unknown or expired")

    def _home(self, request: Request) -> VirtualAccount:
        """Returns the virtual account of CSSM behind a local account."""
        onprem: OnPrem | None = self._lab.network.onprems.get(request.path_params["host"].lower())
        if onprem is None:
            raise Denied(404, "there is no such SSM On-Prem")
        account = request.path_params["account"]
        for tenant, home in onprem.homes.items():
            if account in (tenant, _NUMBER.sub("", tenant)):
                if request.path_params.get("va", VIRTUAL) != VIRTUAL:
                    raise Denied(404, "there is no such virtual account")
                return home
        raise Denied(404, "there is no such local account")

    async def _virtual_accounts(self, request: Request) -> Response:
        self._home(request)
        return JSONResponse({"status": "COMPLETE", "virtualAccounts": [{"name": VIRTUAL}]})

    async def _devices(self, request: Request) -> Response:
        with self._lab.lock:
            rows = [
                {
                    "displayName": i.display_name,
                    "sudi": {"udiPid": i.pid, "udiSerialNumber": i.sn},
                    "hostName": i.hostname,
                    "virtualAccount": VIRTUAL,
                    "lastContactDate": i.last_contact.isoformat() if i.last_contact else None,
                }
                for i in self._home(request).instances.values()
            ]
        offset = int(request.query_params.get("offset", 0))
        limit = int(request.query_params.get("limit", 50))
        page = rows[offset : offset + limit]
        return JSONResponse({"status": "COMPLETE", "totalRecords": len(rows), "devices": page})

    async def _licenses(self, request: Request) -> Response:
        home = self._home(request)
        rows = []
        for pool in home.pools.values():
            b = home.balance(pool)
            rows.append(
                {
                    "license": pool.name or pool.short,
                    "virtualAccount": VIRTUAL,
                    "quantity": pool.total,
                    "inUse": b.in_use + b.authorized + b.reserved,
                    "status": b.status,
                }
            )
        return JSONResponse({"status": "COMPLETE", "totalRecords": len(rows), "licenses": rows})

    async def _tokens(self, request: Request) -> Response:
        now = self._lab.clock.now()
        rows = [
            {"token": t.secret, "description": t.name, "expirationDate": t.expires.isoformat()}
            for t in self._home(request).tokens
            if t.state(now) == "valid"
        ]
        return JSONResponse({"status": "COMPLETE", "tokens": rows})

    async def _new_token(self, request: Request) -> Response:
        home, body = self._home(request), await _json(request)
        owner = next(a for a, v in self._lab.network.cssm.accounts.virtual_accounts() if v is home)
        token = self._lab.portal.create_token(
            f"{owner.name}/{home.name}",
            name=str(body.get("description") or "api"),
            days=int(body.get("expiresAfterDays") or 30),
            export_allowed=body.get("exportControlled") == "Allowed",
        )
        info = {"token": token.secret, "expirationDate": token.expires.isoformat()}
        return JSONResponse({"status": "COMPLETE", "tokenInfo": info})


async def _json(request: Request) -> dict[str, Any]:
    data = json.loads((await read_form(request)).content())
    if not isinstance(data, dict):
        raise TypeError("an object is needed")
    return data
