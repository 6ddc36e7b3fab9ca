"""F36: every way in which CSSM says no, each named; bounded back-off that honours Retry-After."""

from __future__ import annotations

import json
import ssl
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from slp_core.errors import InputError, UsageError
from slp_core.state import Udi
from slp_exchange.errors import Refusal
from slp_exchange.polling import Promises
from slp_exchange.reports import read_usage
from slp_sim.formats import parse_import, parse_usage

PID, SN = "ISR4351/K9", "FDO1"
UDI = Udi(pid=PID, sn=SN)
HOUR = 3600.0


def handed_over(world, cssm, data):
    usage = read_usage(data, where="usage.xml")
    promises = Promises(cssm)
    return promises, promises.report_usage(cssm.home(), usage.udi, usage.rows)


# --- HTTP ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "cause", "words"),
    [
        (400, "rejected", "does not understand"),
        (403, "forbidden", "may not do this"),
        (409, "rejected", "contradicts"),
        (410, "moved", "no longer served"),
        (418, "rejected", "says no"),
        (500, "unavailable", "out of order"),
    ],
)
def test_f36_each_status_has_a_name_and_a_remedy(cssm, world, status, cause, words):
    home = cssm.home()
    world.fail_next(status, times=9)
    with pytest.raises(Refusal) as told:
        cssm.create_token(home, description="x", days=1, export=True)
    assert (told.value.cause, told.value.status) == (cause, status)
    assert words in told.value.what
    assert f"HTTP {status}" in told.value.what
    assert told.value.remedy
    assert told.value.code == "SLP-E400"
    assert told.value.where.startswith("POST http://127.0.0.1/services/api/")


def test_f36_401_that_stays_is_named_after_one_new_access_token(cssm, world):
    home = cssm.home()
    world.fail_next(401, times=9)
    with pytest.raises(Refusal) as told:
        cssm.balances(home)
    assert told.value.cause == "unauthorized"
    assert "about 30 minutes" in told.value.remedy
    assert sum(p.endswith("/licenses/summary") for p in world.paths()) == 2


@pytest.mark.parametrize("status", [429, 503])
def test_f36_a_busy_service_is_asked_again_when_it_wants_to_be(cssm, world, status):
    home = cssm.home()
    world.clock.slept.clear()
    world.fail_next(status, times=2, retry_after=17)
    assert cssm.balances(home)
    assert world.clock.slept == [17, 17]


def test_f36_retry_after_as_a_date(world, scripted):
    until = world.clock.now() + timedelta(seconds=40)
    answers = [
        httpx.Response(503, headers={"retry-after": format_datetime(until, usegmt=False)}),
        httpx.Response(200, json={"status": "COMPLETE", "accounts": []}),
    ]
    client, _ = scripted(lambda _: answers.pop(0))
    assert client.accounts == ()
    (slept,) = world.clock.slept
    assert 39 <= slept <= 41


def test_f36_a_service_that_wants_an_hour_is_not_waited_for(cssm, world):
    home = cssm.home()
    world.clock.slept.clear()
    world.fail_next(429, retry_after=3600)
    with pytest.raises(Refusal, match=r"asked too often.*come back after 3600 s") as told:
        cssm.balances(home)
    assert told.value.cause == "throttled"
    assert world.clock.slept == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_f36_back_off_grows_and_ends(cssm, world, status):
    home = cssm.home()
    world.clock.slept.clear()
    world.fail_next(status, times=50)
    with pytest.raises(Refusal):
        cssm.balances(home)
    slept = world.clock.slept
    assert len(slept) == 4
    assert all(2**i <= s <= 2**i + 1 for i, s in enumerate(slept))


@pytest.mark.parametrize(("status", "asked"), [(429, 5), (503, 5), (500, 1), (502, 1), (504, 1)])
def test_what_may_have_been_done_is_never_sent_twice(cssm, world, status, asked):
    home = cssm.home()
    before = len(world.wire.sent)
    world.fail_next(status, times=50)
    before += 1
    with pytest.raises(Refusal):
        cssm.create_token(home, description="x", days=1, export=True)
    assert len(world.wire.sent) - before == asked


@pytest.mark.parametrize(
    ("error", "cause", "times"),
    [
        (httpx.ReadTimeout("slow"), "unanswered", 1),
        (httpx.RemoteProtocolError("Server disconnected"), "unanswered", 1),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "unreachable", 5),
        (httpx.ConnectTimeout("slow"), "unreachable", 5),
        (httpx.ProxyError("403 Forbidden"), "unreachable", 5),
    ],
)
def test_f36_a_lost_answer_is_told_from_a_service_out_of_reach(
    cssm, world, scripted, error, cause, times
):
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    client, seen = scripted(answer, api="swapi")
    with pytest.raises(Refusal) as told:
        client.create_token(cssm.home(), description="x", days=1, export=True)
    assert told.value.cause == cause
    assert sum(r.url.path.endswith("/tokens") for r in seen) == times


def test_a_certificate_that_is_not_trusted_is_said_and_never_overlooked(cssm, world, scripted):
    def answer(request: httpx.Request) -> httpx.Response:
        error = ssl.SSLCertVerificationError("certificate verify failed: self-signed certificate")
        raise httpx.ConnectError(str(error))

    client, _ = scripted(answer, api="swapi")
    world.clock.slept.clear()
    with pytest.raises(Refusal, match=r"not trusted.*self-signed") as told:
        client.revoke_tokens(cssm.home(), [])
    assert told.value.cause == "tls"
    assert world.clock.slept == []  # asking again would not help
    assert "--ca" in told.value.remedy


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(301, headers={"location": "https://apx.cisco.com/elsewhere?key=1"}),
        httpx.Response(404, text="<html>nothing here"),
        httpx.Response(410, text=""),
    ],
)
def test_f36_a_moved_endpoint_is_named_and_the_other_generation_takes_over(world, scripted, answer):
    def old_moved(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/services/"):
            return answer
        return httpx.Response(200, json={"status": "COMPLETE", "accounts": []})

    client, seen = scripted(old_moved)
    assert client.accounts == ()
    assert seen[-1].url.path.startswith("/v1/software/apis/")
    fixed, _ = scripted(old_moved, api="swapi")
    with pytest.raises(Refusal) as told:
        _ = fixed.accounts
    assert told.value.cause == "moved"
    assert "--api" in told.value.remedy
    assert "key=1" not in str(told.value)


@pytest.mark.parametrize(
    "body", [b"<html>Sign in</html>", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000]
)
def test_an_answer_that_is_no_answer_is_said(scripted, body):
    client, _ = scripted(lambda _: httpx.Response(200, content=body), api="swapi")
    with pytest.raises(Refusal) as told:
        _ = client.accounts
    assert told.value.cause == "malformed"


def test_an_endless_answer_is_cut(scripted, monkeypatch):
    monkeypatch.setattr("slp_exchange.web.MAX_ANSWER", 1000)
    client, _ = scripted(lambda _: httpx.Response(200, content=b" " * 2000), api="swapi")
    with pytest.raises(Refusal, match="no end"):
        _ = client.accounts


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://swapi.example.net", "unencrypted"),
        ("https://user:pw@swapi.example.net", "user name"),
        ("ftp://swapi.example.net", "no URL"),
        ("swapi.example.net", "no URL"),
        ("https://[::1", "cannot be read"),
    ],
)
def test_credentials_never_go_over_an_address_that_is_not_safe(world, url, words):
    with pytest.raises(UsageError, match=words) as told:
        world.client(url=url)
    assert "pw" not in str(told.value)


def test_a_certificate_file_that_is_none_is_named(world, tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in ("ca.pem", "missing.pem"):
        with pytest.raises(InputError, match=path):
            world.client(ca=str(tmp_path / path))


# --- CSSM's own words ---------------------------------------------------------------------------


def test_f24_usage_is_acknowledged_byte_for_byte_and_signed_text_arrives_unchanged(cssm, world):
    data = world.usage(11, 12)
    promises, receipt = handed_over(world, cssm, data)
    assert receipt.poll_id > 2**53
    sent = json.loads(next(r for r in world.wire.sent if "reportusage" in r.url.path).content)
    rows = sent["data"]["reports"][0]["usage"]
    assert [r["payload"] for r in rows] == [r["payload"] for r in parse_usage(data).reports]
    assert promises.ask(receipt) is None
    ((_, ack),) = promises.wait([receipt], within_s=HOUR)
    assert parse_import(ack).acks[0].acked == (11, 12)
    again = promises.ask(receipt)
    assert again == ack


def test_f36_the_same_report_twice_is_a_duplicate_and_says_what_to_do(cssm, world):
    data = world.usage(11)
    handed_over(world, cssm, data)
    with pytest.raises(Refusal, match="duplicates") as told:
        handed_over(world, cssm, data)
    assert told.value.cause == "duplicate"
    assert "Usage Data Files" in told.value.remedy


def test_f24_f36_an_altered_report_fails_by_its_signature(cssm, world):
    data = world.usage(11).replace(rb"\"value\":\"1\"", rb"\"value\":\"2\"")
    assert data != world.usage(11)
    with pytest.raises(Refusal, match="signature") as told:
        handed_over(world, cssm, data)
    assert told.value.cause == "failed"


def test_f36_f37_a_poll_that_never_completes_ends_at_its_deadline_with_less_and_less_asking(
    cssm, world
):
    world.lab.network.cssm.timing = type(world.lab.network.cssm.timing)(ack_s=10 * HOUR)
    promises, receipt = handed_over(world, cssm, world.usage(1))
    began, polls = world.clock.now(), len(world.wire.sent)
    ((_, late),) = promises.wait([receipt], within_s=HOUR)
    assert isinstance(late, Refusal)
    assert late.cause == "pending"
    assert "60 minutes" in late.what
    assert "slp cssm poll" in late.remedy
    assert world.clock.now() - began == timedelta(seconds=HOUR)
    assert len(world.wire.sent) - polls <= 20


def test_f37_one_slow_answer_holds_up_no_other(cssm, world):
    slow_timing = type(world.lab.network.cssm.timing)
    promises, first = handed_over(world, cssm, world.usage(1, sn="A1"))
    world.lab.network.cssm.timing = slow_timing(ack_s=10 * HOUR)
    _, slow = handed_over(world, cssm, world.usage(1, sn="B1"))
    world.lab.network.cssm.timing = slow_timing(ack_s=60)
    _, quick = handed_over(world, cssm, world.usage(1, sn="C1"))
    ended = [(r.udi.sn, a) for r, a in promises.wait([first, slow, quick], within_s=HOUR)]
    assert [sn for sn, _ in ended] == ["C1", "A1", "B1"]
    assert [isinstance(a, Refusal) for _, a in ended] == [False, False, True]


def test_f36_an_outage_while_waiting_is_outlasted(cssm, world):
    promises, receipt = handed_over(world, cssm, world.usage(1))
    world.fail_next(503, times=12)
    ((_, ack),) = promises.wait([receipt], within_s=HOUR)
    assert isinstance(ack, bytes)


def test_f36_a_poll_id_that_cssm_does_not_know_ends_the_waiting(cssm, world):
    promises, receipt = handed_over(world, cssm, world.usage(1))
    unknown = type(receipt)(1, receipt.action, 1.0, receipt.account, receipt.udi)
    ((_, told),) = promises.wait([unknown], within_s=HOUR)
    assert isinstance(told, Refusal)
    assert "(404)" in told.what
    assert "not known" in told.what


@pytest.mark.parametrize(
    ("answer", "cause", "words"),
    [
        ({"status": "COMPLETE", "data": {"acknowledgements": []}}, "malformed", "holds nothing"),
        (
            {
                "status": "COMPLETE",
                "data": {
                    "acknowledgements": [
                        {"status": "FAILED", "error_code": "E7", "status_message": "bad signature"}
                    ]
                },
            },
            "failed",
            "FAILED (E7): bad signature",
        ),
        (
            {"status": "COMPLETE", "data": {"acknowledgements": [{"smart_license": "%%%"}]}},
            "malformed",
            "not base64",
        ),
        ({"status": "ERROR", "statusMessage": "no such policy"}, "rejected", "no such policy"),
        ({"status": "OK_POLL", "message": "gone", "message_code": "X"}, "failed", "(X): gone"),
    ],
)
def test_f36_each_end_of_a_poll_has_a_name(cssm, world, scripted, answer, cause, words):
    _, receipt = handed_over(world, cssm, world.usage(1))
    accounts = world.client().accounts

    def say(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=answer)

    client, _ = scripted(say)
    client.__dict__["accounts"] = accounts
    with pytest.raises(Refusal) as told:
        Promises(client).ask(receipt)
    assert told.value.cause == cause
    assert words in told.value.what


def test_a_receipt_without_a_poll_id_is_not_taken(cssm, world, scripted):
    home = cssm.home()
    client, _ = scripted(lambda _: httpx.Response(202, json={"status": "OK_POLL"}))
    with pytest.raises(Refusal, match="no poll id"):
        Promises(client).report_usage(home, UDI, [])


def test_what_a_service_says_is_cut_masked_and_harmless(cssm, scripted):
    said = "\x1b[31mno\u202e " + "x" * 5000
    client, _ = scripted(lambda _: httpx.Response(400, json={"statusMessage": said}))
    with pytest.raises(Refusal) as told:
        client.balances(cssm.home())
    assert len(told.value.what) < 400
    assert "\x1b" not in told.value.what
    assert "\u202e" not in told.value.what
