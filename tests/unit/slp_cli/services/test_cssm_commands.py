"""``slp cssm``: found by the inventory alone; JSON, exit codes, and no secret on any screen."""

from __future__ import annotations

import json
import stat

import pytest
import yaml

from slp_core.balances import Balances

HOME = "Eg-SA-01/Eg-VA-01"


def test_the_inventory_is_enough_to_find_and_ask_cssm(office):
    done = office.slp("cssm", "accounts", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["accounts"] == [
        {
            "smart_account": "Eg-SA-01",
            "virtual_account": "Eg-VA-01",
            "domain": "eg-sa-01.example.com",
        }
    ]


def inventory(office, **blocks):
    """Has routers of the inventory name services of their own."""
    hosts = {n: {"hostname": "127.0.0.1", "data": {"slp": {"cssm": b}}} for n, b in blocks.items()}
    (office.desk / "inventory" / "hosts.yaml").write_text(yaml.safe_dump(hosts))


def test_routers_of_several_accounts_share_one_cssm_and_several_cssm_are_told(office):
    inventory(office, r1={"account": "Eg-SA-01/Eg-VA-01"}, r2={"account": "Eg-SA-01/Other"})
    assert office.slp("cssm", "balances").code == 0
    assert office.slp("cssm", "balances", "--limit", "r2").code == 2  # there is no such account
    inventory(office, r1={"url": "https://one.example.net"}, r2={"url": "https://two.example.net"})
    done = office.slp("cssm", "balances")
    assert (done.code, "name 2 of them in data.slp.cssm" in done.said) == (2, True)


def test_without_an_inventory_options_and_environment_do(office, monkeypatch, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    monkeypatch.setenv("CSSM_CLIENT_ID", "slp-lab")
    monkeypatch.setenv("CSSM_CLIENT_SECRET", "api-Secret-4711-unique")
    done = office.slp("cssm", "balances", "--url", office.url, "--json")
    assert done.code == 0, done.err
    missing = office.slp("cssm", "balances", "--url", office.url, "--inventory", "nowhere")
    assert (missing.code, "there is no inventory" in missing.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--account", "Eg-SA-01/Nowhere"], 2, HOME),
        (["--client-secret", "a-plain-secret"], 2, "a value, not a reference"),
        (["--client-secret", "env:NOT_SET_1"], 2, "env:NOT_SET_1"),
        (["--client-id", "somebody"], 1, "credentials are not accepted (HTTP 401)"),
        (["--url", "http://cssm.example.net"], 2, "unencrypted"),
        (["--api", "v9"], 2, "auto, swapi or apx"),
        (["--ca", "missing.pem"], 2, "missing.pem"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(office, words, code, told):
    done = office.slp("cssm", "tokens", *words)
    assert done.code == code
    assert told in done.said
    assert "Traceback" not in done.err
    assert "a-plain-secret" not in done.err


def test_token_1_a_token_goes_into_a_file_of_its_owner_alone_and_nowhere_else(office, tokens_of):
    file = office.desk / "token"
    made = office.slp("cssm", "create-token", "-d", "wave 1", "--days", 7, "--to", file)
    assert made.code == 0, made.err
    (token,) = tokens_of("wave 1")
    assert file.read_text().strip() == token.secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = office.slp("cssm", "tokens", "--json")
    (row,) = [t for t in listed.json["tokens"] if t["description"] == "wave 1"]
    assert row["export"] == "allowed"
    assert row["expires"].endswith("Z")
    revoked = office.slp("cssm", "revoke-token", "-d", "wave 1", "--yes")
    assert revoked.code == 0
    assert token.revoked
    for seen in (made, listed, revoked):
        for secret in (token.secret, "good-token-0001", "api-Secret-4711-unique"):
            assert secret not in seen.out + seen.err


@pytest.mark.slow
def test_what_cannot_be_taken_back_is_asked_for(office, tokens_of):
    office.slp("cssm", "create-token", "-d", "mine")
    left = office.slp("cssm", "revoke-token", "-d", "mine")
    assert left.code == 3
    assert "nobody to ask" in left.err
    assert not tokens_of("mine")[0].revoked
    office.lab.portal.instance(("ISR4351/K9", "GONE1"), "", HOME)
    assert office.slp("cssm", "remove-instance", "GONE1").code == 3
    assert "GONE1" in office.slp("cssm", "instances", "--search", "gone").out
    assert office.slp("cssm", "remove-instance", "GONE1", "--yes").code == 0
    assert "GONE1" not in office.slp("cssm", "instances").out
    again = office.slp("cssm", "remove-instance", "GONE1", "--yes")
    assert (again.code, "0 product instances" in again.err) == (2, True)


def test_slrup_1_balances_are_a_document_that_plan_reads(office):
    done = office.slp("cssm", "balances", "--tag", "hsec", "--json")
    read = Balances.model_validate_json(done.out)
    assert all("hsec" in f"{b.tag} {b.name}".lower() for b in read.balances)
    assert {b.account for b in read.balances} == {HOME}
    assert {(b.entitled - b.in_use - b.reserved) == b.free for b in read.balances} == {True}
    assert office.slp("cssm", "balances").out.count("regid.") >= 4


def test_f36_a_service_out_of_order_is_exit_code_1_with_its_name(office, monkeypatch):
    monkeypatch.setattr("slp_exchange.web._TRIES", 1)
    import httpx

    form = {"status": "503", "times": "9"}
    httpx.post(f"{office.url}/lab/api-failures", data=form, trust_env=False)
    done = office.slp("cssm", "accounts")
    assert done.code == 1
    assert "out of order (HTTP 503)" in done.said
    assert "[SLP-E400]" in done.err


@pytest.mark.parametrize("command", ["accounts", "instances", "licenses", "tokens"])
def test_on_prem_is_asked_as_cssm_is(office, command):
    account = ["--account", "Eg-1"]
    refused = office.slp("onprem", command, *account)
    assert refused.code == 2
    assert "address of SSM On-Prem is not known" in refused.said
    login = ["--client-id", "slp-lab", "--client-secret", "env:SLP_LAB_API_SECRET"]
    url = f"{office.url}/onprem/nowhere"
    done = office.slp("onprem", command, *account, *login, "--url", url)
    assert done.code == 1
    assert "no such SSM On-Prem" in done.said


def test_f31_no_secret_in_the_logs_of_vv(office, tokens_of):
    done = office.slp("cssm", "create-token", "-d", "logged", "-vvv", "--to", "t")
    assert done.code == 0
    assert "httpx" in done.err or "httpcore" in done.err  # there are logs to look at
    (token,) = tokens_of("logged")
    for secret in (token.secret, "api-Secret-4711-unique"):
        assert secret not in done.err
        assert json.dumps(secret)[1:-1] not in done.err
