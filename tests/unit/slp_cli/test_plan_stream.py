"""A plan of any number: written while it is made, sealed like one that was held in memory."""

from __future__ import annotations

import gc
import json
import weakref

import pytest

from nornir_slp.documents import Assessment, RouterAssessment, assessed_routers, load_plan, save
from nornir_slp.gathered import gather
from nornir_slp.json_stream import head_of, items_of
from nornir_slp.plan_file import plan_at, plans_in, write_plans
from slp_core.errors import InputError
from slp_core.plan import Plan
from slp_core.state import RouterState


def test_the_file_and_its_seal_are_those_of_a_plan_in_memory(tmp_path, make_plan):
    plans = [make_plan("r1"), make_plan("r2", person=True), make_plan("ü3", blocked=True)]
    write_plans(tmp_path / "one.json", iter(plans))
    save(Plan(schema_version=1, routers=tuple(plans)), tmp_path / "other.json")
    one, other = load_plan(tmp_path / "one.json"), load_plan(tmp_path / "other.json")
    assert one.routers == other.routers == tuple(plans)
    assert one.sealed == other.sealed == one.hash()
    text = (tmp_path / "one.json").read_text()
    assert (
        json.loads(text)["routers"] == json.loads((tmp_path / "other.json").read_text())["routers"]
    )
    assert list(plans_in(tmp_path / "one.json")) == plans


def test_no_router_is_a_plan_too(tmp_path):
    write_plans(tmp_path / "none.json", iter(()))
    assert load_plan(tmp_path / "none.json").routers == ()


def test_groups_and_totals_are_those_of_a_plan_in_memory_and_lie_where_they_say(
    tmp_path, make_plan
):
    plans = [make_plan(f"r{i}") for i in range(20)] + [make_plan("b", blocked=True)]
    (found, _), held = write_plans(tmp_path / "p.json", iter(plans)), gather(plans)
    assert found.totals == held.totals
    assert [(g.names, g.count, g.pids) for g in found.largest_first] == [
        (g.names, g.count, g.pids) for g in held.largest_first
    ]
    assert [g.count for g in found.largest_first] == [20, 1]
    with (tmp_path / "p.json").open("rb") as file:
        assert [plan_at(file, g.place) for g in found.largest_first] == [plans[0], plans[-1]]


def test_what_fails_in_the_middle_leaves_the_plan_that_was_there(tmp_path, make_plan):
    def broken():
        yield make_plan("r1")
        raise InputError("no target", where="r2")

    path = tmp_path / "plan.json"
    path.write_text("the earlier plan")
    with pytest.raises(InputError):
        write_plans(path, broken())
    assert path.read_text() == "the earlier plan"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
def test_no_more_than_one_plan_is_held_however_many_are_written(tmp_path, make_plan):
    refs, most = [], 0

    def plans():
        nonlocal most
        for number in range(40):
            gc.collect()
            most = max(most, sum(r() is not None for r in refs))
            made = make_plan(f"r{number}")
            refs.append(weakref.ref(made))
            yield made
            del made

    found, _ = write_plans(tmp_path / "p.json", plans())
    assert found.routers == 40
    assert most <= 2  # the one that is written, and the one that a loop still names


def assessment(tmp_path, *names):
    states = [RouterState(name=n, hostname=n * 40) for n in names]
    path = tmp_path / "assessment.json"
    save(Assessment(source="x", routers=tuple(
        RouterAssessment(router=s.name, state=s) for s in states
    ), kind="assessment", schema_version=1), path)  # fmt: skip
    return path


def test_routers_of_an_assessment_come_one_by_one(tmp_path, monkeypatch):
    path = assessment(tmp_path, "r1", "r2", "r3")
    monkeypatch.setattr("nornir_slp.json_stream._CHUNK", 50)  # every router is cut by a block
    assert [r.router for r in assessed_routers(path)] == ["r1", "r2", "r3"]
    head = head_of(path, "routers")
    assert head is not None
    assert (head["kind"], head["source"]) == ("assessment", "x")


def test_an_assessment_in_another_order_is_read_as_well(tmp_path):
    data = json.loads(assessment(tmp_path, "r1").read_text())
    path = tmp_path / "turned.json"
    path.write_text(json.dumps({"routers": data.pop("routers"), **data}))
    assert [r.router for r in assessed_routers(path)] == ["r1"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t[: len(t) // 2], "is not valid JSON"),
        (lambda t: t.replace('"schema_version": 1', '"schema_version": 7'), "version 7"),
        (lambda t: t.replace('"router": "r2"', '"rooter": "r2"'), r"routers\.1\."),
        (lambda t: t.replace('"kind": "assessment"', '"kind": "report"'), "is no assessment"),
        (lambda _: "[]", "JSON object"),
    ],
)
def test_a_file_that_is_no_assessment_is_refused_with_the_place(tmp_path, change, told):
    path = assessment(tmp_path, "r1", "r2")
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=told) as caught:
        list(assessed_routers(path))
    assert str(path) in str(caught.value)


def test_items_of_a_list_that_is_not_there(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{}")
    with pytest.raises(InputError, match="no list of routers"):
        list(items_of(path, "routers"))
    with pytest.raises(InputError, match="cannot be read"):
        list(items_of(tmp_path / "missing.json", "routers"))
