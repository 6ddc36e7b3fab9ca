"""Reports: one model, five renderings; failures first; hostile output inert (F33)."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest

from nornir_slp.report import build
from nornir_slp.report.facts import facts_of, group_of
from nornir_slp.report.html import DETAILED, page
from nornir_slp.views import report as text
from slp_core.plan import Finding, Plan, Prediction
from slp_core.state import Evidence
from slp_fleet.model import RouterRunState, RunState, StepState

HOSTILE = "<script>alert(1)</script><img src=http://x/y onerror=z>\x1b[31m\u202e{{ 7*7 }} ${x} =1+1"
UNMET = Finding(
    path="throughput.crypto",
    verdict="unmet",
    expected="unthrottled",
    found=250000,
    rules=("THR-2",),
    why="throttled without HSECK9",
    evidence=Evidence(command="show platform hardware throughput crypto", lines=(1, 2)),
)


@pytest.fixture
def report(make_run, make_router_run, make_plan):
    """One router of each kind of end."""
    waiting = make_router_run("r4", "person", after={}, findings=(), ended=None)
    step = waiting.steps[-1].model_copy(
        update={
            "state": StepState.PERSON,
            "ended": None,
            "instructions": ("Upload it.",),
            "where": "CSSM: Reports",
        }
    )
    waiting = waiting.model_copy(update={"steps": (*waiting.steps[:-1], step)})
    routers = (
        make_router_run("r1"),
        make_router_run("r2", "failed", reason="not as predicted", findings=(UNMET,)),
        make_router_run("r3", "blocked", reason="UP-5", wave=-1, started=None, after={}, steps=()),
        waiting,
    )
    plans = tuple(make_plan(r.router, blocked=r.router == "r3") for r in routers)
    run = make_run(*routers, state=RunState.PAUSED, reason="paused by the operator")
    return build.of_run(run, Plan(schema_version=1, routers=plans))


class _Page(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset", "action", "background"):
                self.outside.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)

    def handle_data(self, data):
        self.text.append(data)


def read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page


def test_what_is_wrong_comes_first(report):
    assert [r.state for r in report.routers] == ["failed", "blocked", "person", "proven"]
    assert list(report.counts) == ["failed", "blocked", "person", "proven"]


def test_every_task_of_a_person_is_told_with_what_to_type(report):
    told = {t.router: t for t in report.tasks}
    assert set(told) == {"r2", "r3", "r4"}
    assert told["r2"].command == f"slp retry {report.run} r2"
    assert told["r3"].instructions == ("take 17.3.5",)
    assert told["r4"].command == f"slp confirm {report.run} r4 04-verify"
    assert told["r4"].where == "CSSM: Reports"


def test_before_and_after_stand_side_by_side_with_the_verdict(report):
    facts = {f.path: f for f in report.routers[3].facts}
    model = facts["model"]
    assert (model.before, model.after, model.verdict) == ("MODEL-REGISTERED", "MODEL-SLP", "met")
    assert model.changed
    assert not facts["transport.kind"].changed
    assert report.routers[3].release_after == "17.3.2"


def test_unseen_and_none_are_different_facts():
    seen = facts_of({"a": None}, {"b": None}, (), ())
    by_path = {f.path: f for f in seen}
    assert by_path["a"].known("before")
    assert not by_path["a"].known("after")
    assert by_path["a"].changed


def test_a_configuration_is_told_by_the_lines_that_went_and_came():
    (fact,) = facts_of({"config": ["a", "b"]}, {"config": ["b", "c"]}, (), ())
    assert (fact.before, fact.after) == (["a"], ["c"])


def test_what_holds_after_the_upgrade_holds_in_the_end_unless_said_otherwise():
    said = (
        Prediction(path="transport.kind", kind="equals", value="cslu", moment="upgrade"),
        Prediction(path="transport.kind", kind="equals", value="smart"),
        Prediction(path="model", kind="equals", value="MODEL-SLP", moment="upgrade"),
    )
    end = {f.path: f.expected for f in facts_of({}, {}, said, ())}
    assert end == {"transport.kind": "smart", "model": "MODEL-SLP"}
    upgrade = {f.path: f.expected for f in facts_of({}, {}, said, (), moment="upgrade")}
    assert upgrade["transport.kind"] == "cslu"


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("licenses[ISR_4400_Hsec].status", "Licences"),
        ("csl[appxk9].enabled", "Licences"),
        ("authorization.status", "Authorization"),
        ("transport.kind", "Reporting"),
        ("cerm.functionality", "Throughput"),
        ("something.new", "Other"),
    ],
)
def test_every_path_has_its_place(path, group):
    assert group_of(path) == group


def test_the_page_needs_nothing_but_itself(report):
    html = page(report)
    seen = read(html)
    assert not seen.tags & {"script", "link", "iframe", "object", "embed", "img", "form", "base"}
    assert seen.outside == []
    assert all(link.startswith("#") for link in seen.links)
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(", html)


def test_the_page_says_what_happened(report):
    told = " ".join(read(page(report)).text)
    for words in (
        "paused by the operator",
        "not as predicted",
        "throughput.crypto",
        "unthrottled",
        "show platform hardware throughput crypto, line 1, 2",
        "THR-2",
        f"slp retry {report.run} r2",
        "take 17.3.5",
        "Activate 17.3.2 and reload",
        "evaluation" if False else "registered",
    ):
        assert words in told


def test_f33_hostile_output_is_inert_everywhere(report):
    routers = tuple(
        r.model_copy(
            update={
                "router": HOSTILE,
                "reason": HOSTILE,
                "findings": tuple(f.model_copy(update={"found": HOSTILE}) for f in r.findings),
                "facts": tuple(f.model_copy(update={"after": HOSTILE}) for f in r.facts),
                "steps": tuple(s.model_copy(update={"detail": HOSTILE}) for s in r.steps),
            }
        )
        for r in report.routers[:1]
    )
    hostile = report.model_copy(update={"routers": routers, "title": HOSTILE, "tasks": ()})
    seen = read(page(hostile))
    assert "script" not in seen.tags
    assert "img" not in seen.tags
    assert seen.outside == []
    assert "49" not in " ".join(seen.text).split()
    for rendered in (page(hostile), text.markdown(hostile), text.sheet(hostile).csv()):
        assert "\x1b" not in rendered
        assert "\u202e" not in rendered
    assert "<script" not in text.markdown(hostile)


def test_f33_endless_text_is_cut(report):
    long = report.model_copy(update={"reason": "x" * 1_000_000})
    assert len(page(long)) < 200_000


def test_f31_a_known_secret_never_reaches_the_page(report):
    from slp_core.secrets import REDACTOR

    REDACTOR.add("Planted-Token-2718")
    leaky = report.model_copy(update={"reason": "idtoken Planted-Token-2718"})
    assert "Planted-Token" not in page(leaky)
    assert "Planted-Token" not in text.markdown(leaky)


def test_a_page_of_many_routers_details_those_that_need_eyes(make_run, make_router_run, make_plan):
    routers = [make_router_run(f"r{i}") for i in range(DETAILED)]
    routers.append(make_router_run("bad", "failed", reason="broken"))
    plan = Plan(schema_version=1, routers=tuple(make_plan(r.router) for r in routers))
    html = page(build.of_run(make_run(*routers), plan))
    assert html.count('<details class="router"') == 1
    assert f"{DETAILED} routers that went as predicted" in html
    assert html.count('<td class="keep">r1</td>') == 1


def test_csv_has_a_row_for_each_router(report):
    rows = list(csv.DictReader(io.StringIO(text.sheet(report).csv())))
    assert [r["router"] for r in rows] == ["r2", "r3", "r4", "r1"]
    assert rows[0]["unmet"] == "throughput.crypto"
    assert rows[3]["release_after"] == "17.3.2"


def test_markdown_tells_the_same(report):
    told = text.markdown(report)
    assert "4 routers: 1 failed, 1 blocked, 1 waits for a person, 1 proven" in told
    assert "| throughput.crypto | unthrottled | 250000 |" in told


def test_the_report_of_a_plan_shows_what_is_predicted(make_plan):
    plan = Plan(
        schema_version=1, routers=(make_plan("r1", person=True), make_plan("r2", blocked=True))
    )
    made = build.of_plan(plan)
    assert [r.state for r in made.routers] == ["blocked", "to migrate"]
    assert {t.router for t in made.tasks} == {"r1", "r2"}
    told = " ".join(read(page(made)).text)
    assert "Upload the usage report to CSSM" in told
    assert "17.3.2 is defective" in told


@pytest.mark.parametrize("state", list(RouterRunState))
def test_a_router_in_any_state_can_be_shown(state, make_run, make_router_run, make_plan):
    plan = Plan(schema_version=1, routers=(make_plan(),))
    made = build.of_run(make_run(make_router_run(state=state)), plan)
    assert page(made)
    assert text.markdown(made)
    assert json.dumps(made.to_json())


@pytest.mark.parametrize("suffix", ["html", "json", "csv", "md", "txt"])
def test_slp_report_writes_every_format(command, plan_file, make_plan, tmp_path, suffix):
    target = tmp_path / f"report.{suffix}"
    outcome = command("report", plan_file(make_plan()), "--output", target)
    assert outcome.code == 0
    assert outcome.out == ""
    assert "r1" in target.read_text()
