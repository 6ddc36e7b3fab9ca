"""The demo's judge is strict, and its operator uses only what a person has."""

from __future__ import annotations

import json

import httpx
import pytest

from nornir_slp.report.model import Report, ReportRouter, ReportStep
from slp_core.errors import UsageError
from slp_core.plan import Finding
from slp_lab.demo import operator as operators
from slp_lab.demo.cssm import CssmPages, NotYet
from slp_lab.demo.flow import _fresh, demo_scenario
from slp_lab.demo.judge import complaints, troubles

SCENARIO = demo_scenario(None)
TROUBLED = {"branch-oslo": "preflight", "plant-madrid": "stage_image"}
REASONS = {"preflight": "it has expired", "stage_image": "the image does not fit: no space"}


def router(name: str, **changes) -> ReportRouter:
    if name in TROUBLED:
        kind = TROUBLED[name]
        fields = {
            "state": "failed",
            "reason": REASONS[kind],
            "steps": (ReportStep(id="1", kind=kind, title="", state="failed"),),
        }
    else:
        fields = {
            "state": "proven",
            "findings": (Finding(path="model", verdict="met"),),
            "steps": (ReportStep(id="1", kind="install_activate", title="", state="done"),),
        }
    return ReportRouter(**{"router": name, **fields, **changes})


def end(**changed: ReportRouter) -> tuple[Report, dict, dict]:
    routers = [changed.get(e.name.replace("-", "_"), router(e.name)) for e in SCENARIO.routers]
    report = Report(subject="run", title="", routers=tuple(r for r in routers if r))
    verification = {
        "routers": [{"router": r.router, "proven": r.state == "proven"} for r in routers if r]
    }
    reloads = {e.name: 0 if e.name in TROUBLED else 1 for e in SCENARIO.routers}
    return report, verification, reloads


def test_the_lab_says_which_routers_it_troubles():
    found = {name: t.name for name, t in troubles(SCENARIO).items()}
    assert found == {"branch-oslo": "token expired", "plant-madrid": "flash fills"}


def test_the_good_end_has_no_complaint():
    assert complaints(SCENARIO, *end()) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"hub_oslo": router("hub-oslo", state="failed", reason="x")}, "hub-oslo is failed"),
        ({"hub_oslo": router("hub-oslo", findings=())}, "without every expectation met"),
        ({"branch_oslo": router("branch-oslo", state="proven")}, "should have failed"),
        ({"branch_oslo": router("branch-oslo", reason="timeout")}, "for another reason"),
        (
            {"plant_madrid": router("plant-madrid", steps=router("branch-oslo").steps)},
            "failed at preflight",
        ),
        ({"plant_madrid": router("plant-madrid", steps=())}, "failed at no step"),
        ({"hub_lyon": None}, "hub-lyon is missing"),
    ],
)
def test_anything_else_is_told(changed, told):
    assert any(told in line for line in complaints(SCENARIO, *end(**changed)))


def test_a_router_that_reloaded_twice_is_told():
    report, verification, reloads = end()
    again = complaints(SCENARIO, report, verification, {**reloads, "hub-oslo": 2})
    assert again == ["hub-oslo reloaded 2 times, 1 were planned"]
    never = complaints(SCENARIO, report, verification, {**reloads, "plant-madrid": 1})
    assert never == ["plant-madrid (flash fills) reloaded 1 times"]


def test_a_report_that_verify_contradicts_is_told():
    report, _, reloads = end()
    nobody = {"routers": []}
    assert len(complaints(SCENARIO, report, nobody, reloads)) == 22


@pytest.mark.parametrize("count", [1, 6, 7, 24])
def test_a_smaller_demo_has_one_router_of_each_kind_in_turn(count):
    names = [e.name for e in demo_scenario(count).routers]
    assert len(names) == count
    kinds = [n.partition("-")[0] for n in names]
    assert max(map(kinds.count, kinds)) == -(-count // 6)


def test_the_demo_empties_no_folder_but_its_own(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="not of an earlier demo"):
        _fresh(mine)
    assert (mine / "thesis.txt").exists()
    demo = tmp_path / "demo"
    _fresh(demo)
    (demo / "old").touch()
    assert not (_fresh(demo) / "old").exists()


# --- the operator ---------------------------------------------------------------------------------


def step(where: str, told: str, name: str = "05-person") -> dict:
    return {"step": name, "state": "person", "where": where, "instructions": [told]}


class World:
    """CSSM behind HTTP, and the ``slp`` command, as the operator meets them."""

    def __init__(self, tmp_path, monkeypatch) -> None:
        self.folder = tmp_path / "r1"
        (self.folder / "out").mkdir(parents=True)
        (self.folder / "out" / "usage_report").write_bytes(b"usage")
        (self.folder / "out" / "confirmation_code.txt").write_text("abc123\n")
        self.steps: list[dict] = []
        self.posted: list[tuple[str, bytes]] = []
        self.confirmed: list[list[str]] = []
        self.files: dict[str, bytes] = {}
        self.ready = False
        pages = CssmPages("http://cssm.test")
        pages._http = httpx.Client(
            base_url="http://cssm.test", transport=httpx.MockTransport(self.cssm)
        )
        self.told: list[str] = []
        self.operator = operators.Operator(
            tmp_path, pages, tmp_path / "desk", self.told.append, self.slp
        )

    def slp(self, words: list[str]) -> int:
        if words[:2] == ["show", "latest"]:
            udi = {"udi.pid": "CSR1000V", "udi.sn": "SN1"}
            routers = [{"router": "r1", "steps": self.steps, "before": udi}]
            print(json.dumps({"id": "run1", "routers": routers}))
        elif words[:3] == ["show", "run1", "r1"]:
            print(json.dumps({"folder": str(self.folder)}))
        elif words[0] == "confirm":
            self.confirmed.append(words[:4])
            if "--file" in words:
                path = words[words.index("--file") + 1]
                with open(path, "rb") as file:  # noqa: PTH123
                    self.files[path.rpartition("/")[2]] = file.read()
        else:
            raise AssertionError(words)
        return 0

    def cssm(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            self.posted.append((path, request.read()))
        if path == "/cssm/usage-files":
            return httpx.Response(201, json={"id": 7})
        if path == "/cssm/usage-files/7":
            status = "No Errors" if self.ready else "Data Being Processed"
            return httpx.Response(200, json={"status": status, "error": None, "ack": "/ack"})
        if path == "/ack":
            return httpx.Response(200, content=b"ack")
        if path == "/cssm/balances":
            tags = ("ISR_4400_Hsec", "DNA_HSEC", "ax_10G")
            return httpx.Response(200, json=[{"tag": t} for t in tags])
        if path == "/cssm/reservations/update":
            return httpx.Response(200, content=b"code")
        return httpx.Response(200, json={"status": "confirmed"})


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def test_the_operator_carries_usage_and_waits_for_cssm(world):
    told = "Upload out/usage_report; drop it as ACK_usage_report."
    world.steps = [step("CSSM: Reports > Usage Data Files", told)]
    world.operator.look()
    world.operator.look()
    assert [path for path, _ in world.posted] == ["/cssm/usage-files"], "uploaded once"
    assert b"usage" in world.posted[0][1]
    assert world.confirmed == []
    world.ready = True
    world.operator.look()
    assert world.confirmed == [["confirm", "run1", "r1", "05-person"]]
    assert world.files == {"ACK_usage_report": b"ack"}
    world.operator.look()
    assert len(world.confirmed) == 1


def test_the_operator_updates_a_reservation_and_enters_the_code(world, tmp_path):
    where = "CSSM: Inventory > Product Instances > Actions > Update Reserved Licenses"
    world.steps = [step(where, "Add HSECK9. Download it and drop it as slr_code.txt.", "03-person")]
    world.operator.look()
    assert world.posted == [
        ("/cssm/reservations/update", b"pid=CSR1000V&sn=SN1&tag=DNA_HSEC&count=1")
    ]
    assert world.files == {"slr_code.txt": b"code"}
    world.steps = [step("CSSM: … > Enter Confirmation Code", "Enter the code.", "05-person")]
    world.operator.look()
    assert world.posted[-1] == (
        "/cssm/reservations/confirm",
        b"pid=CSR1000V&sn=SN1&code=abc123",
    )
    assert [c[3] for c in world.confirmed] == ["03-person", "05-person"]
    left = [p for p in (tmp_path / "desk").rglob("*") if p.is_file()]
    assert left == [], "no code stays on the operator's desk"


def test_the_operator_says_what_it_cannot_do_once(world):
    world.steps = [step("Somewhere else", "Dance.")]
    world.operator.look()
    world.operator.look()
    assert world.told == ["r1: I do not know how to: Dance."]


@pytest.mark.parametrize(
    ("pid", "tag"),
    [("CSR1000V", "DNA_HSEC"), ("ISR4461/K9", "DNA_HSEC"), ("ISR4400", "ISR_4400_Hsec")],
)
def test_the_export_licence_is_chosen_by_the_platform(world, pid, tag):
    assert world.operator._cssm.export_licence(pid) == tag


def test_cssm_errors_are_told_and_processing_is_not_one():
    pages = CssmPages("http://cssm.test")
    for status, error in ((409, NotYet), (400, ValueError)):
        answer = httpx.MockTransport(lambda _, s=status: httpx.Response(s, text="no"))
        pages._http = httpx.Client(base_url="http://cssm.test", transport=answer)
        with pytest.raises(error):
            pages.lab()
