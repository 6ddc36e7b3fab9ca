"""Files that users keep: versioned, validated on load, with published schemas."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from nornir_slp.documents import Assessment, RouterAssessment, load_any, load_plan, save, stamp
from nornir_slp.report.build import of_run
from slp_core.errors import InputError
from slp_core.plan import Plan
from slp_lab import schemas

PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas"


@pytest.mark.parametrize("name", sorted(schemas.DOCUMENTS))
def test_the_published_schema_is_current(name):
    published = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == schemas.schema_text(name), "run `make docs`"


def test_a_plan_survives_the_file_with_the_same_hash(plan_file, make_plan):
    plan = Plan(schema_version=1, routers=(make_plan("r1"), make_plan("r2", blocked=True)))
    loaded = load_plan(plan_file(*plan.routers))
    assert loaded.hash() == plan.hash()
    assert loaded.routers == plan.routers


def test_every_document_fits_its_schema_and_is_told_apart(
    tmp_path, plan_file, make_plan, make_run, make_router_run
):
    plan = Plan(schema_version=1, routers=(make_plan(),), **stamp())
    found = Assessment(
        schema_version=1,
        kind="assessment",
        **stamp(),
        source="x",
        routers=(RouterAssessment(router="r1", error="no answer"),),
    )
    report = of_run(make_run(make_router_run()), plan)
    for name, document in (("plan", plan), ("assessment", found), ("report", report)):
        path = tmp_path / f"{name}.json"
        save(document, path)
        schema = json.loads(schemas.schema_text(name))
        jsonschema.validate(json.loads(path.read_text()), schema)
        assert type(load_any(path)) is type(document)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not valid JSON"),
        ("[]", "holds no JSON object"),
        ('{"schema_version": 2, "routers": []}', "schema version 2"),
        ('{"routers": []}', "schema version None"),
        ('{"schema_version": 1, "routers": [{"router": "r1"}]}', r"is no plan: routers\.0\."),
        ('{"schema_version": 1, "routers": [], "extra": 1}', "is no plan: extra"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_the_place(tmp_path, text, told):
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(InputError, match=told) as caught:
        load_plan(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2


def test_f31_a_refused_file_does_not_put_its_content_into_the_error(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text('{"schema_version": 1, "routers": "Planted-Secret-0815"}')
    with pytest.raises(InputError) as caught:
        load_plan(path)
    assert "Planted" not in str(caught.value)


def test_f47_a_plan_that_was_changed_after_it_was_saved_is_refused(tmp_path, make_plan):
    from nornir_slp.documents import load_plan, save
    from slp_core.errors import PlanMismatch
    from slp_core.plan import Plan

    path = tmp_path / "plan.json"
    save(Plan(schema_version=1, routers=(make_plan("r1"), make_plan("r2"))), path)
    assert [r.router for r in load_plan(path).routers] == ["r1", "r2"]
    path.write_text(path.read_text().replace("17.3.2", "17.3.3"))
    with pytest.raises(PlanMismatch) as caught:
        load_plan(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 2
