"""CSSM's portal over HTTP for a person or a program that plays one, and the state of the lab."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from slp_sim.lab import Lab
from slp_sim.services.account import ProductInstance, Refused, short_tag
from slp_sim.services.api import Api
from slp_sim.services.file_pages import file_routes
from slp_sim.services.forms import Form, read_form
from slp_sim.services.lab_pages import LabPages
from slp_sim.services.onprem_api import OnPremApi
from slp_sim.services.pages import overview, page
from slp_sim.services.portal import PROCESSING, Upload

Handler = Callable[[Request], Awaitable[Response]]


def web_app(lab: Lab, endpoints: Mapping[str, tuple[str, int]]) -> Starlette:
    """Returns the lab's web application."""
    api = Api(lab)
    web, lab_pages = _Web(lab), LabPages(lab, endpoints, api.access)
    routes = [
        *api.routes(),
        *OnPremApi(lab).routes(),
        *file_routes(lab),
        Route("/lab/api-failures", _guarded(lab_pages.api_failures), methods=["POST"]),
        Route("/", web.home),
        Route("/lab", lab_pages.lab_state),
        Route("/lab/routers/{name}", lab_pages.router_log),
        Route("/cssm", web.overview),
        Route("/cssm/instances", web.instances),
        Route("/cssm/balances", web.balances),
        Route("/cssm/usage-files", _guarded(web.usage_files), methods=["GET", "POST"]),
        Route("/cssm/usage-files/{id:int}", _guarded(web.usage_file)),
        Route("/cssm/usage-files/{id:int}/ack", _guarded(web.ack)),
        Route("/cssm/reservations/new", _guarded(web.reserve), methods=["POST"]),
        Route("/cssm/reservations/update", _guarded(web.update), methods=["POST"]),
        Route("/cssm/reservations/confirm", _guarded(web.confirm), methods=["POST"]),
        Route("/cssm/slac", _guarded(web.slac), methods=["POST"]),
        Route("/cssm/slac/request", _guarded(web.slac_request), methods=["POST"]),
        Route("/cssm/tokens", _guarded(web.tokens), methods=["POST"]),
        Route("/cssm/tokens/revoke", _guarded(web.revoke), methods=["POST"]),
        Route("/onprem", lab_pages.onprems),
        Route("/onprem/{host}/synchronise", _guarded(lab_pages.onprem_sync), methods=["POST"]),
        Route("/onprem/{host}/upgrade", _guarded(lab_pages.onprem_upgrade), methods=["POST"]),
        Route("/onprem/{host}/register", _guarded(lab_pages.onprem_register), methods=["POST"]),
        Route("/onprem/{host}/slac", _guarded(lab_pages.onprem_slac), methods=["POST"]),
        Route("/cssm/instances/remove", _guarded(web.remove), methods=["POST"]),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    return Starlette(routes=routes, middleware=[hosts])


def _guarded(handler: Handler) -> Handler:
    """Turns a refusal into an answer, and keeps other sites' pages from posting here."""

    async def guarded(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin and urlsplit(origin).netloc != request.headers.get("host"):
            return JSONResponse({"error": "posted from another site"}, 403)
        try:
            return await handler(request)
        except Refused as refusal:
            status = 409 if str(refusal).endswith(PROCESSING) else 400
            if _wants_html(request):
                return HTMLResponse(page("Not done", f"<p>{_text(refusal)}"), status)
            return JSONResponse({"error": str(refusal)}, status)

    return guarded


class _Web:
    """The portal's pages, each a thin cover of ``Portal``."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._portal = lab.portal

    async def home(self, _request: Request) -> Response:
        return RedirectResponse("/cssm")

    # --- CSSM: what there is --------------------------------------------------------------------

    async def overview(self, _request: Request) -> Response:
        with self._lab.lock:
            return HTMLResponse(overview(self._lab))

    async def instances(self, _request: Request) -> Response:
        with self._lab.lock:
            return JSONResponse([_instance(i) for i in self._portal.instances()])

    async def balances(self, _request: Request) -> Response:
        rows = []
        with self._lab.lock:
            for account, virtual in self._lab.network.cssm.accounts.virtual_accounts():
                for pool in virtual.pools.values():
                    b = virtual.balance(pool)
                    rows.append(
                        {
                            "account": f"{account.name}/{virtual.name}",
                            "tag": pool.short,
                            "name": pool.name,
                            "bought": pool.total,
                            "reserved": b.reserved,
                            "authorized": b.authorized,
                            "in_use": b.in_use,
                            "free": b.free,
                            "status": b.status,
                        }
                    )
        return JSONResponse(rows)

    # --- CSSM: what a person does ---------------------------------------------------------------

    async def usage_files(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse([self._upload(u) for u in self._portal.uploads.values()])
        form = await read_form(request)
        name = form.optional("name") or form.file_name or "usage.xml"
        with self._lab.lock:
            upload = self._portal.upload_usage(form.content(), name, form.optional("account"))
            status = 400 if upload.error else 201
            return self._answer(request, self._upload(upload), status)

    async def usage_file(self, request: Request) -> Response:
        upload = self._portal.uploads.get(request.path_params["id"])
        if upload is None:
            raise Refused("there is no such usage data file")
        with self._lab.lock:
            return JSONResponse(self._upload(upload))

    async def ack(self, request: Request) -> Response:
        with self._lab.lock:
            name, data = self._portal.ack(request.path_params["id"])
        return _file(name, data)

    async def reserve(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            data = self._portal.reserve(
                form.text("request_code"), _licence(form), form.optional("account")
            )
        return _file("AuthorizationCode.txt", data)

    async def update(self, request: Request) -> Response:
        form = await read_form(request)
        pid, sn = form.text("pid"), form.text("sn")
        with self._lab.lock:
            data = self._portal.update_reservation(pid, sn, _licence(form))
        return _file(f"AuthorizationCode_SN_{sn}.txt", data)

    async def confirm(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            self._portal.enter_confirmation(form.text("pid"), form.text("sn"), form.text("code"))
        return self._answer(request, {"status": "confirmed"})

    async def slac(self, request: Request) -> Response:
        form = await read_form(request)
        pid, sn = form.text("pid"), form.text("sn")
        with self._lab.lock:
            (tag, count), *_ = _licence(form).items()
            data = self._portal.generate_slac(pid, sn, tag, count, form.optional("account"))
        return _file(f"SLAC_SN_{sn}.txt", data)

    async def slac_request(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            data = self._portal.answer_request(form.content(), form.optional("account"))
        return _file("SLAC.txt", data)

    async def tokens(self, request: Request) -> Response:
        form = await read_form(request)
        uses = form.optional("uses")
        with self._lab.lock:
            token = self._portal.create_token(
                form.optional("account"),
                name=form.text("name"),
                days=form.number("days", 30),
                uses=int(uses) if uses and uses.isdigit() else None,
                export_allowed=form.text("export", "yes") == "yes",
            )
        answer = {"name": token.name, "token": token.secret, "expires": token.expires.isoformat()}
        if _wants_html(request):
            return HTMLResponse(page("New token", f"<p><code>{_text(token.secret)}</code>"), 201)
        return JSONResponse(answer, 201)

    async def revoke(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            self._portal.revoke_token(form.optional("account"), form.text("name"))
        return self._answer(request, {"status": "revoked"})

    async def remove(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            self._portal.remove_instance(form.text("pid"), form.text("sn"))
        return self._answer(request, {"status": "removed"})

    def _upload(self, upload: Upload) -> dict[str, Any]:
        return {
            "id": upload.id,
            "name": upload.name,
            "account": upload.account,
            "status": self._portal.state(upload),
            "error": upload.error,
            "ack": f"/cssm/usage-files/{upload.id}/ack",
        }

    def _answer(self, request: Request, data: Mapping[str, Any], status: int = 200) -> Response:
        if _wants_html(request):
            return RedirectResponse("/cssm", 303)
        return JSONResponse(dict(data), status)


def _licence(form: Form) -> dict[str, int]:
    return {form.text("tag"): form.number("count", 1)}


def _instance(instance: ProductInstance) -> dict[str, Any]:
    reservation = instance.reservation
    return {
        "name": instance.display_name,
        "pid": instance.pid,
        "sn": instance.sn,
        "hostname": instance.hostname,
        "account": f"{instance.account}/{instance.virtual_account}",
        "trust": instance.trust_id is not None,
        "reports": len(instance.reports),
        "usage": dict(instance.usage),
        "authorized": sorted(instance.authorized),
        "reserved": sorted(short_tag(e.tag) for e in reservation.entitlements)
        if reservation
        else [],
        "reservation_pending": bool(reservation and reservation.pending),
        "last_contact": instance.last_contact.isoformat() if instance.last_contact else None,
    }


def _file(name: str, data: bytes) -> Response:
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)
    head = {"content-disposition": f'attachment; filename="{safe}"'}
    return Response(data, media_type="application/octet-stream", headers=head)


def _wants_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _text(value: object) -> str:
    from html import escape

    return escape(str(value))
