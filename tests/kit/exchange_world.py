"""A simulated CSSM in process, and a client of it whose waiting moves the lab's clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from slp_core.secrets import SecretStore
from slp_exchange.cssm import Cssm
from slp_exchange.service import ServiceData
from slp_sim.formats import rum_report, system_info, usage_file
from slp_sim.lab import Lab

HOME = "Eg-SA-01/Eg-VA-01"
API_SECRET = "api-Secret-0815-unique"
PID, SN = "ISR4351/K9", "FDO1"


class InProcess(httpx.BaseTransport):
    """Carries requests to an application; each is kept as it was sent."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        body = request.read()

        async def go() -> httpx.Response:
            inner = httpx.ASGITransport(app=self._app)
            asked = httpx.Request(
                request.method, request.url, headers=request.headers, content=body
            )
            answer = await inner.handle_async_request(asked)
            data = await answer.aread()
            return httpx.Response(answer.status_code, headers=answer.headers, content=data)

        return asyncio.run(go())


class LabClock:
    """The lab's clock as ours: waiting moves it."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._lab.clock.now()

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def patience(self, seconds: float) -> float:
        return seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._lab.clock.advance(seconds)  # type: ignore[attr-defined]


@dataclass
class World:
    """A lab, the way to its services, and a client."""

    lab: Lab
    wire: InProcess
    clock: LabClock
    secrets: SecretStore
    data: ServiceData = field(default_factory=lambda: ServiceData(url="http://127.0.0.1"))

    def client(self, **changes: Any) -> Cssm:
        return Cssm(
            self.data.model_copy(update=changes),
            self.secrets,
            clock=self.clock,
            transport=self.wire,
            sleep=self.clock.sleep,
        )

    def fail_next(self, status: int, times: int = 1, retry_after: int | None = None) -> None:
        self.post("/lab/api-failures", status=status, times=times, retry_after=retry_after)

    def post(self, path: str, **form: Any) -> httpx.Response:
        given = {k: str(v) for k, v in form.items() if v is not None}
        asked = httpx.Request("POST", f"http://127.0.0.1{path}", data=given)
        return self.wire.handle_request(asked)

    def paths(self) -> list[str]:
        return [r.url.path for r in self.wire.sent]

    def usage(self, *ids: int, sn: str = SN, conversion: Any = None) -> bytes:
        now = self.lab.clock.now()
        rows = [
            rum_report(
                pid=PID,
                sn=sn,
                report_id=i,
                software_tag="regid.2014-12.com.cisco.ISR_4351,1.0_1",
                entitlement_tag="regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d",
                software_version="17.04.01a",
                start=now,
                end=now,
            )
            for i in ids
        ]
        info = system_info(
            pid=PID, sn=sn, hostname="r1", software_tag="t", at=now, conversion=conversion
        )
        return usage_file(rows, info)
