"""A client of a web application in process, for tests that are not asynchronous."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


class Browser:
    """Sends requests to an application; ``headers`` go along with each."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.headers: dict[str, str] = {}

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
                headers = {**self.headers, **more.pop("headers", {})}
                return await web.request(method, url, headers=headers, **more)

        return asyncio.run(send())

    def get(self, url: str, **more: Any) -> httpx.Response:
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> httpx.Response:
        return self.request("POST", url, **more)
