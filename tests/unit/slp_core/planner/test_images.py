"""UP-9, UP-10, UP-11; C03, C04, C05, C15: which image a router takes, and which it never gets."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import case_state
from kit.states import HSEC, PLAIN, RULES, evaluating, registered, router, slp, target
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.platforms import platform_of
from slp_core.rules.images import running_stem, running_variant, words_of
from slp_core.state import RouterState


def said(plan: RouterPlan, *rules: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule in rules]


def image(plan: RouterPlan) -> str | None:
    staged = [s for s in plan.steps if s.kind == "stage_image"]
    return staged[0].params.image.name if staged else None  # type: ignore[attr-defined]


def running(file: str, pid: str = "ASR1001-X", **parts: Any) -> RouterState:
    parts.setdefault("licensing", evaluating(PLAIN))
    boot = {"mode": "bundle", "image": f"bootflash:{file}", "config_register": "0x2102"}
    return router(pid, "16.9.5", boot=boot, **parts)


# --- C03: the family ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pid", "name"),
    [
        ("ASR1001-X", "asr1001x-universalk9.17.03.02.SPA.bin"),
        ("ASR1002-X", "asr1002x-universalk9.17.03.02.SPA.bin"),
        ("ASR1001-HX", "asr1000-universalk9.17.03.02.SPA.bin"),
        ("ASR1002-HX", "asr1000-universalk9.17.03.02.SPA.bin"),
        ("ASR1006", "asr1000rpx86-universalk9.17.03.02.SPA.bin"),
        ("ASR1006-X", "asr1000rpx86-universalk9.17.03.02.SPA.bin"),
        ("ASR1013", "asr1000rpx86-universalk9.17.03.02.SPA.bin"),
        ("ASR1002-F", None),
        ("ASR1001", None),
    ],
)
def test_c03_within_the_asr_1000_each_chassis_has_its_family(pid: str, name: str | None) -> None:
    plan = make_plan(router(pid, licensing=evaluating(PLAIN)), target())
    assert image(plan) == name
    assert bool([n for n in plan.blockers if "no image is named" in n.text]) is (name is None)


def test_up_10_another_family_than_the_running_one_is_a_blocker_that_may_be_overridden() -> None:
    wishes: dict[str, Any] = {"image": {"name": "asr1000rpx86-universalk9.17.03.02.SPA.bin"}}
    before = running("asr1001x-universalk9.16.09.05.SPA.bin")
    (blocker,) = said(make_plan(before, target(**wishes)), "UP-10")
    assert (blocker.severity, blocker.overridable) == ("blocker", True)
    assert "asr1001x-…" in blocker.text
    allowed = make_plan(before, target(**wishes, allow={"UP-10": "tested"}))
    assert "UP-10" not in {n.rule for n in allowed.blockers}
    alone = plan_step(before, UpgradeJob(), target=target(**wishes))
    assert [n.text for n in said(alone, "UP-10")] == [blocker.text]


def test_c03_what_runs_names_the_image_even_of_a_chassis_without_a_usual_name() -> None:
    before = running("isr1100be-universalk9.17.03.01.SPA.bin", "ISR1100-4G")
    plan = make_plan(before, target("17.4.1"))
    assert image(plan) == "isr1100be-universalk9.17.04.01.SPA.bin"


@pytest.mark.parametrize(
    ("file", "pid", "goal", "name"),
    [
        # A set of features with encryption became the universal image, on the next family.
        ("asr1000rp2-adventerprisek9.03.16.05.S.155-3.S5-ext.bin", "ASR1006", "17.3.2", "rpx86"),
        ("asr1000rp2-advipservicesk9_noli.03.13.05.S.bin", "ASR1004", "17.3.2", "rpx86_noli"),
        # What a set without encryption becomes is not known, nor what follows the first processor.
        ("asr1000rp2-advipservices.03.16.05.S.bin", "ASR1004", "17.3.2", None),
        ("asr1000rp1-adventerprisek9.03.16.05.S.bin", "ASR1006", "17.3.2", None),
        ("asr1000rp1-adventerprisek9.03.16.05.S.bin", "ASR1002-F", "17.3.2", None),
    ],
)
def test_c03_families_of_3x_end_and_only_what_follows_them_by_rule_is_named(
    file: str, pid: str, goal: str, name: str | None
) -> None:
    plan = make_plan(running(file, pid), target(goal))
    names = {
        "rpx86": "asr1000rpx86-universalk9.17.03.02.SPA.bin",
        "rpx86_noli": "asr1000rpx86-universalk9_noli.17.03.02.SPA.bin",
    }
    assert image(plan) == names.get(name or "")
    assert said(plan, "UP-10", "UP-11") == []
    assert (name is None) == any("no image is named" in n.text for n in plan.blockers)


def test_up_10_the_family_that_follows_by_rule_is_no_other_family() -> None:
    before = running("asr1000rp2-adventerprisek9.03.16.05.S.155-3.S5-ext.bin", "ASR1006")
    good = target(image={"name": "asr1000rpx86-universalk9.17.03.02.SPA.bin"})
    assert said(make_plan(before, good), "UP-10", "UP-11") == []
    weaker = target(image={"name": "asr1000rpx86-universalk9_npe.17.03.02.SPA.bin"})
    (blocker,) = said(make_plan(before, weaker), "UP-11")
    assert "loses payload encryption" in blocker.text


def test_up_10_a_name_that_tells_no_family_is_told_so_and_not_guessed_at() -> None:
    before = running("asr1001x-universalk9.16.09.05.SPA.bin")
    (notice,) = said(make_plan(before, target(image={"name": "golden.bin"})), "UP-10")
    assert notice.severity == "warning"
    assert "does not say" in notice.text


@pytest.mark.parametrize(
    ("pid", "stem"), [("ISR4451-X/K9", "isr4400"), ("ISR4461/K9", "isr4400v2")]
)
def test_c03_the_isr_4461_has_a_family_of_its_own(pid: str, stem: str) -> None:
    plan = make_plan(router(pid, licensing=evaluating(PLAIN)), target())
    assert image(plan) == f"{stem}-universalk9.17.03.02.SPA.bin"


def test_up_10_and_up_11_hold_on_the_asr_900_family_too() -> None:
    before = running("asr920-universalk9_npe.16.09.05.SPA.bin", "ASR-920-12CZ-A")
    other = make_plan(before, target("17.3.1", image={"name": "asr903rsp1-universalk9_npe.17.bin"}))
    assert [n.severity for n in said(other, "UP-10")] == ["blocker"]
    plain = make_plan(before, target("17.3.1", image={"name": "asr920-universalk9.17.03.01.bin"}))
    assert "gains payload encryption" in said(plain, "UP-11")[0].text


@pytest.mark.parametrize(
    ("parts", "stem"),
    [
        ({"boot": {"image": "bootflash:isr4400v2-universalk9.16.12.04.SPA.bin"}}, "isr4400v2"),
        (
            {
                "boot": {
                    "image": "bootflash:packages.conf",
                    "variables": ("bootflash:packages.conf", "bootflash:/c1100-universalk9.x.bin"),
                }
            },
            "c1100",
        ),
        (
            {
                "boot": {"image": "bootflash:packages.conf"},
                "storage": [
                    {
                        "filesystem": "bootflash:",
                        "files": [
                            {"name": "isr4300-rpbase.17.03.02.SPA.pkg"},
                            {"name": "isr4400-rpbase.16.12.04.SPA.pkg"},
                        ],
                    }
                ],
            },
            "isr4400",
        ),
        ({"boot": {"image": "bootflash:packages.conf"}}, None),
        ({}, None),
    ],
)
def test_c03_the_witnesses_in_their_order(parts: dict[str, Any], stem: str | None) -> None:
    assert running_stem(router("ISR4461/K9", "16.12.4", **parts)) == stem


def test_c03_a_platform_that_changes_its_family_by_rule_is_not_held_to_what_runs() -> None:
    before = running("csr1000v-universalk9.16.12.04.SPA.bin", "CSR1000V")
    plan = make_plan(before, target("17.4.1"))
    assert image(plan) == "c8000v-universalk9.17.04.01.SPA.bin"
    assert said(plan, "UP-10", "UP-11") == []


def test_c03_the_case_takes_the_image_of_its_chassis() -> None:
    plan = make_plan(case_state("03-image-family-asr1000/asr-a"), target("17.9.5"))
    assert image(plan) == "asr1001x-universalk9.17.09.05.SPA.bin"


# --- C04: the variant ---------------------------------------------------------------------------

IDS = {
    "X86_64_LINUX_IOSD-UNIVERSALK9-M": "universalk9",
    "X86_64_LINUX_IOSD-UNIVERSALK9_NPE-M": "universalk9_npe",
    "ARMV8EL_LINUX_IOSD-UNIVERSALK9_IAS-M": "universalk9_ias",
    "X86_64_LINUX_IOSD-UNIVERSALK9_NOLI-M": "universalk9_noli",
    "X86_64_LINUX_IOSD-UCMK9-M": "ucmk9",
}


@pytest.mark.parametrize(("image_id", "variant"), IDS.items())
def test_c04_the_variant_is_read_from_the_images_own_name(image_id: str, variant: str) -> None:
    assert running_variant(router(image_id=image_id)) == variant


@pytest.mark.parametrize(
    ("name", "stem", "variant"),
    [
        ("isr4300-universalk9_npe.16.12.05.SPA.bin", "isr4300", "universalk9_npe"),
        ("isr4200-universalk9_ias.17.03.02.SPA.bin", "isr4200", "universalk9_ias"),
        ("isr4200-universalk9_ias_npe.17.03.02.SPA.bin", "isr4200", "universalk9_ias_npe"),
        ("c8000be-universalk9.17.09.04a.SPA.bin", "c8000be", "universalk9"),
        ("isr4300-ucmk9.16.12.4.SPA.bin", "isr4300", "ucmk9"),
        ("isr4300-universalk9.03.16.04b.S.155-3.S4b-ext.SPA.bin", "isr4300", "universalk9"),
        ("isr4400-mono-universalk9.17.06.05.SPA.pkg", "isr4400", "universalk9"),
        ("isr4400-rpbase.16.12.04.SPA.pkg", "isr4400", None),
        ("packages.conf", None, None),
        ("myimage.bin", None, None),
        ("my-image.bin", None, None),
        ("asr1000rp2-adventerprisek9.03.16.05.S.155-3.S5-ext.bin", "asr1000rp2", "adventerprisek9"),
        (
            "asr1000rpx86-universalk9_npe_noli.17.03.02.SPA.bin",
            "asr1000rpx86",
            "universalk9_npe_noli",
        ),
        ("csr1000v_milplr-universalk9.16.12.05.SPA.bin", "csr1000v_milplr", "universalk9"),
        ("c8kg2be-firmware_mcu.17.15.03a.SPA.pkg", "c8kg2be", None),
        ("asr1000-espx86base.17.03.02.SPA.pkg", "asr1000", None),
    ],
)
def test_c04_what_a_name_says(name: str, stem: str | None, variant: str | None) -> None:
    words = words_of(name)
    assert (words.stem, words.variant) == (stem, variant)


@pytest.mark.parametrize(
    ("now", "given", "word"),
    [
        ("universalk9_npe", "universalk9", "no payload encryption"),
        ("universalk9", "universalk9_npe", "no payload encryption"),
        ("universalk9", "universalk9_noli", "lawful intercept"),
        ("universalk9_ias", "universalk9", "intelligent application"),
        ("universalk9", "ucmk9", "SD-WAN"),
    ],
)
def test_up_11_another_variant_is_a_blocker_that_names_what_changes(
    now: str, given: str, word: str
) -> None:
    before = running(f"isr4300-{now}.16.12.05.SPA.bin", "ISR4331/K9")
    wishes: dict[str, Any] = {"image": {"name": f"isr4300-{given}.17.03.02.SPA.bin"}}
    (blocker,) = said(make_plan(before, target(**wishes)), "UP-11")
    assert (blocker.severity, blocker.overridable) == ("blocker", True)
    assert word in blocker.text


def test_c04_with_no_image_named_the_plan_takes_the_running_variant() -> None:
    before = running("isr4300-universalk9_npe.16.12.05.SPA.bin", "ISR4331/K9")
    assert image(make_plan(before, target())) == "isr4300-universalk9_npe.17.03.02.SPA.bin"


def test_c04_licences_speak_for_an_image_without_payload_encryption() -> None:
    licensing = registered({**PLAIN, "name": "ISR_4331_Application_npe"})
    assert running_variant(router(licensing=licensing)) == "universalk9_npe"


def test_up_11_hseck9_beside_an_image_without_payload_encryption_contradicts_itself() -> None:
    licensing = registered({**HSEC, "feature_name": "hseck9"})
    before = running("isr4300-universalk9_npe.16.12.05.SPA.bin", "ISR4331/K9", licensing=licensing)
    warnings = [n for n in said(make_plan(before, target()), "UP-11") if n.severity == "warning"]
    assert ["HSECK9" in n.text for n in warnings] == [True]


# --- C05: a newer family ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pid", "platform"),
    [
        ("C8161-G2", "c8100g2"),
        ("C8235-G2", "c8200g2"),
        ("C8231-E-G2", "c8200g2"),
        ("C8375-E-G2", "c8300g2"),
        ("C8355-G2", "c8300g2"),
        ("C8475-G2", "c8400g2"),
        ("C8570-G2", "c8500g2"),
        ("C8550-G2", "c8500g2"),
        ("C8200-1N-4T", "c8200"),
        ("C8200L-1N-4T", "c8200"),
        ("C8300-1N1S-6T", "c8300"),
        ("C8300-2N2S-4T2X", "c8300"),
        ("C8500-12X4QC", "c8500"),
        ("C8500-20X6C", "c8500"),
        ("C8500L-8S4X", "c8500l"),
        ("C8000V", "c8000v"),
        ("C8375-E-G3", None),
        ("C8299-G2X", None),
        ("C8600-1N", None),
        ("ISR4331X9", None),
        ("C8151-G2", "c8100g2"),
        ("C8235-E-G2", "c8200g2"),
        ("C8455-G2", "c8400g2"),
        ("C8330-1N1S-4M2X", None),
        ("C8530-12X4QC", None),
        ("C8530L-8S8X4Y", None),
        ("C1131X-8PWB", "isr1000"),
        ("C1121-4P", "isr1000"),
        ("C11111-8P", None),
        ("ASR-920-12CZ-A", "asr900"),
        ("ASR-9020-X", None),
        ("ASR1002-HX", "asr1000"),
        ("ASR1006-X", "asr1000"),
        ("ASR1002", "asr1000old"),
        ("CSR1000VX", None),
        ("ASR1099-Z", None),
        ("IR1101-K9", None),
    ],
)
def test_c05_patterns_end_where_a_family_ends(pid: str, platform: str | None) -> None:
    known = platform_of(pid, RULES)
    assert (known.id if known else None) == platform


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("br-a", "c8kg2be"),
        ("br-b", "c8kg2be"),
        ("br-c", "c84g2aes"),
        ("br-d", "c81g2be"),
        ("br-e", "c8000aep"),
    ],
)
def test_c05_the_cases_are_secure_routers_with_their_own_images(name: str, stem: str) -> None:
    state = case_state(f"05-g2-secure-routers/{name}")
    plan = make_plan(state, target("17.18.1a", "controller"))
    assert plan.platform is not None
    assert plan.platform.endswith("g2")
    assert image(plan) == f"{stem}-universalk9.17.18.01a.SPA.bin"
    (warning,) = said(plan, "UP-9")
    assert "17.18.1a" in warning.text


def test_up_9_is_said_only_where_the_way_leads_there() -> None:
    def told(now: str, goal: str) -> list[Notice]:
        state = router("C8375-E-G2", now, licensing=slp(PLAIN))
        return said(make_plan(state, target(goal, "controller")), "UP-9")

    assert told("17.15.3", "17.18.1a")
    assert not told("17.15.3", "17.15.4")
    assert not told("17.18.1a", "17.18.2")


@pytest.mark.parametrize(
    ("pid", "goal", "severity"),
    [
        ("C8475-G2", "17.9.5", "blocker"),
        ("C8161-G2", "17.2.1", "blocker"),
        ("C8570-G2", "17.9.5", "warning"),
    ],
)
def test_c05_a_newer_family_does_not_go_back_before_its_first_release(
    pid: str, goal: str, severity: str
) -> None:
    state = router(pid, "17.15.3", licensing=slp(PLAIN))
    plan = make_plan(state, target(goal, "controller"))
    assert severity in {n.severity for n in said(plan, "UP-1") if "no release before" in n.text}
    assert image(plan) is None


def test_c05_an_unknown_family_is_told_as_unknown() -> None:
    state = router("C8375-E-G3", "17.15.3", licensing=slp(PLAIN))
    plan = make_plan(state, target("17.18.1a", "controller"))
    assert plan.platform is None or not plan.known("platform")
    assert any("no platform of the rule data fits" in n.text for n in said(plan, "UP-1"))
    assert image(plan) is None


# --- C15: a release that the hardware never gets ------------------------------------------------


@pytest.mark.parametrize(
    ("case", "goal"), [("asr-a", "17.18.1"), ("br1", "17.15.1"), ("br1", "17.18.1a")]
)
def test_c15_beyond_what_a_source_names_is_a_warning_and_no_image_is_made_up(
    case: str, goal: str
) -> None:
    plan = make_plan(case_state(f"15-last-release-of-hardware/{case}"), target(goal))
    assert said(plan, "UP-1")
    assert image(plan) is None
    assert [n.text for n in plan.blockers if n.rule == "UP-3"]


def test_c15_what_rests_on_memory_is_marked_and_blocks_nothing() -> None:
    state = router("ISR4331/K9", "16.12.5", licensing=evaluating(PLAIN))
    (notice,) = said(make_plan(state, target("17.15.1")), "UP-1")
    assert notice.severity == "warning"
    assert "not verified" in notice.source


@pytest.mark.parametrize(
    ("pid", "goal", "known"),
    [
        ("ASR1001-X", "17.9.7", True),
        ("ASR1001-X", "17.12.4", False),
        ("ASR1001-HX", "17.12.4", True),
        ("ASR1001-HX", "17.18.1", False),
        ("ASR1002-F", "17.3.2", False),
        ("C1111-8P", "17.15.5", True),
        ("C1111-8P", "17.18.1", False),
        ("C8300-1N1S-6T", "99.1.1", False),
        ("C8000V", "26.1.1", False),
        ("CSR1000V", "26.1.1", False),
        ("C8375-E-G2", "26.1.1", False),
    ],
)
def test_c15_each_platform_has_an_end_of_what_is_known(pid: str, goal: str, known: bool) -> None:
    plan = make_plan(router(pid, licensing=evaluating(PLAIN)), target(goal))
    assert (image(plan) is not None) is known
    assert bool([n for n in said(plan, "UP-1") if "source" in n.text or "gets no" in n.text]) is (
        not known
    )


def test_c15_every_platform_that_names_an_image_says_up_to_where() -> None:
    assert [p.id for p in RULES.platforms if p.image_names and p.sourced_to is None] == []


def test_c15_within_what_is_known_nothing_is_said() -> None:
    state = router("ISR4331/K9", "16.12.5", licensing=evaluating(PLAIN))
    assert said(make_plan(state, target("17.12.4")), "UP-1") == []
