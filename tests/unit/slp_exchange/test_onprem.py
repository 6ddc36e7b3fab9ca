"""SSM On-Prem's API, as far as it is public: against the simulated one."""

from __future__ import annotations

import json

import pytest

from kit.exchange_world import API_SECRET, HOME, InProcess, LabClock, World
from kit.serving import PASSWORD, SECRETS, scenario
from slp_core.errors import UsageError
from slp_core.secrets import SecretStore
from slp_exchange.errors import Refusal
from slp_exchange.onprem import LocalAccount, OnPrem
from slp_exchange.service import ServiceData
from slp_sim.lab import Lab
from slp_sim.services.web import web_app

HOST = "onprem.example.net"


@pytest.fixture
def world(tmp_path, monkeypatch) -> World:
    made = scenario(
        {"name": "r1", "family": "s1_registered"},
        onprem=[{"host": HOST, "tenants": {"Eg-1": HOME}}],
    )
    lab = Lab.from_scenario(
        made, password=PASSWORD, secrets={**SECRETS, "SLP_LAB_API_SECRET": API_SECRET}
    )
    monkeypatch.setenv("CSSM_CLIENT_ID", "slp-lab")
    monkeypatch.setenv("CSSM_CLIENT_SECRET", API_SECRET)
    data = ServiceData(url=f"http://127.0.0.1/onprem/{HOST}", account="Eg/Default")
    return World(lab, InProcess(web_app(lab, {})), LabClock(lab), SecretStore(tmp_path), data)


@pytest.fixture
def onprem(world: World):
    client = client_of(world)
    yield client
    client.close()


def client_of(world: World, **changes) -> OnPrem:
    return OnPrem(
        world.data.model_copy(update=changes),
        world.secrets,
        clock=world.clock,
        transport=world.wire,
        sleep=world.clock.sleep,
    )


def test_accounts_devices_licences_and_tokens(onprem, world):
    account = onprem.home()
    assert onprem.virtual_accounts(account.local) == ("Default",)
    (device,) = onprem.instances(account)
    assert device.udi.pid == "ISR4461/K9"
    home = world.lab.network.cssm.accounts.home(HOME)
    assert len(onprem.licences(account)) == len(home.pools)
    made = onprem.create_token(account, description="here", days=3, export=True)
    assert made.secret in {t.secret for t in onprem.tokens(account)}
    with pytest.raises(UsageError, match="1 to 365"):
        onprem.create_token(account, description="here", days=0, export=True)


def test_it_takes_credentials_as_json_and_a_person_where_one_is_named(world, monkeypatch):
    monkeypatch.setenv("LAB_PASSWORD", PASSWORD)
    named = client_of(world, username="admin", password="env:LAB_PASSWORD")
    named.virtual_accounts("Eg")
    grant = json.loads(next(r for r in world.wire.sent if "oauth" in r.url.path).content)
    assert grant["grant_type"] == "password"
    assert grant["username"] == "admin"
    monkeypatch.setenv("LAB_PASSWORD", "another-Pa55word")
    with pytest.raises(Refusal) as told:
        client_of(world, username="admin", password="env:LAB_PASSWORD").virtual_accounts("Eg")
    assert told.value.cause == "unauthorized"
    assert "another-Pa55word" not in str(told.value)


@pytest.mark.parametrize(
    ("local", "virtual", "told"),
    [("Nobody", "Default", "no such local account"), ("Eg", "X", "no such virtual account")],
)
def test_what_is_not_there_is_said(onprem, local, virtual, told):
    with pytest.raises(Refusal, match=told) as refusal:
        list(onprem.instances(LocalAccount(local, virtual)))
    assert refusal.value.cause == "not-found"


def test_without_address_or_account_that_is_said(world):
    with pytest.raises(UsageError, match="address of SSM On-Prem"):
        OnPrem(ServiceData(), world.secrets)
    with pytest.raises(UsageError, match="no local account"):
        client_of(world, account=None).home()
