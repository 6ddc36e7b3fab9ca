"""The state of a lab over HTTP, and what a person does in an SSM On-Prem of it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from slp_sim.lab import Lab
from slp_sim.services.account import Refused
from slp_sim.services.api_access import ApiAccess
from slp_sim.services.forms import read_form
from slp_sim.services.onprem import OnPrem


class LabPages:
    """What is asked of the lab itself.

    Args:
        endpoints: address and port of each router.
        access: whose calls may be made to fail.
    """

    def __init__(
        self, lab: Lab, endpoints: Mapping[str, tuple[str, int]], access: ApiAccess
    ) -> None:
        self._lab = lab
        self._endpoints = endpoints
        self._access = access

    async def lab_state(self, _request: Request) -> Response:
        """What the lab is and what its services did."""
        lab = self._lab
        with lab.lock:
            lab.clock.settle()
            routers = {
                name: {
                    "address": list(self._endpoints.get(name, ())),
                    "up": router.is_up(),
                    "boots": router.boot_count,
                    "release": router.release.short,
                }
                for name, router in lab.routers.items()
            }
            return JSONResponse(
                {
                    "name": lab.scenario.name,
                    "now": lab.clock.now().isoformat(),
                    "clock": lab.clock_block(),
                    "requests": dict(sorted(lab.network.counts.items())),
                    "routers": routers,
                    "events": list(lab.events)[-200:],
                }
            )

    async def router_log(self, request: Request) -> Response:
        """A router's own log of boots, installs, saves and trust requests, and what was typed."""
        router = self._lab.routers.get(request.path_params["name"])
        if router is None:
            return JSONResponse({"error": "there is no such router"}, 404)
        with self._lab.lock:
            self._lab.clock.settle()
            return JSONResponse(
                {
                    "name": router.spec.name,
                    "up": router.is_up(),
                    "boots": router.boot_count,
                    "release": router.release.short,
                    "events": list(router.event_log),
                    "typed": [self._masked(line) for line in router.typed],
                }
            )

    def _masked(self, line: str) -> str:
        """Returns a line without the lab's secrets: what was typed is shown to anybody."""
        virtual = self._lab.network.cssm.accounts.virtual_accounts()
        made = [t.secret for _, v in virtual for t in v.tokens]
        for secret in (*self._lab.secrets.values(), *made):
            line = line.replace(secret, "<secret>")
        return line

    async def api_failures(self, request: Request) -> Response:
        """Has the next calls of the API fail: ``status``, ``times``, ``retry_after`` (F36)."""
        form = await read_form(request)
        retry = form.optional("retry_after")
        self._access.fail_next(
            form.number("status"), form.number("times", 1), int(retry) if retry else None
        )
        return JSONResponse({"status": "as you wish"})

    # --- SSM On-Prem ----------------------------------------------------------------------------

    async def onprems(self, _request: Request) -> Response:
        rows = [
            {"host": o.host, "version": "{}-{}".format(*o.version), "urls": o.urls()}
            for o in self._lab.network.onprems.values()
        ]
        return JSONResponse(rows)

    def _onprem(self, request: Request) -> OnPrem:
        found = self._lab.network.onprems.get(request.path_params["host"].lower())
        if found is None:
            raise Refused("there is no such SSM On-Prem")
        return found

    async def onprem_sync(self, request: Request) -> Response:
        with self._lab.lock:
            return JSONResponse({"routers": self._onprem(request).synchronise()})

    async def onprem_upgrade(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            self._onprem(request).upgrade(form.text("version"))
        return JSONResponse({"status": "upgraded"})

    async def onprem_register(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            self._onprem(request).register_again(form.text("tenant"))
        return JSONResponse({"status": "registered"})

    async def onprem_slac(self, request: Request) -> Response:
        form = await read_form(request)
        with self._lab.lock:
            return JSONResponse({"codes": self._onprem(request).import_slac(form.content())})
