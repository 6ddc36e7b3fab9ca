"""The ASR 900 family: B9 rules, DOWN-5, and the captures a1 to a7 of its guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.classic import DIRECT, planned, state_of
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.release import Release
from slp_core.rules import classic, load_rules
from slp_core.rules.classic import ClassicMode
from slp_core.state import Boot, RouterState
from slp_core.targets import Target
from slp_core.verify import observe, verify
from slp_core.verify.captured import fit
from slp_core.verify.shown import Shown

# scenario, variants of before and after, target, facts that no output shows
MIGRATIONS = {
    "a2_asr920_license_modes": (None, None, {"classic": "smart"}, {}),
    "a3_asr920_smart_upgrade_1703_1707": (None, None, {"release": "17.7.1"}, {}),
    "a4_asr920_smart_downgrade_1707_1703": (None, None, {"release": "17.3.4"}, {}),
    "a5_asr920_csl_to_nolicense": (None, None, {"release": "17.7.1"}, {}),
    "a6_asr920_nolicense_to_csl": (None, None, {"release": "16.6.10"}, {}),
    "a7_asr920_pak_snapshot": (None, "no_license_mode", {"release": "17.8.1"}, {}),
}


@pytest.mark.parametrize("scenario", MIGRATIONS)
def test_what_the_guide_shows_after_was_predicted(scenario: str) -> None:
    _, variant, target, _ = MIGRATIONS[scenario]
    plan, post = planned(scenario, **target), state_of(scenario, "post", variant)
    findings = verify(plan, post, moment="captured")
    assert [f for f in findings if f.verdict in ("unmet", "unforeseen")] == []
    assert sum(f.verdict == "met" for f in findings) >= 3


@pytest.mark.parametrize("scenario", MIGRATIONS)
def test_all_that_the_guide_shows_after_is_covered(scenario: str) -> None:
    _, variant, target, _ = MIGRATIONS[scenario]
    plan, post = planned(scenario, **target), state_of(scenario, "post", variant)
    shown = Shown(observe(post), post, plan.predictions)
    covered = {shown.resolve(p.path) for p in plan.predictions}
    assert set(observe(post)) - covered == set()


@pytest.mark.parametrize(
    ("scenario", "field", "wrong", "path"),
    [
        ("a2_asr920_license_modes", "license_type", "No License Mode", "license_type"),
        ("a5_asr920_csl_to_nolicense", "license_level", "metroaccess", "license_level"),
        ("a6_asr920_nolicense_to_csl", "license_level", "metroaccess", "license_level"),
        ("a7_asr920_pak_snapshot", "license_level", "metroaccess", "license_level"),
    ],
)
def test_one_altered_fact_is_found(scenario: str, field: str, wrong: str, path: str) -> None:
    _, variant, target, _ = MIGRATIONS[scenario]
    plan, post = planned(scenario, **target), state_of(scenario, "post", variant)
    assert post.licensing is not None
    altered = post.model_copy(
        update={"licensing": post.licensing.model_copy(update={field: wrong})}
    )
    found = {f.path for f in verify(plan, altered, moment="captured") if f.verdict == "unmet"}
    assert path in found
    assert found <= {path, "classic.mode"}


def test_a7_in_smart_mode_comes_up_unregistered() -> None:
    plan = planned("a7_asr920_pak_snapshot", release="17.8.1", classic="smart")
    post = state_of("a7_asr920_pak_snapshot", "post")
    findings = verify(plan, post, moment="captured")
    assert [f for f in findings if f.verdict in ("unmet", "unforeseen")] == []
    met = {f.path for f in findings if f.verdict == "met"}
    assert {"license_type", "classic.mode", "registration.status"} <= met


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [("renew", ["renew", "renew"]), ("deregister", ["deregister"])],
)
def test_a1_is_renewed_and_deregistered_by_a_step(wanted: str, kinds: list[str]) -> None:
    plan = planned("a1_asr920_registered_2016", release=None, classic=wanted)
    steps = [s for s in plan.steps if "B9-6" in s.reasons]
    assert [s.kind for s in steps] == kinds
    assert not [s for s in plan.steps if s.kind == "person"]


def test_a1_is_registered_already() -> None:
    registered = planned("a1_asr920_registered_2016", classic="register")
    assert registered.steps == ()  # it is registered already


def test_model_classic_wins_over_whatever_the_outputs_say() -> None:
    assert planned("a1_asr920_registered_2016").model == "MODEL-CLASSIC"


@pytest.mark.parametrize(
    ("before", "release", "after"),
    [
        (ClassicMode.TRADITIONAL, "17.6.99", ClassicMode.TRADITIONAL),
        (ClassicMode.TRADITIONAL, "17.7.1", ClassicMode.NO_LICENSE),
        (ClassicMode.NO_LICENSE, "17.7.1", ClassicMode.NO_LICENSE),
        (ClassicMode.NO_LICENSE, "17.6.99", ClassicMode.TRADITIONAL),
        (ClassicMode.SMART, "17.3.4", ClassicMode.SMART),
        (ClassicMode.SMART, "17.11.1", ClassicMode.SMART),
    ],
)
def test_b9_2_and_down_5_modes_across_17_7_1(
    before: ClassicMode, release: str, after: ClassicMode
) -> None:
    assert classic.mode_after(before, Release.parse(release)) is after


@pytest.mark.parametrize(
    ("release", "takes"),
    [("17.7.1", False), ("17.8.1", True), ("17.10.9", True), ("17.11.1", False)],
)
def test_b9_3_the_snapshot_is_taken_from_17_8_1_to_17_10(release: str, takes: bool) -> None:
    assert classic.takes_snapshot(Release.parse(release)) is takes


@pytest.mark.parametrize(
    ("before", "after", "skips"),
    [
        ("16.6.10", "17.10.1a", False),
        ("16.6.10", "17.11.1", True),
        ("17.7.1", "17.11.1", True),
        ("17.8.1", "17.11.1", False),
    ],
)
def test_b9_3_going_straight_past_is_a_blocker_with_the_stop_as_remedy(
    before: str, after: str, skips: bool
) -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    state = state.model_copy(update={"release": Release.parse(before)})
    plan = make_plan(state, Target(release=after, topology=DIRECT))
    blockers = [n for n in plan.blockers if n.rule == "B9-3"]
    assert bool(blockers) is skips
    assert all("17.8.1" in n.remedy and "stop" in n.remedy for n in blockers)
    allowed = make_plan(
        state, Target(release=after, topology=DIRECT, allow={"B9-3": "no PAK there"})
    )
    assert not [n for n in allowed.blockers if n.rule == "B9-3"]


STOP = {"release": "17.9.4a", "image": {"name": "asr920-universalk9.17.09.04a.SPA.bin"}}


def _past(release: str = "17.11.1", **target: object) -> RouterPlan:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    state = state.model_copy(update={"release": Release.parse("17.3.4")})
    image = {"name": f"asr920-universalk9.{release}.bin"}
    fields = {"release": release, "image": image, "topology": DIRECT, **target}
    return make_plan(state, Target.model_validate(fields))


def test_b9_3_a_named_image_makes_the_upgrade_two_with_the_snapshot_looked_at_between() -> None:
    plan = _past(stop=STOP)
    assert not [n for n in plan.blockers if n.rule == "B9-3"]
    (note,) = [n for n in plan.notices if n.rule == "B9-3"]
    assert note.severity == "note"
    assert "17.9.4a" in note.text
    kinds = [s.kind for s in plan.steps]
    one = ["stage_image", "save_config", "install_add",
           "install_activate", "install_commit", "verify"]  # fmt: skip
    assert kinds == [
        "preflight", "backup", *one, *one, "save_config", "verify",
    ]  # fmt: skip
    stages = [s.params.release for s in plan.steps if s.kind == "install_activate"]
    assert stages == ["17.9.4a", "17.11.1"]
    images = [s.params.image.name for s in plan.steps if s.kind == "stage_image"]
    assert images == [STOP["image"]["name"], "asr920-universalk9.17.11.1.bin"]  # type: ignore[index]
    moments = [s.params.moment for s in plan.steps if s.kind == "verify"]
    assert moments == ["stop", "upgrade", "end"]
    at_the_stop = {p.path: p.value for p in plan.predictions if p.moment == "stop"}
    assert at_the_stop["release"] == "17.9.4a"
    assert at_the_stop["classic.mode"] == "no-license"
    assert at_the_stop["pak_snapshot"] == ["advancedmetroipaccess"]


def test_b9_3_the_first_upgrade_is_done_with_for_a_router_that_is_past_it() -> None:
    """Applied again, a plan must not lead a router back to its stop."""
    plan = _past(stop=STOP)
    first = plan.steps[2:8]
    assert {s.params.beyond for s in first} == {"17.11.1"}
    assert not [s for s in (*plan.steps[:2], *plan.steps[8:]) if s.params.beyond]


def test_b9_3_a_router_at_its_stop_is_held_against_what_the_stop_should_show() -> None:
    plan = _past(stop=STOP)
    at = state_of("a7_asr920_pak_snapshot", "post", "no_license_mode")
    at = at.model_copy(update={"release": Release.parse("17.9.4a")})
    findings = {f.path: f.verdict for f in verify(plan, at, moment="stop")}
    assert {findings[p] for p in ("release", "classic.mode", "pak_snapshot")} == {"met"}
    assert at.licensing is not None
    lost = at.licensing.model_copy(update={"pak_snapshot": ()})
    found = verify(plan, at.model_copy(update={"licensing": lost}), moment="stop")
    assert [f.path for f in found if f.verdict == "unmet"] == ["pak_snapshot"]


@pytest.mark.parametrize(
    ("release", "stops"),
    [("17.7.1", False), ("17.8.1", True), ("17.10.1", True), ("17.11.1", False)],
)
def test_b9_3_only_a_release_that_takes_the_snapshot_is_a_stop(release: str, stops: bool) -> None:
    plan = _past("17.12.1", stop={"release": release, "image": {"name": f"x.{release}.bin"}})
    assert bool([n for n in plan.blockers if n.rule == "B9-3"]) is not stops
    assert ("stop" in [s.params.moment for s in plan.steps if s.kind == "verify"]) is stops


def test_b9_3_a_target_that_is_no_further_needs_no_stop() -> None:
    plan = _past("17.10.1", stop=STOP)
    assert [s.params.moment for s in plan.steps if s.kind == "verify"] == [
        "upgrade", "end",
    ]  # fmt: skip
    shown = {p.path: p.value for p in plan.predictions if p.moment == "upgrade"}
    assert shown["pak_snapshot"] == ["advancedmetroipaccess"]


def test_b9_3_users_may_name_the_stop_in_their_own_rule_data(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "snapshot_stop: 17.9.4a\n"
        "platforms: [{id: asr900, image: 'asr920-universalk9.{release}.SPA.bin'}]\n"
    )
    state = state_of("a7_asr920_pak_snapshot", "pre")
    state = state.model_copy(update={"release": Release.parse("17.3.4")})
    plan = make_plan(state, Target(release="17.12.1", topology=DIRECT), rules=load_rules(own))
    images = [s.params.image.name for s in plan.steps if s.kind == "stage_image"]
    assert images == ["asr920-universalk9.17.09.04a.SPA.bin", "asr920-universalk9.17.12.01.SPA.bin"]


def test_b9_3_bundle_mode_stops_by_the_boot_variable() -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    update = {"release": Release.parse("17.3.4"), "boot": Boot(mode="bundle")}
    wanted = Target.model_validate({"release": "17.11.1", "image": {"name": "new.bin"},
                                    "topology": DIRECT, "stop": STOP})  # fmt: skip
    plan = make_plan(state.model_copy(update=update), wanted)
    reloads = [s.params.release for s in plan.steps if s.kind == "reload"]
    assert reloads == ["17.9.4a", "17.11.1"]
    boots = [s.params.file for s in plan.steps if s.kind == "boot_variable"]
    assert boots == [f"bootflash:{STOP['image']['name']}", "bootflash:new.bin"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("release", "wants"), [("17.7.9", True), ("17.8.0", True), ("17.8.1", False)]
)
def test_b9_1_the_boot_level_is_configured_before_17_8_1(release: str, wants: bool) -> None:
    assert classic.wants_boot_level(Release.parse(release)) is wants


def test_b9_1_a_missing_boot_level_blocks_and_an_unseen_one_warns() -> None:
    state = state_of("a5_asr920_csl_to_nolicense", "pre")
    target = Target(release="17.7.1", topology=DIRECT)
    unseen = make_plan(state, target)
    assert {n.severity for n in unseen.notices if n.rule == "B9-1"} == {"warning"}
    bare = make_plan(state.model_copy(update={"config": ("hostname asr",)}), target)
    assert {n.severity for n in bare.notices if n.rule == "B9-1"} == {"blocker"}
    line = ("license boot level metroaggrservices",)
    good = make_plan(state.model_copy(update={"config": line}), target)
    assert not [n for n in good.notices if n.rule == "B9-1"]


@pytest.mark.parametrize(("release", "has"), [("17.8.0", False), ("17.8.1", True)])
def test_b9_4_slr_from_17_8_1(release: str, has: bool) -> None:
    assert classic.reserves(Release.parse(release)) is has


def test_b9_5_and_b9_15_disabling_smart_needs_the_operators_word() -> None:
    plan = planned("a4_asr920_smart_downgrade_1707_1703", classic="no-license")
    assert [n.rule for n in plan.blockers] == ["B9-15"]
    assert plan.blockers[0].overridable
    kinds = [s.kind for s in plan.steps if "B9-5" in s.reasons]
    assert kinds == ["mode_switch", "save_config", "reload"]
    # the router runs its release already: with one to reach, the reload would be skipped
    assert next(s for s in plan.steps if s.kind == "reload").params.release is None
    assert {"B9-17"} <= {n.rule for n in plan.notices}


def test_b9_6_and_b9_9_registering_is_a_step_that_names_its_token() -> None:
    plan = planned("a4_asr920_smart_downgrade_1707_1703", classic="register")
    step = next(s for s in plan.steps if s.kind == "register")
    assert {"B9-6", "B9-9"} <= set(step.reasons)
    assert step.params.to_json() == {"token": "env:SLP_TOKEN", "force": False}
    assert step.waits_for == "service"


def test_b9_9_17_8_1_is_noted_and_17_9_1_is_not() -> None:
    for release, noted in (("17.8.1", True), ("17.9.1", False)):
        plan = planned("a3_asr920_smart_upgrade_1703_1707", release=release)
        assert ("B9-9" in {n.rule for n in plan.notices}) is noted


@pytest.mark.parametrize(
    ("release", "smart"), [("17.0.9", None), ("17.1.1", False), ("17.2.9", False), ("17.3.1", True)]
)
def test_b9_11_support_matrix(release: str, smart: bool | None) -> None:
    assert classic.runs_smart(Release.parse(release)) is smart


def test_b9_11_smart_to_a_release_without_it_is_blocked() -> None:
    plan = planned("a3_asr920_smart_upgrade_1703_1707", release="17.2.1")
    assert "B9-11" in {n.rule for n in plan.blockers}


@pytest.mark.parametrize(("release", "command"), [("17.6.1", True), ("17.6.2", False)])
def test_b9_2_smart_is_enabled_by_command_up_to_17_6_1(release: str, command: bool) -> None:
    assert classic.enables_smart(Release.parse(release)) is command


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("OUT OF COMPLIANCE on Feb 01", "buy"),
        ("EVAL MODE", "register"),
        ("EVAL EXPIRED", "register"),
        ("GRACE PERIOD", "connection"),
        ("AUTHORIZED on Feb 01", "nothing"),
    ],
)
def test_b9_12_every_authorization_state_has_its_remedy(status: str, word: str) -> None:
    assert word in (classic.remedy_of(status) or "")
    assert classic.remedy_of("something new") is None


@pytest.mark.parametrize(
    ("release", "level"),
    [
        ("17.7.1", "metroaccess"),
        ("17.7.2", "metroaccess"),
        ("17.8.1", "advancedmetroipaccess"),
        ("17.10.1", "advancedmetroipaccess"),
        ("17.11.1", "metroaccess"),
        ("17.15.3", "metroaccess"),
    ],
)
def test_b9_16_the_level_of_a_permanent_licence_counts_from_17_8_1_to_17_10_alone(
    release: str, level: str
) -> None:
    plan = planned("a7_asr920_pak_snapshot", release=release)
    shown = {p.path: p for p in plan.predictions if p.moment == "upgrade"}["license_level"]
    assert (shown.kind, shown.value) == ("equals", level)
    assert "B9-16" in shown.rules
    lost = [n for n in plan.blockers if n.rule == "B9-16"]
    assert bool(lost) is (level == "metroaccess")
    assert all(n.overridable and "advancedmetroipaccess" in n.text for n in lost)
    assert all("deposit the PAK" in n.remedy and "factory-reset" in n.remedy for n in lost)


@pytest.mark.parametrize("release", ["17.7.1", "17.11.1"])
def test_b9_16_a_level_that_is_lost_or_kept_otherwise_is_found(release: str) -> None:
    plan = planned("a7_asr920_pak_snapshot", release=release)
    post = state_of("a7_asr920_pak_snapshot", "post", "no_license_mode")
    assert post.licensing is not None
    for level, unmet in (("metroaccess", False), ("advancedmetroipaccess", True)):
        now = post.licensing.model_copy(update={"license_level": level})
        shown = post.model_copy(update={"licensing": now, "release": Release.parse(release)})
        found = {f.path for f in verify(plan, shown, moment="upgrade") if f.verdict == "unmet"}
        assert ("license_level" in found) is unmet


def test_b9_16_a_configured_level_is_kept_and_said_to_be_unsure() -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    line = ("license boot level advancedmetroipaccess",)
    for known, target in (
        (state.model_copy(update={"config": line}), {}),
        (state.model_copy(update={"config": ()}), {"boot_level": "advancedmetroipaccess"}),
    ):
        wanted = Target.model_validate({"release": "17.7.1", "topology": DIRECT, **target})
        plan = make_plan(known, wanted)
        shown = {p.path: p.value for p in plan.predictions}
        assert shown["license_level"] == "advancedmetroipaccess"
        assert {n.severity for n in plan.notices if n.rule == "B9-16"} == {"warning"}
        sets = [s.params.boot_level for s in plan.steps if s.kind == "throughput"]
        assert sets == ([target["boot_level"]] if target else [])


def test_b9_16_metroaccess_itself_is_never_lost() -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    data = state.to_json()
    data["licensing"]["csl_features"][0]["feature"] = "metroaccess"
    plan = make_plan(RouterState.from_json(data), Target(release="17.7.1", topology=DIRECT))
    assert "B9-16" not in {n.rule for n in plan.notices}


def test_b9_16_a_recorded_level_past_the_stop_is_predicted_and_said_to_be_unsure() -> None:
    plan = _past("17.12.1", stop=STOP)
    shown = {p.path: p.value for p in plan.predictions if p.moment == "upgrade"}
    assert shown["license_level"] == "advancedmetroipaccess"
    assert {n.severity for n in plan.notices if n.rule == "B9-16"} == {"warning"}


def test_b9_16_a_mode_switch_without_a_configured_level_loses_it() -> None:
    """The kind: wherever a default boots, the level is predicted, and looked for."""
    state = state_of("a7_asr920_pak_snapshot", "pre").model_copy(
        update={"config": ("hostname asr",), "release": Release.parse("17.3.4")}
    )
    plan = make_plan(state, Target(topology=DIRECT, classic="smart"))
    ends = {p.path: p.value for p in plan.predictions if p.moment == "end"}
    assert ends["license_level"] == "metroaccess"
    assert "B9-1" in {n.rule for n in plan.notices}


def test_b9_18_deregistered_is_evaluation() -> None:
    plan = planned("a1_asr920_registered_2016", classic="deregister")
    found = {p.path: p.value for p in plan.predictions if p.kind == "equals"}
    assert found["registration.status"] == "UNREGISTERED"
    assert found["authorization_status"] == "EVAL MODE"


def test_b9_20_two_processors_with_paks_are_warned_of() -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre")
    pair = RouterState.from_json({**state.to_json(), "redundancy": {"processors": 2}})
    plan = make_plan(pair, Target(release="17.7.1", topology=DIRECT))
    assert "B9-20" in {n.rule for n in plan.notices}
    assert "B9-20" not in {
        n.rule for n in make_plan(state, Target(release="17.7.1", topology=DIRECT)).notices
    }


def test_the_predictions_of_a_classic_router_are_those_it_is_held_against() -> None:
    plan = planned("a5_asr920_csl_to_nolicense", release="17.7.1")
    chosen = fit(plan, state_of("a5_asr920_csl_to_nolicense", "post")).predictions
    assert chosen["classic.mode"].value == "no-license"
