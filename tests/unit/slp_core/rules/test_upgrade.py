"""UP, READY, DOWN and ONPREM rules: releases, images, readiness, and the ways back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.states import (
    CSR,
    HSEC,
    ISR,
    PAK,
    PLAIN,
    RTU,
    RULES,
    csl,
    evaluating,
    feature,
    platform,
    registered,
    reserved,
    router,
    slp,
    target,
)  # fmt: skip
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan
from slp_core.release import Release
from slp_core.rules import load_rules
from slp_core.rules.upgrade import min_slp, server_is_old
from slp_core.targets import Image
from slp_core.verify import expected, verify


def of(plan: RouterPlan, rule: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule == rule]


@pytest.mark.parametrize(
    ("pid", "release", "blocked"),
    [
        ("ISR4351/K9", "17.3.1a", True),
        ("ISR4351/K9", "17.3.2", False),
        ("C1111-8PLTEEAWB", "17.3.1", True),
        ("C1111-8PLTEEAWB", "17.3.2", False),
        ("CSR1000V", "17.3.9", True),
        ("CSR1000V", "17.4.1a", False),
        ("C8200-1N-4T", "17.3.9", True),
        ("C8200-1N-4T", "17.4.1", False),
    ],
)
def test_up_1_first_release_of_each_platform(pid: str, release: str, blocked: bool) -> None:
    plan = make_plan(router(pid, licensing=evaluating(PLAIN)), target(release))
    assert bool([n for n in plan.blockers if n.rule == "UP-1"]) is blocked


def test_up_1_virtual_routers_take_a_catalyst_8000v_image() -> None:
    state = router(CSR, licensing=evaluating(PLAIN))
    wrong = make_plan(
        state, target("17.6.1", image=Image(name="csr1000v-universalk9.17.06.01.bin"))
    )
    assert "Catalyst 8000V" in of(wrong, "UP-1")[0].text
    right = make_plan(state, target("17.6.1", image=Image(name="c8000v-universalk9.SSA.bin")))
    assert of(right, "UP-1") == []
    end = expected(right, "end")
    assert end["udi.pid"].value == "CSR1000V"  # it stays, whatever the image is called
    assert min_slp(platform(CSR), RULES) == Release(17, 4, 1)


def test_up_1_an_image_of_another_family_is_refused_and_may_be_allowed() -> None:
    wishes: dict[str, Any] = {"image": Image(name="isr4400-universalk9.17.03.02.SPA.bin")}
    plan = make_plan(router(ISR, licensing=evaluating(PLAIN)), target(**wishes))
    assert [n.rule for n in plan.blockers] == ["UP-1"]
    allowed = target(**wishes, allow={"UP-1": "tested"})
    assert make_plan(router(ISR, licensing=evaluating(PLAIN)), allowed).blockers == ()


def test_up_1_an_image_of_an_unknown_name_is_only_warned_of() -> None:
    wishes: dict[str, Any] = {"image": Image(name="asr1k-special.17.03.02.SPA.bin")}
    plan = make_plan(router("ASR1001-X", licensing=evaluating(PLAIN)), target(**wishes))
    assert [n.severity for n in of(plan, "UP-1")] == ["warning"]


def test_up_1_a_last_release_comes_from_the_users_own_data(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("platforms:\n  - {id: isr4300, max_release: 17.9.9}\n")
    rules = load_rules(own)
    state = router(ISR, licensing=evaluating(PLAIN))
    assert of(make_plan(state, target("17.9.9"), rules=rules), "UP-1") == []
    assert of(make_plan(state, target("17.10.1"), rules=rules), "UP-1")[0].severity == "blocker"


def test_up_1_an_unknown_pid_is_planned_with_a_warning() -> None:
    image = Image(name="new9000-universalk9.17.03.02.SPA.bin")
    plan = make_plan(router("NEW-9000", licensing=registered(PLAIN)), target(image=image))
    assert of(plan, "UP-1")[0].severity == "warning"
    assert plan.blockers == ()
    assert plan.steps


def test_ready_5_platforms_from_memory_are_marked() -> None:
    plan = make_plan(router("C8500L-8S4X", "17.3.2", licensing=registered(PLAIN)), target("17.4.1"))
    assert "not verified" in of(plan, "READY-5")[0].source
    sure = make_plan(router(ISR, licensing=registered(PLAIN)), target())
    assert of(sure, "READY-5") == []


@pytest.mark.parametrize(
    ("boot", "kinds"),
    [
        ({"mode": "install"}, ["install_add", "install_activate",
                               "install_commit"]),
        ({"mode": "bundle"}, ["boot_variable", "reload"]),
        ({"image": "bootflash:packages.conf"}, ["install_add",
                               "install_activate", "install_commit"]),
        ({"image": "bootflash:x.bin"}, ["boot_variable", "reload"]),
    ],
)  # fmt: skip
def test_up_2_each_boot_mode_in_its_own_way(boot: dict[str, str], kinds: list[str]) -> None:
    plan = make_plan(router(licensing=registered(HSEC), boot=boot), target())
    ways = {"install_add", "install_activate", "install_commit",
            "boot_variable", "reload"}  # fmt: skip
    assert [s.kind for s in plan.steps if s.kind in ways] == kinds
    assert of(plan, "UP-2") == []


def test_up_2_an_unseen_boot_mode_is_assumed_and_said() -> None:
    plan = make_plan(router(licensing=registered(HSEC)), target())
    assert of(plan, "UP-2")[0].severity == "warning"


@pytest.mark.parametrize(
    ("register", "blocked"), [("0x2102", False), ("0x2142", True), ("0x0", True)]
)
def test_up_3_config_register(register: str, blocked: bool) -> None:
    state = router(licensing=registered(PLAIN), boot={"config_register": register})
    assert bool([n for n in make_plan(state, target()).blockers if n.rule == "UP-3"]) is blocked


def test_up_3_an_uncommitted_install_blocks() -> None:
    def with_state(letter: str) -> RouterPlan:
        package = {"kind": "IMG", "state": letter, "version": "17.3.1.0.1"}
        install = {"packages": [package]}
        return make_plan(router(licensing=registered(PLAIN), install=install), target())

    assert "not committed" in with_state("U").blockers[0].text
    assert with_state("C").blockers == ()


@pytest.mark.parametrize(
    ("mode", "there", "free", "blocked"),
    [
        ("install", False, 2000, False),
        ("install", False, 1999, True),
        ("install", True, 1000, False),
        ("install", True, 999, True),
        ("bundle", False, 1000, False),
        ("bundle", False, 999, True),
        ("bundle", True, 0, False),
    ],
)
def test_up_3_free_space(mode: str, there: bool, free: int, blocked: bool) -> None:
    image = Image(name="isr4300-universalk9.bin", size=1000)
    files = [{"name": image.name, "size": 1000}] if there else []
    flash = [{"filesystem": "bootflash:", "free": free, "files": files}]
    state = router(licensing=registered(PLAIN), boot={"mode": mode}, storage=flash)
    plan = make_plan(state, target(image=image))
    assert bool([n for n in plan.blockers if "bytes free" in n.text]) is blocked


@pytest.mark.parametrize(
    ("redundancy", "blocked"),
    [
        ({"configured_mode": "sso", "operating_mode": "sso", "processors": 2,
          "peer_state": "STANDBY HOT"}, False),
        ({"configured_mode": "sso", "operating_mode": "rpr"}, True),
        ({"processors": 2, "peer_state": "STANDBY COLD"}, True),
        ({"processors": 1, "peer_state": "DISABLED"}, False),
    ],
)  # fmt: skip
def test_up_3_redundancy(redundancy: dict[str, Any], blocked: bool) -> None:
    plan = make_plan(router(licensing=registered(PLAIN), redundancy=redundancy), target())
    assert bool(plan.blockers) is blocked


def test_up_3_without_a_source_the_image_is_expected_on_flash() -> None:
    plan = make_plan(router(licensing=registered(PLAIN)), target())
    assert "expected on the router" in of(plan, "UP-3")[0].text
    stage = next(s for s in plan.steps if s.kind == "stage_image")
    assert stage.params.image.to_json() == {"name": "isr4300-universalk9.17.03.02.SPA.bin"}


@pytest.mark.parametrize(
    ("found", "wanted", "verdict"),
    [
        ("17.4.1a", "17.4.1", "met"),
        ("17.4.1", "17.4.1a", "unmet"),
        ("17.4.2", "17.4.1", "unmet"),
        ("17.4.1a", "17.4.1a", "met"),
        ("16.12.9", "16.12.09", "met"),
    ],
)
def test_up_4_a_rebuild_counts_only_where_the_target_names_none(
    found: str, wanted: str, verdict: str
) -> None:
    plan = make_plan(router(release="16.9.1", licensing=registered(PLAIN)), target(wanted))
    after = router(release=found, licensing=slp(PLAIN), read_at="2021-03-01T00:00:00Z")
    assert {f.path: f.verdict for f in verify(plan, after)}["release"] == verdict


def test_up_4_done_means_committed() -> None:
    plan = make_plan(router(licensing=registered(PLAIN)), target())
    for letter, verdict in (("U", "unmet"), ("C", "met")):
        package = {"kind": "IMG", "state": letter, "version": "17.03.02"}
        after = router(release="17.3.2", licensing=slp(PLAIN), install={"packages": [package]})
        found = {f.path: f.verdict for f in verify(plan, after, moment="upgrade")}
        assert found["install.uncommitted"] == verdict


def test_up_4_without_any_release_there_is_nothing_to_plan() -> None:
    plan = make_plan(router(release=None, licensing=registered(PLAIN)), target(None))
    assert [(n.rule, n.overridable) for n in plan.blockers] == [("UP-4", False)]


VOICE = {"tag": "CUBE_T_STD", **PLAIN}
PACKAGE = {"tag": "ISR_4351_UnifiedCommunication", **PLAIN}


@pytest.mark.parametrize(
    ("release", "licence", "severity"),
    [
        ("17.3.2", VOICE, "blocker"),
        ("17.3.4a", VOICE, "blocker"),
        ("17.3.4", VOICE, None),
        ("17.4.1a", VOICE, "blocker"),
        ("17.5.1", VOICE, "blocker"),
        ("17.6.1", VOICE, None),
        ("17.6.1a", VOICE, "blocker"),
        ("17.9.1", VOICE, None),
        ("17.3.2", PACKAGE, "warning"),
        ("17.3.2", PLAIN, None),
    ],
)
def test_up_5_voice_blocks_only_where_voice_licences_are_in_use(
    release: str, licence: dict[str, Any], severity: str | None
) -> None:
    plan = make_plan(router(licensing=registered(licence)), target(release))
    found = [n.severity for n in of(plan, "UP-5") if "VOICE-ACK" in n.text]
    assert found == ([severity] if severity else [])


def test_up_5_voice_in_the_configuration_counts_too() -> None:
    config = ("voice service voip", "license boot level x")
    plan = make_plan(router(licensing=registered(PACKAGE), config=config), target())
    assert [n.severity for n in of(plan, "UP-5") if "VOICE-ACK" in n.text] == ["blocker"]
    quiet = make_plan(router(licensing=registered(PACKAGE), config=("hostname x",)), target())
    assert [n for n in of(quiet, "UP-5") if "VOICE-ACK" in n.text] == []


@pytest.mark.parametrize(
    ("release", "listed"),
    [("17.3.2", False), ("17.3.2a", True), ("17.3.6", True), ("17.3.7", False),
     ("17.6.4", True), ("17.6.5", False), ("17.9.1", False)],
)  # fmt: skip
def test_up_5_usage_pile_up_is_a_warning_with_the_fix(release: str, listed: bool) -> None:
    plan = make_plan(router(licensing=registered(PLAIN)), target(release))
    found = [n for n in of(plan, "UP-5") if "FN72578" in n.text]
    assert bool(found) is listed
    assert all(n.severity == "warning" and "choose" in n.remedy for n in found)


@pytest.mark.parametrize(
    ("release", "kind", "warned"),
    [
        ("17.3.3", "direct", True),
        ("17.3.4", "direct", False),
        ("17.4.1a", "direct", True),
        ("17.4.2", "direct", False),
        ("17.3.3", "cslu", False),
        ("17.3.3", "airgap", False),
    ],
)
def test_up_5_the_root_certificate_counts_for_connected_routers(
    release: str, kind: str, warned: bool
) -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target(release, kind))
    assert bool([n for n in of(plan, "UP-5") if "ROOT-CA" in n.text]) is warned


@pytest.mark.parametrize("release", ["17.3.2", "17.4.1a", "17.6.1"])
def test_up_5_the_guides_own_targets_are_not_refused(release: str) -> None:
    pid = CSR if release == "17.6.1" else ISR
    plan = make_plan(router(pid, licensing=registered(PACKAGE)), target(release))
    assert [n for n in plan.blockers if n.rule == "UP-5"] == []


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("8-202012", True),
        ("8-202102", False),
        ("8-202105", False),
        ("7-202205", True),
        (None, None),
    ],
)
def test_up_6_server_versions(version: str | None, old: bool | None) -> None:
    assert server_is_old(version, "8-202102") is old


def test_up_6_an_unknown_version_and_an_old_collector_stop() -> None:
    state = router(licensing=evaluating(PLAIN))
    for kind in ("onprem", "onprem-pull"):
        unknown = make_plan(state, target(kind=kind))
        assert [n.severity for n in of(unknown, "UP-6")] == ["blocker"]
    old = make_plan(state, target(kind="onprem-pull", at={"server_version": "8-202012"}))
    assert [n.severity for n in of(old, "UP-6")] == ["blocker"]
    new = make_plan(state, target(kind="onprem-pull", at={"server_version": "8-202102"}))
    assert of(new, "UP-6") == []


def test_up_6_a_controllers_version_is_from_memory_and_said_so() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target(kind="controller"))
    (notice,) = of(plan, "UP-6")
    assert notice.severity == "warning"
    assert "not verified" in notice.source


@pytest.mark.parametrize(("waiting", "warned"), [(99, False), (100, True)])
def test_f40_reports_that_pile_up_are_seen_also_where_nothing_is_to_do(
    waiting: int, warned: bool
) -> None:
    told = {"reporting": {"last_ack": "2021-01-15T03:26:07Z", "reports_waiting": waiting},
            "trust": {"installed_on": "2021-01-15T03:21:29Z"}}  # fmt: skip
    plan = make_plan(router(release="17.6.4", licensing=slp(PLAIN, **told)), target("17.6.4"))
    assert plan.steps == ()
    assert bool([n for n in plan.notices if "usage reports wait" in n.text]) is warned


def test_topo_cslu_without_an_address_is_warned_of() -> None:
    state = router(licensing=evaluating(PLAIN))
    bare = make_plan(state, target(kind="cslu", at={"url": None}))
    assert of(bare, "TOPO-CSLU")
    assert of(make_plan(state, target(kind="cslu")), "TOPO-CSLU") == []


@pytest.mark.parametrize(
    ("name", "blocked"), [("ISR4351", True), ("isr4351-k9", True), ("edge-isr4351", False)]
)
def test_ready_1_a_host_name_equal_to_the_pid_stops_trust(name: str, blocked: bool) -> None:
    state = router(licensing=evaluating(PLAIN), hostname=name)
    assert bool(of(make_plan(state, target()), "READY-1")) is blocked
    assert of(make_plan(state, target(kind="cslu")), "READY-1") == []


@pytest.mark.parametrize(
    ("clock", "severity"),
    [
        ({"skew_s": 3599.0}, None),
        ({"skew_s": 3600.0}, "blocker"),
        ({"skew_s": -3600.0}, "blocker"),
        ({"skew_s": 0.0, "synchronised": False}, "warning"),
        ({"skew_s": 0.0, "synchronised": True}, None),
    ],
)
def test_ready_2_clock(clock: dict[str, Any], severity: str | None) -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN), clock=clock), target())
    assert [n.severity for n in of(plan, "READY-2")] == ([severity] if severity else [])


def test_ready_3_a_named_server_needs_a_name_server() -> None:
    bare = router(licensing=evaluating(PLAIN), config=("ip route 0.0.0.0 0.0.0.0 192.0.2.1",))
    assert "name server" in of(make_plan(bare, target()), "READY-3")[0].text
    given = target(at={"name_servers": ("192.0.2.53",)})
    assert of(make_plan(bare, given), "READY-3") == []
    by_address = make_plan(bare, target(kind="cslu"))
    assert of(by_address, "READY-3") == []
    routeless = router(licensing=evaluating(PLAIN), config=("ip name-server 192.0.2.53",))
    assert "route" in of(make_plan(routeless, target()), "READY-3")[0].text


def test_ready_4_reserved_voice_licences_stop_the_upgrade() -> None:
    held = {"licenses": [{"tag": "CUBE_T_STD", "count": "1"}]}
    state = router(licensing=reserved(PLAIN, reservation=held))
    plan = make_plan(state, target("17.9.1", "airgap"))
    assert [n.rule for n in plan.blockers] == ["READY-4"]
    uck9 = {"licenses": [{"tag": "ISR_4351_UnifiedCommunication", "count": "1"}]}
    fine = router(licensing=reserved(PLAIN, reservation=uck9))
    assert make_plan(fine, target("17.9.1", "airgap")).blockers == ()


def migrated(**more: Any) -> Any:
    return router(release="17.6.5", licensing=slp(PLAIN, **more))


def test_down_1_and_down_2_by_trust() -> None:
    with_trust = migrated(trust={"installed_on": "2021-01-15T03:21:29Z"})
    plan = make_plan(with_trust, target("16.12.4"))
    assert of(plan, "DOWN-1")
    assert not of(plan, "DOWN-2")
    plan = make_plan(migrated(trust={"installed_on": None}), target("16.12.4"))
    assert of(plan, "DOWN-2")
    assert not of(plan, "DOWN-1")


@pytest.mark.parametrize(
    ("installed", "rule"), [("2021-01-15T03:21:29Z", "DOWN-1"), (None, "DOWN-2")]
)
def test_down_1_and_down_2_nothing_of_slp_is_set_up_on_a_release_without_it(
    installed: str | None, rule: str
) -> None:
    plan = make_plan(migrated(trust={"installed_on": installed}), target("16.12.4", "cslu"))
    kinds = [s.kind for s in plan.steps]
    after = kinds[kinds.index("install_commit") :]
    assert "topology" not in after
    assert "usage_sync" not in after
    again = next(s for s in plan.steps if s.reasons[:1] == (rule,))
    # with trust the router registers by itself, and a person looks; else it is registered anew
    assert again.kind is ("person" if installed else "register")


def test_down_3_is_reported_before() -> None:
    told = {"reporting": {"last_ack": "2021-01-15T03:26:07Z"},
            "trust": {"installed_on": "2021-01-15T03:21:29Z"}}  # fmt: skip
    state = router(release="17.9.4a", licensing=slp(PLAIN, **told))
    plan = make_plan(state, target("17.6.5"))
    assert of(plan, "DOWN-3")
    assert plan.steps[2].kind == "usage_sync"
    assert of(make_plan(state, target("17.9.1")), "DOWN-3") == []


def test_down_4_before_slp_blocks_until_allowed_and_predicts_nothing() -> None:
    state = migrated(trust={"installed_on": None})
    plan = make_plan(state, target("16.12.4"))
    assert [n.rule for n in plan.blockers] == ["DOWN-4"]
    model = expected(plan, "end")["model"]
    assert model.kind == "unobservable"
    assert not [p for p in plan.predictions if p.path.startswith("licenses[")]
    assert make_plan(state, target("16.12.4", allow={"DOWN-4": "lab"})).blockers == ()
    assert make_plan(state, target("17.3.2")).blockers == ()


@pytest.mark.parametrize(
    ("installed", "rule", "first"),
    [("2021-01-15T03:21:29Z", "DOWN-1", None), (None, "DOWN-2", "MODEL-EVAL")],
)
def test_down_1_and_down_2_a_router_delivered_with_slp_is_predicted(
    installed: str | None, rule: str, first: str | None
) -> None:
    state = migrated(trust={"installed_on": installed})
    plan = make_plan(state, target("16.12.4", delivered_with="slp"))
    assert plan.blockers == ()
    assert {n.rule for n in plan.notices} >= {rule}
    up, end = expected(plan, "upgrade")["model"], expected(plan, "end")["model"]
    assert (up.kind, up.value if first else None) == ("equals" if first else "unobservable", first)
    assert (end.kind, end.value, end.rules) == ("equals", "MODEL-REGISTERED", (rule,))


@pytest.mark.parametrize(
    ("release", "image", "blocked"),
    [
        ("16.12.4", "csr1000v-universalk9.16.12.04.SPA.bin", False),
        ("16.12.4", "c8000v-universalk9.16.12.04.SPA.bin", True),
        ("17.9.4a", "c8000v-universalk9.17.09.04a.SPA.bin", False),
        ("17.9.4a", "csr1000v-universalk9.17.09.04a.SPA.bin", True),
    ],
)
def test_down_2_a_csr1000v_goes_back_with_its_own_image(
    release: str, image: str, blocked: bool
) -> None:
    """UP-1's rule of the Catalyst 8000V image is for the way up."""
    state = router(CSR, release="17.6.5", licensing=slp(PLAIN, trust={"installed_on": None}))
    plan = make_plan(state, target(release, image={"name": image}, delivered_with="slp"))
    assert ("UP-1" in {n.rule for n in plan.blockers}) is blocked
    named = make_plan(state, target(release, delivered_with="slp"))
    (stage,) = [s for s in named.steps if s.kind == "stage_image"]
    assert (stage.params.image.name == image) is not blocked


def cut_over(goal: str, licensing: dict[str, Any], pid: str = ISR, **more: Any) -> RouterPlan:
    wishes = target(goal, "onprem", at={"server_version": "8-202012"})
    return make_plan(router(pid, licensing=licensing, **more), wishes)


def reasons(plan: RouterPlan) -> list[str]:
    return [r for s in plan.steps for r in s.reasons if r.startswith("ONPREM")]


def test_onprem_order_of_a_virtual_router_above_250_mbps() -> None:
    plan = cut_over("17.4.1", registered(PLAIN), CSR, throughput={"level": 1_000_000})
    assert reasons(plan) == [
        "ONPREM-1", "ONPREM-2", "ONPREM-4", "ONPREM-2", "ONPREM-5",
        "ONPREM-6", "ONPREM-7", "ONPREM-7", "ONPREM-5",
    ]  # fmt: skip
    kinds = [s.kind for s in plan.steps]
    upgrade = kinds.index("install_activate")  # ONPREM-3
    slac = kinds.index("slac")  # ONPREM-5
    reset = len(kinds) - 1 - kinds[::-1].index("reload")
    sync = kinds.index("usage_sync")  # ONPREM-9
    assert 3 < upgrade < slac < reset < sync
    assert "topology" not in kinds  # On-Prem writes the URL itself


def test_onprem_5_no_slac_without_need() -> None:
    plan = cut_over("17.4.1", registered(PLAIN), CSR, throughput={"level": 250_000})
    assert "slac" not in [s.kind for s in plan.steps]
    assert "ONPREM-2" not in reasons(plan)


@pytest.mark.parametrize(
    ("goal", "resets"), [("17.3.2", True), ("17.4.1", True), ("17.5.1", False), ("17.9.1", False)]
)
def test_onprem_7_the_reset_is_for_17_3_and_17_4(goal: str, resets: bool) -> None:
    plan = cut_over(goal, registered(PLAIN))
    assert ("ONPREM-7" in reasons(plan)) is resets
    if resets:
        reload = [s for s in plan.steps if s.kind == "reload"][-1]
        # no release to reach: the router runs it already, and the reload would be skipped
        assert reload.params.to_json() == {"save": False, "release": None}


@pytest.mark.parametrize(("goal", "looks"), [("17.3.2", True), ("17.9.1", False)])
def test_onprem_7_an_authorization_that_the_reset_may_take_is_brought_and_looked_for(
    goal: str, looks: bool
) -> None:
    """The guide brings a SLAC to virtual routers only; the reset clears those of all."""
    plan = cut_over(goal, registered(PLAIN, HSEC))
    kinds = [s.kind for s in plan.steps]
    assert ("ONPREM-2" in reasons(plan)) is looks
    assert ("slac" in kinds) is looks
    if looks:
        reset = len(kinds) - 1 - kinds[::-1].index("reload")
        assert reset < kinds.index("slac") < kinds.index("usage_sync")


def test_onprem_8_and_10_conversion_comes_after_the_reset() -> None:
    plan = cut_over("17.3.2", csl(feature("appxk9", RTU), feature("hseck9", PAK)))
    kinds = [s.kind for s in plan.steps]
    reset = len(kinds) - 1 - kinds[::-1].index("reload")
    order = [kinds.index(k) for k in ("dlc_wait", "usage_sync", "dlc_done")]
    assert [reset, *order] == sorted([reset, *order])
    done, after = plan.steps[order[-1] : order[-1] + 2]
    assert "ONPREM-10" in done.reasons
    assert after.person is not None, "the local account is synchronised as a step of its own"


def test_onprem_new_enough_is_an_ordinary_topology() -> None:
    wishes = target("17.3.2", "onprem", at={"server_version": "8-202102"})
    plan = make_plan(router(licensing=evaluating(PLAIN)), wishes)
    assert reasons(plan) == []
    assert "topology" in [s.kind for s in plan.steps]
