"""MODEL rules: which licensing is in force, in the order in which it is tested."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    PLAIN,
    RULES,
    csl,
    evaluating,
    feature,
    registered,
    reserved,
    router,
    slp,
    target,
)  # fmt: skip
from slp_core.planner import make_plan
from slp_core.rules.model import Kind, Model, detect, kinds
from slp_core.state import CslFeature


@pytest.mark.parametrize(
    ("licensing", "model"),
    [
        (slp(PLAIN), "MODEL-SLP"),
        (reserved(PLAIN), "MODEL-SLR"),
        (registered(PLAIN), "MODEL-REGISTERED"),
        (evaluating(PLAIN), "MODEL-EVAL"),
        (csl(feature("appxk9")), "MODEL-CSL"),
        ({"registration": {"status": "REGISTERED - UNIVERSAL LICENSE RESERVATION"}}, "MODEL-PLR"),
        ({"license_type": "No License Mode"}, "MODEL-NOLICENSE"),
        ({"show_version_status": "Smart Licensing is DISABLED"}, "MODEL-NOLICENSE"),
        ({"show_version_status": "UNREGISTERED/EVAL EXPIRED"}, "MODEL-EVAL"),
        ({"show_version_status": "UNREGISTERED/No Licenses in Use"}, "MODEL-EVAL"),
        ({"show_version_status": "Registration Not Applicable/Not Applicable"}, "MODEL-UNKNOWN"),
        ({"show_version_status": "Smart Licensing Using Policy"}, "MODEL-SLP"),
        (
            {
                "registration": {"status": "REGISTERING - REGISTRATION IN PROGRESS"},
                "authorization_status": "No Licenses in Use",
            },
            "MODEL-EVAL",
        ),
        (
            {
                "registration": {"status": "UNREGISTERED - REGISTRATION FAILED"},
                "authorization_status": "No Licenses in Use",
            },
            "MODEL-EVAL",
        ),
        ({}, "MODEL-UNKNOWN"),
    ],
)
def test_model_is_told_by_what_the_router_shows(licensing: dict[str, Any], model: str) -> None:
    assert detect(router(licensing=licensing), RULES).value == model


def test_model_unknown_where_nothing_was_seen() -> None:
    assert detect(router(), RULES) is Model.UNKNOWN


def test_model_slp_wins_over_reservation_lines_that_stay() -> None:
    stays = slp(PLAIN, reservation={"enabled": True, "status": "SPECIFIC INSTALLED"})
    assert detect(router(licensing=stays), RULES) is Model.SLP


def test_model_slr_is_not_proven_by_reservation_being_enabled() -> None:
    enabled = evaluating(PLAIN) | {"reservation": {"enabled": True}}
    assert detect(router(licensing=enabled), RULES) is Model.EVAL
    installed = {"reservation": {"status": "SPECIFIC INSTALLED"}}
    assert detect(router(licensing=installed), RULES) is Model.SLR


def test_model_slr_is_told_by_the_registration_status() -> None:
    status = {"registration": {"status": "REGISTERED - SPECIFIC LICENSE RESERVATION"}}
    assert detect(router(licensing=status), RULES) is Model.SLR


def test_model_registered_needs_the_word_without_a_suffix() -> None:
    odd = {"registration": {"status": "REGISTERED - SOMETHING NEW"}}
    assert detect(router(licensing=odd), RULES) is Model.UNKNOWN


def test_model_classic_by_pid_wins_over_everything() -> None:
    for pid in ("ASR-920-12CZ-A", "ASR-903", "ASR-902", "ASR-907"):
        assert detect(router(pid, licensing=registered(PLAIN)), RULES) is Model.CLASSIC
    assert detect(router("ASR1001-X", licensing=registered(PLAIN)), RULES) is Model.REGISTERED


def test_model_rtu_where_only_right_to_use_answers() -> None:
    seen = [{"command": "show license right-to-use", "status": "ok"}]
    licensing = csl(feature("appxk9"))
    assert detect(router(licensing=licensing, commands=seen), RULES) is Model.RTU
    seen.append({"command": "show license feature", "status": "ok"})
    assert detect(router(licensing=licensing, commands=seen), RULES) is Model.CSL


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"feature": "ipbasek9"}, {Kind.DEFAULT}),
        ({"feature": "internal_service", "enabled": True}, {Kind.DEFAULT}),
        ({"feature": "x", "right_to_use": True}, {Kind.RTU}),
        ({"feature": "x", "right_to_use": False, "enabled": True}, {Kind.PAK}),
        ({"feature": "x", "right_to_use": False, "enabled": False}, set()),
        ({"feature": "x", "license_type": "Permanent"}, {Kind.PAK}),
        ({"feature": "x", "license_type": "PermanentRightToUse"}, {Kind.RTU}),
        ({"feature": "x", "license_type": "EvalRightToUse"}, {Kind.EVALUATION}),
        (
            {"feature": "x", "license_type": "EvalRightToUse", "right_to_use": True},
            {Kind.EVALUATION, Kind.RTU},
        ),
        (  # the guide's own contradiction (S5): both readings are kept
            {"feature": "x", "license_type": "Permanent", "right_to_use": True},
            {Kind.PAK, Kind.RTU},
        ),
    ],
)
def test_model_kind_keeps_every_reading(fields: dict[str, Any], expected: set[Kind]) -> None:
    assert kinds(CslFeature.model_validate(fields), RULES) == expected


@pytest.mark.parametrize(
    ("status", "model"),
    [
        ("REGISTERED - UNIVERSAL LICENSE RESERVATION", Model.PLR),
        ("registered - universal license reservation", Model.PLR),
        ("REGISTERED - SPECIFIC LICENSE RESERVATION", Model.SLR),
        ("REGISTERED", Model.REGISTERED),
    ],
)
def test_model_plr_is_the_universal_reservation_alone(status: str, model: Model) -> None:
    state = router(licensing={"registration": {"status": status}})
    assert detect(state, RULES) is model


def test_model_plr_is_planned_with_its_transport_off_and_nothing_to_report() -> None:
    universal = {"registration": {"status": "REGISTERED - UNIVERSAL LICENSE RESERVATION"}}
    licensing = reserved(PLAIN) | universal
    plan = make_plan(router(licensing=licensing), target("17.3.2", "airgap"))
    assert plan.model == "MODEL-PLR"
    shown = {(p.path, p.moment): p for p in plan.predictions}
    assert shown["transport.kind", "upgrade"].value == "off"
    assert "TRANS-2" in shown["transport.kind", "upgrade"].rules
    assert any("REP-5" in p.rules for p in plan.predictions)


@pytest.mark.parametrize(
    ("authorization", "model"),
    [
        ("EVAL MODE", Model.EVAL),
        ("EVAL EXPIRED", Model.EVAL),
        ("Eval Period", Model.EVAL),
        ("Evaluation Period Expired", Model.EVAL),
        ("No Licenses in Use", Model.EVAL),
        ("AUTHORIZED", Model.UNKNOWN),
    ],
)
def test_model_eval_is_unregistered_and_in_evaluation_or_past_it(
    authorization: str, model: Model
) -> None:
    licensing = {
        "registration": {"status": "UNREGISTERED"}, "authorization_status": authorization,
    }  # fmt: skip
    assert detect(router(licensing=licensing), RULES) is model


@pytest.mark.parametrize(
    ("command", "model"),
    [
        ("show license", Model.CSL),
        ("show license feature", Model.CSL),
        ("show license all", Model.CSL),
        ("show license right-to-use", Model.RTU),
    ],
)
def test_model_csl_is_told_by_any_of_its_listings(command: str, model: Model) -> None:
    seen = [{"command": command, "status": "ok"}]
    state = router(licensing=csl(feature("appxk9")), commands=seen)
    assert detect(state, RULES) is model


def test_model_csl_is_not_told_where_smart_licensing_speaks() -> None:
    both = registered(PLAIN) | csl(feature("appxk9"))
    assert detect(router(licensing=both), RULES) is Model.REGISTERED


@pytest.mark.parametrize(
    "licensing",
    [
        {"license_type": "No License Mode"},
        {"license_type": "No license mode"},
        {"show_version_status": "Smart Licensing is DISABLED"},
    ],
)
def test_model_nolicense_is_planned_on_its_own_family_alone(licensing: dict[str, Any]) -> None:
    other = make_plan(router(licensing=licensing), target())
    assert other.model == "MODEL-NOLICENSE"
    assert [n.rule for n in other.blockers if n.rule.startswith("MODEL-")] == ["MODEL-NOLICENSE"]
    own = make_plan(router("ASR-920-12CZ-A", licensing=licensing), target(None))
    assert own.model == "MODEL-CLASSIC"
    assert not [n for n in own.notices if n.rule.startswith("MODEL-")]
