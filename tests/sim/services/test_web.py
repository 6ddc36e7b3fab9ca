"""The portal over HTTP, as a person's browser or the demo's operator uses it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kit.browser import Browser
from kit.serving import PASSWORD, SECRETS, scenario
from slp_sim.formats import parse_import, rum_report, system_info, usage_file
from slp_sim.lab import Lab
from slp_sim.services.web import web_app

ROUTERS = (
    {"name": "cloud", "family": "s3_slr_gt250m", "serial": "9ABC"},
    {"name": "depot", "family": "s2_slr", "serial": "FGL1"},
)


@pytest.fixture
def lab() -> Lab:
    return Lab.from_scenario(scenario(*ROUTERS), password=PASSWORD, secrets=SECRETS)


@pytest.fixture
def web(lab: Lab) -> Browser:
    return Browser(web_app(lab, {}))


def usage(lab: Lab, report_id: int = 5) -> bytes:
    now = lab.clock.now()
    report = rum_report(
        pid="C1111-8PLTEEAWB",
        sn="FGL1",
        report_id=report_id,
        software_tag="t",
        entitlement_tag="regid.2017-04.com.cisco.ISR_1100_8P_FoundationSuite,1.0_6f4a",
        software_version="17.04.01a",
        start=now - timedelta(days=1),
        end=now,
    )
    info = system_info(pid="C1111-8PLTEEAWB", sn="FGL1", hostname="depot", software_tag="t", at=now)
    return usage_file([report], info)


@pytest.mark.parametrize("how", ["multipart", "raw"])
def test_upload_wait_download_as_a_person_does(lab: Lab, web: Browser, how: str) -> None:
    data = usage(lab)
    if how == "multipart":
        done = web.post("/cssm/usage-files", files={"file": ("depot.xml", data)})
    else:
        done = web.post("/cssm/usage-files?name=depot.xml", content=data)
    assert done.status_code == 201
    answer = done.json()
    assert answer["status"] == "Data Being Processed"
    assert web.get(answer["ack"]).status_code == 409
    lab.clock.advance(240)  # type: ignore[attr-defined]
    assert web.get(f"/cssm/usage-files/{answer['id']}").json()["status"] == "No Errors"
    ack = web.get(answer["ack"])
    assert ack.headers["content-disposition"] == 'attachment; filename="ACK_depot.xml"'
    assert parse_import(ack.content).acks[0].acked == (5,)


def test_f24_an_altered_upload_is_refused_with_words(lab: Lab, web: Browser) -> None:
    done = web.post("/cssm/usage-files", content=usage(lab).replace(b"17.04.01a", b"17.04.01b"))
    assert done.status_code == 400
    assert "signature" in done.json()["error"]


def test_slrup_a_reservation_is_updated_and_confirmed(lab: Lab, web: Browser) -> None:
    who = {"pid": "CSR1000V", "sn": "9ABC"}
    code = web.post("/cssm/reservations/update", data={**who, "tag": "DNA_HSEC", "count": "1"})
    assert code.headers["content-disposition"].startswith("attachment")
    shown = parse_import(code.content).authorizations[0].confirmation_code
    wrong = web.post("/cssm/reservations/confirm", data={**who, "code": "00000000"})
    assert wrong.status_code == 400
    assert "not valid" in wrong.json()["error"]
    assert web.post("/cssm/reservations/confirm", data={**who, "code": shown}).status_code == 200
    (row,) = [r for r in web.get("/cssm/instances").json() if r["sn"] == "9ABC"]
    assert row["reserved"] == ["DNA_HSEC", "ax_10G"]
    assert row["reservation_pending"] is False


def test_the_page_that_a_person_sees_has_a_form_for_each_of_it(web: Browser) -> None:
    page = web.get("/cssm", headers={"accept": "text/html"})
    actions = set(re.findall(r'action="([^"]+)"', page.text))
    assert actions == {
        "/cssm/usage-files",
        "/cssm/reservations/update",
        "/cssm/reservations/confirm",
        "/cssm/slac",
        "/cssm/tokens",
        "/cssm/tokens/revoke",
    }
    assert "<script" not in page.text


def test_f33_what_a_router_calls_itself_is_inert_on_the_page(lab: Lab, web: Browser) -> None:
    for instance in lab.portal.instances():
        instance.hostname = "<script>alert(1)</script>"
    assert "<script>" not in web.get("/cssm").text
    assert "&lt;script&gt;" in web.get("/cssm").text


def test_a_slac_for_a_router_by_pid_and_serial(web: Browser) -> None:
    done = web.post("/cssm/slac", data={"pid": "ISR4351/K9", "sn": "NEW", "tag": "ISR_4351_Hsec"})
    (code,) = parse_import(done.content).authorizations
    assert (code.kind, code.pid, code.sn) == ("slac", "ISR4351/K9", "NEW")


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/cssm/slac", {"pid": "A"}, "sn is missing"),
        ("/cssm/slac", {"pid": "A", "sn": "B", "tag": "none"}, "holds no licence none"),
        ("/cssm/tokens", {"name": "x", "days": "400"}, "1 to 365 days"),
        ("/cssm/tokens", {"name": "x", "days": "many"}, "days is no number"),
        ("/cssm/reservations/confirm", {"pid": "A", "sn": "B", "code": "1"}, "no product instance"),
        ("/cssm/usage-files", {"account": "x"}, "no file was sent"),
    ],
)
def test_what_is_missing_or_wrong_is_said(web: Browser, path: str, data: dict, words) -> None:
    done = web.post(path, data=data)
    assert done.status_code == 400
    assert words in done.json()["error"]


def test_balances_follow_what_is_reserved(web: Browser) -> None:
    before = {r["tag"]: r for r in web.get("/cssm/balances").json()}["DNA_HSEC"]
    who = {"pid": "CSR1000V", "sn": "9ABC", "tag": "DNA_HSEC", "count": "2"}
    web.post("/cssm/reservations/update", data=who)
    after = {r["tag"]: r for r in web.get("/cssm/balances").json()}["DNA_HSEC"]
    assert (after["reserved"], after["free"]) == (2, before["free"] - 2)


def test_the_labs_state_tells_time_routers_and_their_own_logs(lab: Lab, web: Browser) -> None:
    state = web.get("/lab").json()
    assert state["now"].startswith("2021-08-02T08:00:00")
    assert set(state["routers"]) == {"cloud", "depot"}
    log = web.get("/lab/routers/cloud").json()
    assert log["boots"] == 0
    assert log["events"][0].endswith("in service")
    assert web.get("/lab/routers/nobody").status_code == 404


def test_files_that_routers_store_are_there_for_a_person(lab: Lab, web: Browser) -> None:
    lab.network.files.offer([("in/usage_report", b"report")])
    assert "in/usage_report" in web.get("/files").json()
    assert web.get("/files/in/usage_report").content == b"report"
    assert web.get("/files/none").status_code == 404
    assert web.request("PUT", "/files/out/ack.xml", content=b"ack").status_code == 201
    assert lab.network.files.read("out/ack.xml") == b"ack"
    other = {"origin": "http://elsewhere.example"}
    assert (
        web.request("PUT", "/files/out/ack.xml", content=b"bad", headers=other).status_code == 403
    )
    assert lab.network.files.read("out/ack.xml") == b"ack"
