"""CSSM's API as programs use it: authentication, both path generations, polls, errors (F36)."""

from __future__ import annotations

import base64
import json

import pytest

from kit.browser import Browser
from kit.serving import PASSWORD, SECRETS, scenario
from slp_sim.formats import parse_import, rum_report, slr_request_code
from slp_sim.lab import Lab
from slp_sim.services.api import NEW, OLD, OLD_DOUBLED
from slp_sim.services.web import web_app

CLIENT = {"client_id": "prog", "client_secret": "env:SLP_API_SECRET"}
DOMAIN = "eg-sa-01.example.com"
UDI = {"udi_pid": "ISR4351/K9", "udi_serial_number": "FDO1"}


@pytest.fixture
def lab() -> Lab:
    made = scenario({"name": "r1", "family": "s1_registered"}, api_clients=[CLIENT])
    return Lab.from_scenario(
        made, password=PASSWORD, secrets={**SECRETS, "SLP_API_SECRET": "s3cret"}
    )


@pytest.fixture
def api(lab: Lab) -> Browser:
    client = Browser(web_app(lab, {}))
    form = {"client_id": "prog", "client_secret": "s3cret", "grant_type": "client_credentials"}
    token = client.post("/as/token.oauth2", data=form).json()["access_token"]
    ((account, virtual),) = lab.network.cssm.accounts.virtual_accounts()
    client.headers.update(
        {
            "authorization": f"Bearer {token}",
            "x-csw-smart-account-id": str(account.id),
            "x-csw-virtual-account-id": str(virtual.id),
        }
    )
    return client


def report(lab: Lab, report_id: int = 3) -> dict:
    now = lab.clock.now()
    made = rum_report(
        pid=UDI["udi_pid"],
        sn=UDI["udi_serial_number"],
        report_id=report_id,
        software_tag="t",
        entitlement_tag="regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d",
        software_version="17.04.01a",
        start=now,
        end=now,
    )
    return {"data": {"reports": [{"sudi": UDI, "usage": [made]}]}}


def polled(api: Browser, answer: dict) -> dict:
    wanted = {"poll_id": answer["poll_id"], "action": answer["action"]}
    return api.post(f"{OLD}/v2/accounts/poll", json={"data": wanted}).json()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "nobody"}, 401),
        ({"client_id": "nobody", "client_secret": ""}, 401),
        ({"client_id": "", "client_secret": ""}, 401),
        ({"grant_type": "password"}, 400),
    ],
)
def test_only_a_known_program_gets_a_token(lab: Lab, change: dict, status: int) -> None:
    form = {"client_id": "prog", "client_secret": "s3cret", "grant_type": "client_credentials"}
    client = Browser(web_app(lab, {}))
    done = client.post("/oauth2/default/v1/token", data=form | change)
    assert done.status_code == status


def test_without_a_token_or_with_an_old_one_there_is_nothing(lab: Lab, api: Browser) -> None:
    assert Browser(web_app(lab, {})).get(f"{OLD}/v2/accounts/search").status_code == 401
    assert api.get(f"{OLD}/v2/accounts/search").status_code == 200
    lab.clock.advance(3600)  # type: ignore[attr-defined]
    assert api.get(f"{OLD}/v2/accounts/search").status_code == 401


def test_accounts_of_both_generations(api: Browser) -> None:
    old = api.get(f"{OLD_DOUBLED}/v2/accounts/search").json()["accounts"]
    new = api.get(f"{NEW}/accounts/v1/user/search-smart-accounts").json()["accounts"]
    assert old == new
    assert old[0]["virtual_accounts"][0]["name"] == "Eg-VA-01"


def test_f36_errors_come_as_asked_for_and_then_end(api: Browser) -> None:
    api.post("/lab/api-failures", data={"status": "429", "times": "2", "retry_after": "7"})
    for _ in range(2):
        done = api.get(f"{OLD}/v2/accounts/search")
        assert (done.status_code, done.headers["retry-after"]) == (429, "7")
    assert api.get(f"{OLD}/v2/accounts/search").status_code == 200


def test_a_token_made_by_the_api_gives_trust_until_it_is_revoked(api: Browser, lab: Lab) -> None:
    path = f"{OLD}/v1/accounts/{DOMAIN}/virtual-accounts/Eg-VA-01/tokens"
    body = {"description": "api", "expiresAfterDays": 30, "exportControlled": "Not Allowed"}
    token = api.post(path, json=body).json()["tokenInfo"]["token"]
    assert token in [t["token"] for t in api.get(path).json()["tokens"]]
    (found,) = [f for f in [lab.network.cssm.accounts.token(token)] if f]
    assert found[2].export_allowed is False
    assert api.post(f"{path}/revoke", json={"tokens": [token]}).json()["tokensRevoked"] == 1
    assert token not in [t["token"] for t in api.get(path).json()["tokens"]]


def test_usage_is_acknowledged_by_a_poll_with_a_long_id(api: Browser, lab: Lab) -> None:
    done = api.post(f"{OLD}/v2/devices/reportusage", json=report(lab))
    assert done.status_code == 202
    answer = done.json()
    assert answer["status"] == "OK_POLL"
    assert answer["poll_id"] > 2**53
    assert polled(api, answer) == {"status": "OK_POLL", "message": ""}
    lab.clock.advance(240)  # type: ignore[attr-defined]
    (row,) = polled(api, answer)["data"]["acknowledgements"]
    assert parse_import(base64.b64decode(row["smart_license"])).acks[0].acked == (3,)


def test_f36_the_same_report_twice_fails(api: Browser, lab: Lab) -> None:
    body = report(lab)
    assert api.post(f"{OLD}/v2/devices/reportusage", json=body).status_code == 202
    again = api.post(f"{OLD}/v2/devices/reportusage", json=body).json()
    assert again["status"] == "FAILED"
    assert "duplicates" in again["message"]


def test_a_slac_comes_by_poll(api: Browser, lab: Lab) -> None:
    keys = [{"entitlement": "ISR_4351_Hsec", "count": "1"}]
    wanted = {"data": {"licenses": [{"sudi": UDI, "hostname": "r", "keys": keys}]}}
    answer = api.post(f"{OLD}/v2/devices/authrequest", json=wanted).json()
    assert answer["action"] == "authorizations"
    lab.clock.advance(60)  # type: ignore[attr-defined]
    (row,) = polled(api, answer)["data"]["authorizations"]
    (code,) = parse_import(base64.b64decode(row["smart_license"])).authorizations
    assert code.sn == "FDO1"


def test_slrup_1_the_summary_tells_the_balance(api: Browser) -> None:
    rows = api.post(f"{OLD}/v3/licenses/summary", json={"data": {"tags": []}}).json()["summary"]
    hsec = next(r for r in rows if "DNA_HSEC" in r["tag"])
    assert (hsec["export_restricted"], hsec["prepaid_entitled"]) == (True, 20)
    same = api.post(f"{NEW}/licensing/v2/get-summary", json={"data": {"tags": [hsec["tag"]]}})
    assert [r["tag"] for r in same.json()["summary"]] == [hsec["tag"]]


def test_a_reservation_by_request_code(api: Browser) -> None:
    path = f"{OLD}/v2/accounts/{DOMAIN}/virtual-accounts/Eg-VA-01/reserve-licenses"
    wanted = {
        "reservationCode": slr_request_code("CSR1000V", "9Z"),
        "reservationType": "SPECIFIC",
        "licenses": [{"entitlementTag": "ax_10G", "quantity": 1}],
    }
    done = api.post(path, json={"reservationRequests": [wanted]}).json()
    code = done["authorizationCodes"][0]["authorizationCode"]
    assert parse_import(code.encode()).for_udi("CSR1000V", "9Z")
    again = api.post(path, json={"reservationRequests": [wanted]}).json()
    assert again["status"] == "ERROR"


def test_devices_and_licences_are_paged(api: Browser) -> None:
    found = api.post(f"{OLD}/v1/accounts/{DOMAIN}/devices", json={"limit": 1}).json()
    assert found["totalRecords"] == 1
    assert found["devices"][0]["sudi"]["udiPid"] == "ISR4461/K9"
    licences = api.post(f"{OLD}/v1/accounts/{DOMAIN}/licenses", json={"limit": 2, "offset": 1})
    assert len(licences.json()["licenses"]) == 2
    listed = api.get(f"{NEW}/licensing/v2/accounts/{DOMAIN}/devices?limit=5&offset=0").json()
    assert listed["totalRecords"] == 1


@pytest.mark.parametrize(
    ("body", "status"), [(b"no json", 400), (b"[]", 400), (json.dumps({}).encode(), 400)]
)
def test_a_malformed_request_is_an_error_of_the_caller(api, body: bytes, status: int) -> None:
    done = api.post(f"{OLD}/v2/devices/authrequest", content=body)
    assert done.status_code == status


def test_foreign_accounts_are_forbidden(api: Browser) -> None:
    path = f"{OLD}/v1/accounts/other.example/devices"
    assert api.post(path, json={}).status_code == 403
    head = {"x-csw-virtual-account-id": "1"}
    done = api.post(f"{OLD}/v2/devices/reportusage", json={"data": {}}, headers=head)
    assert done.status_code == 403


def test_f31_a_token_made_by_the_api_is_not_shown_in_what_was_typed(api: Browser, lab: Lab) -> None:
    path = f"{OLD}/v1/accounts/{DOMAIN}/virtual-accounts/Eg-VA-01/tokens"
    body = {"description": "api", "expiresAfterDays": 1, "exportControlled": "Allowed"}
    token = api.post(path, json=body).json()["tokenInfo"]["token"]
    lab.routers["r1"].typed.append(f"license smart trust idtoken {token} local")
    page = api.get("/lab/routers/r1").json()
    assert page["typed"] == ["license smart trust idtoken <secret> local"]
