"""The rule data: complete, schema-checked, extended by users."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.states import RULES
from slp_core.errors import InputError
from slp_core.platforms import platform_of
from slp_core.release import Release
from slp_core.rules import RuleData, all_rules, builtin_rules, explain, load_rules

TESTS = Path(__file__).parents[3]


def test_every_rule_has_a_title_a_text_and_a_source() -> None:
    rules = all_rules()
    assert len(rules) > 130
    for rule in rules:
        assert rule.title, rule.id
        assert rule.text, rule.id
        assert rule.source, rule.id


def test_explain_takes_any_case_and_knows_its_limits() -> None:
    found = explain("trans-3")
    assert found is not None
    assert found.id == "TRANS-3"
    assert explain("TRANS-99") is None
    defect = explain("fn72578")
    assert defect is not None
    assert "17.6.4" in defect.text


def test_the_schema_of_the_data_can_be_published() -> None:
    schema = RuleData.model_json_schema()
    assert {"platforms", "defects", "rules"} <= set(schema["properties"])


def test_every_rule_of_the_tables_is_in_the_catalogue() -> None:
    used = [r.rule for r in RULES.transport] + [t.rule for t in RULES.topologies]
    assert [r for r in used if r not in RULES.rules] == []


def test_every_rule_that_the_code_names_is_in_the_catalogue() -> None:
    core = Path(__file__).parents[4] / "src" / "slp_core"
    families = {i.rpartition("-")[0].split("-")[0] for i in RULES.rules}
    pattern = re.compile(rf'"((?:{"|".join(sorted(families))})-[A-Z0-9-]+)"')
    named = {
        m for path in core.rglob("*.py") for m in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert named - set(RULES.rules) == set()


def test_every_rule_has_a_test_that_bears_its_name() -> None:
    """``test_slac_4_…`` or ``…_and_slac_4_…``; a range such as ``rep_1_to_6`` names its ends."""
    names = [
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^(?:    )?def test(_\w+)", path.read_text(), re.MULTILINE)
    ]

    def borne(rule: str) -> bool:
        pattern = re.compile(rf"_{rule.lower().replace('-', '_')}(?![0-9a-z])")
        return any(pattern.search(name) for name in names)

    assert [rule for rule in RULES.rules if not borne(rule)] == []


@pytest.mark.parametrize(
    ("pid", "platform", "tag"),
    [
        ("ISR4461/K9", "isr4400", "ISR_4400_Hsec"),
        ("ISR4351/K9", "isr4300", "ISR_4351_Hsec"),
        ("C1111-8PLTEEAWB", "isr1000", "ISR_1100_8P_Hsec"),
        ("C1111-4P", "isr1000", "ISR_1100_4P_Hsec"),
        ("CSR1000V", "csr1000v", "DNA_HSEC"),
        ("C8000V", "c8000v", "DNA_HSEC"),
        ("C1100TG-1N32A", "c1100tg", "DNA_HSEC"),
        ("ASR1001-X", "asr1000", None),
        ("ASR-920-12CZ-A", "asr900", None),
    ],
)
def test_slac_13_platforms_by_pid_and_their_hseck9_tags(
    pid: str, platform: str, tag: str | None
) -> None:
    found = platform_of(pid, RULES)
    assert found is not None
    assert found.id == platform
    known = found.tag("hseck9")
    assert (known[0] if known else None) == tag


def test_a_pid_of_no_platform_is_none() -> None:
    assert platform_of("N9K-C93180YC-EX", RULES) is None
    assert platform_of(None, RULES) is None


def test_image_names_pad_the_release() -> None:
    found = platform_of("ISR4351/K9", RULES)
    assert found is not None
    assert found.image_name(Release.parse("17.4.1a")) == "isr4300-universalk9.17.04.01a.SPA.bin"


def test_users_override_and_add_entries(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "platforms:\n"
        "  - {id: isr4300, min_slp: 17.6.1}\n"
        "  - {id: mine, series: Mine, pids: ['^ISR4351'], kind: physical, min_slp: 17.9.1}\n"
        "urls: {smart: https://proxy.example.net/license}\n"
        "rules:\n  UP-1: {overridable: false}\n"
    )
    rules = load_rules(own)
    mine = platform_of("ISR4351/K9", rules)
    assert mine is not None
    assert (mine.id, mine.row.basis) == ("mine", "user")  # new entries come first
    other = platform_of("ISR4331/K9", rules)
    assert other is not None
    assert other.row.min_slp == Release(17, 6, 1)
    assert other.row.dlc is True  # what was not given stays
    assert rules.urls.smart == "https://proxy.example.net/license"
    assert rules.urls.cslu_port == 8182
    assert not rules.rules["UP-1"].overridable
    assert builtin_rules().urls.smart != rules.urls.smart


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("platforms: [{id: x}]", "platforms"),
        ("platforms:\n  - {id: x, series: X, pids: ['('], kind: physical}", "pattern"),
        ("typo: 1", "typo"),
        ("- a\n- b", "mapping"),
        ("a: [", "is no YAML"),
    ],
)
def test_wrong_rule_data_is_refused_with_the_place(tmp_path: Path, text: str, word: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text)
    with pytest.raises(InputError) as caught:
        load_rules(own)
    assert word in str(caught.value)
    assert str(own) in str(caught.value)


def test_an_empty_or_no_file_is_the_built_in_data(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("")
    assert load_rules(own) is builtin_rules() is load_rules()
