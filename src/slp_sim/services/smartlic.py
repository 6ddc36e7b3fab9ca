"""``/smartlic-service``: usage reports and imports over HTTP, asked of the router itself.

What is asked and answered is public; the fields of one row of ``usage_list`` are not, ours say
what ``show license rum id all`` does.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from slp_sim.formats import MAX_FILE_BYTES
from slp_sim.router import accounts
from slp_sim.router.agent import imports, measuring
from slp_sim.router.agent.state import Report
from slp_sim.router.catalog import Release
from slp_sim.router.router import Router

BASE = "/smartlic-service"
SINCE = Release(17, 3, 2)
DAYS = 90
_ADMIN = 15

Answer = Callable[[Router, Request, bytes], Response]


def listens(router: Router, *, secure: bool = False) -> bool:
    """Tells whether a router answers HTTP, with or without TLS: it is up, and configured so."""
    line = "ip http secure-server" if secure else "ip http server"
    return router.is_up() and router.running.has(line)


def smartlic_app(router_at: Callable[[str], Router | None]) -> Starlette:
    """Returns the web application of all routers of a lab.

    Args:
        router_at: the router that has an address.
    """
    rows: tuple[tuple[str, str, Answer], ...] = (
        ("GET", "/list", _list),
        ("GET", "/all-reports", _all_reports),
        ("GET", "/days", _days),
        ("GET", "/days/{days:int}", _days),
        ("POST", "/close-reports", _close_reports),
        ("POST", "/import", _import),
    )
    return Starlette(
        routes=[Route(BASE + p, _Endpoint(router_at, a), methods=[m]) for m, p, a in rows]
    )


class _Endpoint:
    """One path: the router found by the address that was called, its user known, its lock held."""

    def __init__(self, router_at: Callable[[str], Router | None], answer: Answer) -> None:
        self._router_at = router_at
        self._answer = answer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        server = scope.get("server") or ("", 0)
        router = self._router_at(str(server[0]))
        response = await self._respond(router, request)
        await response(scope, receive, send)

    async def _respond(self, router: Router | None, request: Request) -> Response:
        if router is None:
            return JSONResponse({"error": "no router has this address"}, 404)
        body = await _body(request)
        if body is None:
            return JSONResponse({"error": "the body is too large"}, 413)
        with router.lock:
            router.settle()
            if not _admits(router, request.headers.get("authorization", "")):
                realm = f'Basic realm="level_15_access", charset="{router.hostname}"'
                return Response(status_code=401, headers={"WWW-Authenticate": realm})
            if router.agent.model != "slp" or router.release < SINCE:
                return JSONResponse({"error": "not found"}, 404)
            return self._answer(router, request, body)


async def _body(request: Request) -> bytes | None:
    """Returns what was posted; None where it is larger than any file."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > 2 * MAX_FILE_BYTES:
            return None
    return bytes(body)


def _admits(router: Router, header: str) -> bool:
    """Tells whether HTTP Basic names an administrator of this router.

    Local users count with ``ip http authentication local`` or ``aaa``; without either the
    password is the enable secret, whatever the name.
    """
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    name, _, password = given.partition(":")
    how = (router.running.value("ip http authentication") or "enable").split()[0]
    if how == "enable":
        return accounts.may_enable(router.running, router.serial, password)
    privilege = accounts.privilege_of(router.running, name)
    return router.check_login(name, password) and privilege >= _ADMIN


# --- what is asked ------------------------------------------------------------------------------


def _list(router: Router, _request: Request, _body: bytes) -> Response:
    rows = [_row(r) for r in router.agent.slp.reports]
    return JSONResponse({"usage_list": rows} if rows else {})


def _row(report: Report) -> dict[str, Any]:
    end = report.end.timestamp() if report.end is not None else None
    return {
        "report_id": report.report_id,
        "entitlement_tag": report.tag,
        "state": report.state,
        "start_time": int(report.start.timestamp()),
        "end_time": None if end is None else int(end),
    }


def _all_reports(router: Router, _request: Request, _body: bytes) -> Response:
    return _usage(router, [r for r in router.agent.slp.reports if r.state != "OPEN"])


def _days(router: Router, request: Request, _body: bytes) -> Response:
    days = int(request.path_params.get("days", DAYS))
    if not 1 <= days <= 3650:
        return JSONResponse({"error": "days: 1 to 3650"}, 400)
    since = router.agent.now() - timedelta(days=days)
    reports = router.agent.slp.reports
    return _usage(router, [r for r in reports if r.state != "OPEN" and r.start >= since])


def _usage(router: Router, reports: list[Report]) -> Response:
    """Answers with reports as they would travel; without the key where there are none."""
    rows = [measuring.signed(router.agent, r) for r in reports]
    return JSONResponse({"usage": rows} if rows else {})


def _close_reports(router: Router, _request: Request, _body: bytes) -> Response:
    agent = router.agent
    measuring.open_reports(agent)
    measuring.close_reports(agent, "CurrentUsageRequested")
    measuring.open_reports(agent)
    router.record("usage reports closed")
    return JSONResponse({})


def _import(router: Router, _request: Request, body: bytes) -> Response:
    """Takes an acknowledgement, a SLAC or a policy: base64, as documented, or the file as it is."""
    data = body.strip()
    if not data.startswith(b"<"):
        try:
            data = base64.b64decode(b"".join(data.split()), validate=True)
        except binascii.Error:
            return JSONResponse({"error": "the body is neither a file nor one in base64"}, 400)
    problem = imports.import_file(router.agent, data)
    return JSONResponse({"error": problem}, 400) if problem else JSONResponse({})
