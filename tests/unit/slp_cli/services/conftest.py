"""``slp`` against the simulated services over HTTP, and a run that waits with usage reports."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.fleet import FakePhases, router_plan, step
from kit.served import served
from kit.serving import PASSWORD, SECRETS, scenario
from nornir_slp.documents import save
from slp_cli.main import run as slp
from slp_core.plan import PersonTask, Plan
from slp_fleet.api import Fleet
from slp_fleet.model import RunOptions
from slp_sim.formats import rum_report, system_info, usage_file
from slp_sim.lab import Lab
from slp_sim.services.cssm import Timing

HOME = "Eg-SA-01/Eg-VA-01"
API_SECRET = "api-Secret-4711-unique"
PID = "ISR4351/K9"


@dataclass
class Office:
    """The services of a lab and a desk with an inventory that names them."""

    lab: Lab
    url: str
    desk: Path
    capsys: pytest.CaptureFixture[str]

    def slp(self, *words: object) -> Any:
        """Runs ``slp`` as a user would."""
        code = slp([str(w) for w in words])
        seen = self.capsys.readouterr()
        return Outcome(code, seen.out, seen.err)

    def usage(self, name: str, sn: str, *ids: int, conversion: Any = None) -> Path:
        """Writes the usage report of one router, as ``slp usage save --to`` does."""
        now = self.lab.clock.now()
        rows = [
            rum_report(
                pid=PID,
                sn=sn,
                report_id=i,
                software_tag="t",
                entitlement_tag="regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d",
                software_version="17.04.01a",
                start=now,
                end=now,
            )
            for i in ids
        ]
        info = system_info(
            pid=PID, sn=sn, hostname=name, software_tag="t", at=now, conversion=conversion
        )
        path = self.desk / "reports" / name / "usage_report"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(usage_file(rows, info))
        return path

    def ack_after(self, seconds: float) -> None:
        self.lab.network.cssm.timing = Timing(ack_s=seconds)


@dataclass(frozen=True)
class Outcome:
    """What a user sees of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return " ".join(self.err.split())


@pytest.fixture
def office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Office]:
    made = scenario({"name": "r1", "family": "s1_registered"})
    known = {**SECRETS, "SLP_LAB_API_SECRET": API_SECRET}
    lab = Lab.from_scenario(made, password=PASSWORD, secrets=known)
    lab.network.cssm.timing = Timing(ack_s=0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLP_LAB_API_SECRET", API_SECRET)
    for name in ("SLP_INVENTORY", "COLUMNS", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with served(lab) as url:
        inventory = tmp_path / "inventory"
        inventory.mkdir()
        block = {"url": url, "client_id": "slp-lab", "client_secret": "env:SLP_LAB_API_SECRET"}
        (inventory / "hosts.yaml").write_text(yaml.safe_dump({"r1": {"hostname": "127.0.0.1"}}))
        (inventory / "defaults.yaml").write_text(yaml.safe_dump({"data": {"slp": {"cssm": block}}}))
        yield Office(lab, url, tmp_path, capsys)


@pytest.fixture
def tokens_of(office: Office) -> Callable[[str], list[Any]]:
    """Returns the tokens of a name, as CSSM holds them."""

    def find(name: str) -> list[Any]:
        virtual = office.lab.network.cssm.accounts.home(HOME)
        return [t for t in virtual.tokens if t.name == name]

    return find


@dataclass
class Waiting:
    """A run whose routers have saved their reports and wait for acknowledgements."""

    fleet: Fleet
    run: str
    office: Office

    def taken(self, name: str) -> Path:
        return self.fleet.router_folder(self.run, name) / "in" / "ACK_usage_report"

    def report(self, name: str) -> Path:
        return self.fleet.router_folder(self.run, name) / "out" / "usage_report"

    def confirmed(self) -> list[tuple[str, str]]:
        events = self.fleet.events(self.run)
        return [(str(e.router), e.detail) for e in events if e.state == "confirmed"]


CARRY = step("person", 3, params={"provides": ["ACK_usage_report"], "needs": ["usage_report"]})
CARRY = CARRY.model_copy(
    update={
        "person": PersonTask(where="CSSM: Reports > Usage Data Files", instructions=("Carry it.",))
    }
)
STEPS = (
    "preflight",
    step("usage_save", 2, params={"file": "usage_report", "what": "unreported"}),
    CARRY,
    step("usage_import", 4, params={"file": "ACK_usage_report"}),
)


@pytest.fixture
def waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    """Three routers that wait; their steps are put there as a run would leave them."""
    inventory = office.desk / "inventory"
    phases = FakePhases(office.desk / "routers")
    monkeypatch.setattr("slp_fleet.api.NornirPhases", lambda _: phases)
    names = ("r01", "r02", "r03")
    plan = Plan(schema_version=1, routers=tuple(router_plan(n, STEPS) for n in names))
    save(plan, office.desk / "plan.json")
    fleet = Fleet(inventory / ".slp", inventory)
    run = fleet.create_run(plan, office.desk / "plan.json", RunOptions())
    for i, name in enumerate(names):
        source = office.usage(name, f"SN-{name}", 10 * i + 1, 10 * i + 2)
        out = fleet.router_folder(run, name) / "out"
        out.mkdir(parents=True)
        (out / "usage_report").write_bytes(source.read_bytes())
    with fleet.store.write() as db:
        db.execute("UPDATE steps SET state='person' WHERE step='03-person'")
        db.execute("UPDATE steps SET state='done' WHERE step IN ('01-preflight', '02-usage_save')")
    yield Waiting(fleet, run, office)
    fleet.close()
    logging.getLogger("dbos").handlers.clear()
