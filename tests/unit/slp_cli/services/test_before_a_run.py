"""What a run will ask of CSSM is proven before it begins; balances reach the planner (SLRUP-1)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from kit.fleet import FakePhases, router_plan, step
from nornir_slp.documents import save
from slp_core.plan import Plan

HOME = "Eg-SA-01/Eg-VA-01"
CAPTURES = Path(__file__).parents[4] / "tests" / "captures" / "data"


@pytest.fixture
def plan(office, monkeypatch):
    phases = FakePhases(office.desk / "routers")
    monkeypatch.setattr("slp_fleet.api.NornirPhases", lambda _: phases)

    def make(token: str) -> str:
        trust = step("trust", 2, params={"token": token, "scope": "local", "force": False})
        made = Plan(schema_version=1, routers=(router_plan("r1", ("preflight", trust)),))
        save(made, office.desk / "plan.json")
        return "plan.json"

    return make


@pytest.mark.parametrize(
    ("token", "code", "told"),
    [
        ("cssm:Eg-SA-01/Nowhere", 2, "no virtual account"),
        ("cssm:Eg-SA-01/Eg-VA-01?days=999", 2, "1 to 365 days"),
    ],
)
def test_f34_a_token_that_cannot_be_had_is_said_before_any_router_is_touched(
    office, plan, token, code, told
):
    done = office.slp("apply", plan(token), "--yes")
    assert done.code == code
    assert told in done.said
    assert not (office.desk / "inventory" / ".slp").exists()


def test_wrong_credentials_are_said_before_any_router_is_touched(office, plan, monkeypatch):
    monkeypatch.setenv("SLP_LAB_API_SECRET", "something-else")
    done = office.slp("apply", plan(f"cssm:{HOME}"), "--yes")
    assert (done.code, "HTTP 401" in done.said) == (1, True)
    monkeypatch.delenv("SLP_LAB_API_SECRET")
    done = office.slp("apply", plan(f"cssm:{HOME}"), "--yes")
    assert (done.code, "env:SLP_LAB_API_SECRET" in done.said) == (2, True)


def test_the_proof_makes_no_token(office, plan, tokens_of):
    done = office.slp("apply", plan(f"cssm:{HOME}"))  # nobody to ask: it ends after the proof
    assert (done.code, "nobody to ask" in done.said) == (3, True)
    assert tokens_of("nornir-slp") == []


def test_doctor_looks_at_the_credentials_of_services(office, monkeypatch):
    done = office.slp("doctor", "--offline")
    assert "1 references, all found" in done.out
    monkeypatch.delenv("SLP_LAB_API_SECRET")
    done = office.slp("doctor", "--offline")
    assert done.code == 2
    assert "env:SLP_LAB_API_SECRET" in done.out


def test_doctor_refuses_a_secret_as_a_value(office):
    path = office.desk / "inventory" / "defaults.yaml"
    data = yaml.safe_load(path.read_text())
    data["data"]["slp"]["cssm"]["client_secret"] = "plain-secret-1"
    path.write_text(yaml.safe_dump(data))
    done = office.slp("doctor", "--offline")
    assert done.code == 2
    assert "data.slp.cssm.client_secret" in done.out
    assert "plain-secret-1" not in done.out + done.err


# --- balances ----------------------------------------------------------------------------------


def fleet_of(office, count: int) -> Path:
    """Captures of so many routers that each need one HSECK9 licence before their upgrade."""
    (source,) = CAPTURES.glob("s3_*")
    folder = office.desk / "captures"
    for i in range(count):
        own = folder / f"r{i}"
        shutil.copytree(source / "pre", own, ignore=shutil.ignore_patterns("*__*"))
        shutil.copyfile(source / "router.yaml", own / "router.yaml")
        target = yaml.safe_load((source / "target.yaml").read_text())
        target.pop("hseck9_balance", None)
        (own / "target.yaml").write_text(yaml.safe_dump(target))
    return folder


def notices(done) -> list[tuple[str, str]]:
    return [
        next(
            ((n["severity"], n["text"]) for n in r.get("notices", ()) if n["rule"] == "SLRUP-1"),
            ("none", ""),
        )
        for r in done.json["routers"]
    ]


def balances(office, free: int, tag: str = "DNA_HSEC") -> str:
    row = {
        "account": HOME,
        "tag": f"regid.2019-03.com.cisco.{tag},1.0_509c41ab-05a8-431f-95fe-ec28086e8844",
        "entitled": free,
        "in_use": 0,
        "reserved": 0,
        "free": free,
    }
    page = {"service": "x", "read": "2026-11-22T00:00:00Z", "balances": [row]}
    (office.desk / "balances.json").write_text(json.dumps({"schema_version": 1, **page}))
    return "balances.json"


def test_slrup_1_what_is_not_known_stays_a_warning(office):
    folder = fleet_of(office, 1)
    done = office.slp("plan", "--from-captures", folder, "--json")
    assert notices(done) == [("warning", "it is not known whether an HSECK9 licence is free")]
    other = balances(office, 5, tag="Something_Else")
    done = office.slp("plan", "--from-captures", folder, "--balances", other, "--json")
    assert notices(done)[0][0] == "warning"


def test_slrup_1_free_licences_are_given_out_router_by_router(office):
    folder = fleet_of(office, 3)
    enough = balances(office, 3)
    done = office.slp("plan", "--from-captures", folder, "--balances", enough, "--json")
    assert notices(done) == [("none", "")] * 3
    short = balances(office, 2)
    done = office.slp("plan", "--from-captures", folder, "--balances", short, "--json")
    assert notices(done) == [
        ("none", ""),
        ("none", ""),
        ("blocker", "no HSECK9 licence is free"),
    ]


def test_slrup_1_balances_are_read_from_cssm_where_that_is_asked_for(office):
    folder = fleet_of(office, 1)
    done = office.slp("plan", "--from-captures", folder, "--balances", "cssm", "--json")
    assert notices(done) == [("none", "")]
    (router,) = done.json["routers"]
    assert router["target"]["hseck9_balance"] == 20


@pytest.mark.parametrize("text", ["", "[]", "no json", '{"balances": [{"free": "many"}]}'])
def test_a_file_that_holds_no_balances_is_named(office, text):
    folder = fleet_of(office, 1)
    (office.desk / "odd.json").write_text(text)
    done = office.slp("plan", "--from-captures", folder, "--balances", "odd.json")
    assert (done.code, "no file of balances" in done.said) == (2, True)
    done = office.slp("plan", "--from-captures", folder, "--balances", "gone.json")
    assert (done.code, "gone.json" in done.said) == (2, True)
