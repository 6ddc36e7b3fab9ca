"""``verify``: each kind of expectation and a wrong router that fails it."""

from __future__ import annotations

from typing import Any

import pytest

from kit.arrival import arrived
from kit.scenarios import MIGRATIONS, plan_of
from kit.states import (
    HSEC,
    PLAIN,
    RTU,
    csl,
    feature,
    registered,
    router,
    slp,
    target,
)
from kit.step_params import least_params
from slp_core.plan import Finding, Prediction, RouterPlan, StepSpec
from slp_core.planner import make_plan
from slp_core.rules.data import builtin_rules
from slp_core.rules.model import Model
from slp_core.state import RouterState
from slp_core.steps.base import step_kinds
from slp_core.targets import Target, Topology
from slp_core.verify import expected, observe, verify

READ_AT = "2021-03-01T00:00:00Z"
HIDDEN = RouterState.from_json({"name": "edge", "read_at": READ_AT})


def plan(*predictions: Prediction, **more: Any) -> RouterPlan:
    wanted = Target(topology=Topology(kind="airgap"))
    return RouterPlan(router="edge", model="x", target=wanted, predictions=predictions, **more)


def shows(**parts: Any) -> RouterState:
    return RouterState.from_json({"name": "edge", "read_at": READ_AT, **parts})


def verdicts(p: RouterPlan, state: RouterState, moment: Any = "end") -> dict[str, str]:
    return {f.path: f.verdict for f in verify(p, state, moment=moment)}


LEVEL = "throughput.level"
ACK = "reporting.last_ack"


def acked(when: str | None) -> RouterState:
    return shows(licensing={"reporting": {"last_ack": when}})


def test_equals_is_met_by_that_value_alone() -> None:
    p = plan(Prediction(path="hostname", kind="equals", value="a"))
    assert verdicts(p, shows(hostname="a"))["hostname"] == "met"
    assert verdicts(p, shows(hostname="b"))["hostname"] == "unmet"
    assert verdicts(p, HIDDEN)["hostname"] == "unobservable"


def test_unchanged_is_held_against_what_was_seen_before() -> None:
    p = plan(Prediction(path=LEVEL, kind="unchanged", value=400_000))
    assert verdicts(p, shows(throughput={"level": 400_000}))[LEVEL] == "met"
    assert verdicts(p, shows(throughput={"level": "400000 kbps"}))[LEVEL] == "met"
    assert verdicts(p, shows(throughput={"level": 250_000}))[LEVEL] == "unmet"


def test_unchanged_that_was_not_seen_before_is_not_judged_but_must_not_vanish() -> None:
    code = "authorization.confirmation_code"
    p = plan(Prediction(path=code, kind="unchanged"))

    def with_code(value: str | None) -> RouterState:
        member = {"udi": {"pid": "X", "sn": "Y"}, "confirmation_code": value}
        return shows(licensing={"authorization": {"members": [member]}})

    assert verdicts(p, with_code("0708eeec"))[code] == "unobservable"
    assert verdicts(p, with_code(None))[code] == "unmet"


def test_newly_issued_must_be_there_and_differ_from_what_was() -> None:
    fresh = plan(Prediction(path=ACK, kind="newly_issued"))
    assert verdicts(fresh, acked("2021-02-01T00:00:00Z"))[ACK] == "met"
    assert verdicts(fresh, acked(None))[ACK] == "unmet"
    old = "2021-02-01T00:00:00+00:00"
    renewed = plan(Prediction(path=ACK, kind="newly_issued", value=old))
    assert verdicts(renewed, acked("2021-02-01T00:00:00Z"))[ACK] == "unmet"
    assert verdicts(renewed, acked("2021-02-02T00:00:00Z"))[ACK] == "met"


@pytest.mark.parametrize(
    ("prediction", "state", "severity"),
    [
        (
            Prediction(path="policy.in_use", kind="newly_issued", value="Merged"),
            shows(licensing={"policy": {"in_use": "Merged"}}),
            "warning",  # an account without a policy of its own keeps the default
        ),
        (
            Prediction(path="trust.installed", kind="equals", value=False),
            shows(licensing={"trust": {"installed_on": READ_AT}}),
            "warning",  # a trust code too many harms nobody
        ),
        (
            Prediction(path="trust.installed", kind="equals", value=True),
            shows(licensing={"trust": {"installed_on": None}}),
            "failure",
        ),
        (Prediction(path=ACK, kind="newly_issued"), acked(None), "failure"),
    ],
)
def test_what_the_account_decides_is_a_warning(
    prediction: Prediction, state: RouterState, severity: str
) -> None:
    (found,) = verify(plan(prediction), state)
    assert (found.verdict, found.severity) == ("unmet", severity)


def test_unobservable_says_why_and_what_was_found() -> None:
    p = plan(Prediction(path="hostname", kind="unobservable", why="no source"))
    (found,) = verify(p, shows(hostname="a"))
    assert (found.verdict, found.found, found.why) == ("unobservable", "a", "no source")


def test_printed_as_none_is_not_the_same_as_not_printed() -> None:
    p = plan(Prediction(path=ACK, kind="equals", value=None))
    assert verdicts(p, acked(None))[ACK] == "met"
    assert verdicts(p, HIDDEN)[ACK] == "unobservable"


def test_the_end_overrides_what_holds_from_the_upgrade_on() -> None:
    p = plan(
        Prediction(path="transport.kind", kind="equals", value="cslu", moment="upgrade"),
        Prediction(path="hostname", kind="equals", value="a", moment="upgrade"),
        Prediction(path="transport.kind", kind="equals", value="smart", moment="end"),
    )
    assert {k: v.value for k, v in expected(p, "upgrade").items()} == {
        "transport.kind": "cslu", "hostname": "a",
    }  # fmt: skip
    assert {k: v.value for k, v in expected(p, "end").items()} == {
        "transport.kind": "smart", "hostname": "a",
    }  # fmt: skip


def licence(tag: str, **fields: Any) -> dict[str, Any]:
    return {"tag": tag, "status": "IN USE", **fields}


def test_a_licence_that_is_gone_is_one_finding() -> None:
    before = router(licensing=registered({**HSEC, "tag": "A_Hsec"}, {**PLAIN, "tag": "B"}))
    made = make_plan(before, target())
    after = arrived(made, before)
    assert after.licensing is not None
    kept = tuple(x for x in after.licensing.licenses or () if x.tag != "B")
    gone = after.model_copy(
        update={"licensing": after.licensing.model_copy(update={"licenses": kept})}
    )
    bad = [f for f in verify(made, gone) if f.verdict == "unmet"]
    assert [f.path for f in bad] == ["licenses[B].status"]
    assert "not there" in bad[0].why


def test_a_licence_that_nobody_foresaw_is_a_finding() -> None:
    p = plan(Prediction(path="licenses[A].status", kind="equals", value="IN USE"))
    state = shows(licensing={"licenses": [licence("A"), licence("B")]})
    found = [f for f in verify(p, state) if f.verdict == "unforeseen"]
    assert [(f.path, f.severity) for f in found] == [("licenses[B].status", "warning")]


def test_lic_11_cut_tags_are_the_same_licence() -> None:
    p = plan(Prediction(path="licenses[ISR_4351_UnifiedCommunication].status", kind="equals",
                        value="IN USE"))  # fmt: skip
    state = shows(licensing={"licenses": [licence("ISR_4351_UnifiedCommun...")]})
    assert [f.verdict for f in verify(p, state)] == ["met"]


def test_lic_11_a_classic_licence_is_found_by_its_feature() -> None:
    before = router(licensing=csl(feature("brand_new", RTU)))
    made = make_plan(before, target())
    rows = [licence("ANY_TAG", feature_name="brand_new")]
    state = shows(licensing={"slp": "ENABLED", "licenses": rows})
    assert verdicts(made, state)["licenses[feature:brand_new].status"] == "met"


def with_config(*lines: str) -> RouterState:
    return router(licensing=slp(PLAIN), config=lines, read_at=READ_AT)


def test_f41_each_lost_configuration_line_is_a_finding() -> None:
    before = router(
        licensing=registered(PLAIN),
        config=("license boot level securityk9", "ip name-server 192.0.2.1", "hostname a"),
    )
    made = make_plan(before, target())
    found = _config_findings(made, with_config("hostname a"))
    assert [(f.path, f.verdict, f.severity) for f in found] == [
        ("config[license boot level securityk9]", "unforeseen", "warning"),
        ("config[ip name-server 192.0.2.1]", "unforeseen", "warning"),
    ]
    assert "gone from the running configuration" in found[0].why
    assert _config_findings(made, with_config(*before.config or ())) == []


def test_f41_what_a_step_writes_anew_is_not_lost_and_says_why() -> None:
    before = plan(
        Prediction(path="hostname", kind="equals", value="a"),
        before={"config": ["license smart transport callhome", "boot system x"]},
        steps=(StepSpec(id="1", kind="topology", title="t", params=least_params("topology")),),
    )
    anew, lost = _config_findings(before, with_config("license smart transport smart"))
    assert (anew.path, anew.verdict) == ("config[license smart transport callhome]", "met")
    assert (
        anew.why == "the line may go: the topology of the plan writes these lines (A (topologies))"
    )
    assert (lost.path, lost.verdict) == ("config[boot system x]", "unforeseen")


@pytest.mark.parametrize(("model", "verdict"), [("MODEL-EVAL", "met"), ("MODEL-SLP", "unforeseen")])
def test_f41_what_the_upgrade_itself_changes_is_data(model: str, verdict: str) -> None:
    made = plan(
        Prediction(path="hostname", kind="equals", value="a"),
        before={"config": ["license smart transport smart"]},
    ).model_copy(update={"model": model})
    (found,) = _config_findings(made, with_config("hostname a"))
    assert found.verdict == verdict


def test_f41_every_reason_names_known_steps_and_models() -> None:
    for row in builtin_rules().config_changes:
        assert row.steps or row.models, row.id
        assert set(row.steps) <= set(step_kinds())
        assert set(row.models) <= {model.value for model in Model}
        assert row.why
        assert row.source


def _config_findings(p: RouterPlan, state: RouterState) -> list[Finding]:
    return [f for f in verify(p, state) if f.path.startswith("config[")]


def test_f35_a_reserved_router_back_in_evaluation_is_seen() -> None:
    from kit.states import evaluating, reserved

    made = make_plan(router(licensing=reserved(HSEC)), target(kind="airgap"))
    fallen = router(release="17.3.2", licensing=evaluating(PLAIN), read_at=READ_AT)
    assert verdicts(made, fallen)["model"] == "unmet"


def test_f38_fallen_throughput_is_seen_with_its_rule() -> None:
    before = router(licensing=registered(HSEC), throughput={"crypto": "unthrottled"})
    made = make_plan(before, target())
    after = router(release="17.3.2", licensing=slp(HSEC), throughput={"crypto": 250_000})
    (found,) = [f for f in verify(made, after) if f.path == "throughput.crypto"]
    assert (found.verdict, found.rules) == ("unmet", ("THR-2",))


def test_saved_outputs_are_judged_each_by_the_moment_it_fits_best_and_say_so() -> None:
    early = Prediction(path=ACK, kind="equals", value=None, moment="upgrade")
    late = Prediction(path=ACK, kind="newly_issued", moment="end")
    kept = Prediction(path="hostname", kind="equals", value="a", moment="upgrade")
    p = plan(early, late, kept)
    saved = acked(None).model_copy(update={"read_at": None})
    saved = RouterState.from_json({k: v for k, v in saved.to_json().items() if k != "read_at"})
    found = {f.path: f for f in verify(p, saved)}
    assert found[ACK].verdict == "met"
    assert found["moment"].severity == "warning"
    assert verdicts(p, acked(None))[ACK] == "unmet"  # a live router is judged by the end


@pytest.mark.parametrize("moment", ["upgrade", "end", "captured"])
def test_a_plan_without_predictions_finds_nothing(moment: Any) -> None:
    assert verify(plan(), shows(hostname="a"), moment=moment) == ()


def test_observe_names_evidence_where_the_state_has_it() -> None:
    evidence = {"hostname": {"command": "show version", "lines": [3]}}
    seen = observe(shows(hostname="a", evidence=evidence))["hostname"]
    assert seen.evidence is not None
    assert (seen.evidence.command, seen.evidence.lines) == ("show version", (3,))


def test_up_4_a_router_that_shows_nothing_is_not_as_predicted() -> None:
    """Nothing met and nothing unmet is no proof: model, release and identity must be seen."""
    for scenario in MIGRATIONS:
        plan = plan_of(scenario)
        for seen in (RouterState(name="r1"), HIDDEN):
            findings = verify(plan, seen)
            failed = {f.path for f in findings if f.verdict == "unmet" and f.severity == "failure"}
            assert {"model", "release"} <= failed, scenario
            assert any("did not show" in f.why for f in findings)
