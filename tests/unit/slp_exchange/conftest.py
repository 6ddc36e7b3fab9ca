"""Clients of a simulated CSSM in process, and of a service that says what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kit.exchange_world import API_SECRET, InProcess, LabClock, World
from kit.serving import PASSWORD, SECRETS, scenario
from slp_core.secrets import SecretStore
from slp_exchange.cssm import Cssm
from slp_sim.lab import Lab
from slp_sim.services.web import web_app


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = scenario({"name": "r1", "family": "s1_registered"})
    lab = Lab.from_scenario(
        made, password=PASSWORD, secrets={**SECRETS, "SLP_LAB_API_SECRET": API_SECRET}
    )
    monkeypatch.setenv("CSSM_CLIENT_ID", "slp-lab")
    monkeypatch.setenv("CSSM_CLIENT_SECRET", API_SECRET)
    return World(lab, InProcess(web_app(lab, {})), LabClock(lab), SecretStore(tmp_path))


@pytest.fixture
def cssm(world: World) -> Iterator[Cssm]:
    client = world.client()
    yield client
    client.close()


@pytest.fixture
def scripted(world: World) -> Callable[..., tuple[Cssm, list[httpx.Request]]]:
    """Makes a client of a service that answers as a function says."""

    def make(
        answer: Callable[[httpx.Request], httpx.Response], **changes: Any
    ) -> tuple[Cssm, list[httpx.Request]]:
        seen: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            if request.url.path.endswith(("/token.oauth2", "/v1/token")):
                grant = {"access_token": "an-access-token", "expires_in": 3599}
                return httpx.Response(200, json=grant)
            return answer(request)

        client = Cssm(
            world.data.model_copy(update=changes),
            world.secrets,
            clock=world.clock,
            transport=httpx.MockTransport(handle),
            sleep=world.clock.sleep,
        )
        return client, seen

    return make
