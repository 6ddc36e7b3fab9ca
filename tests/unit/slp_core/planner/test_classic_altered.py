"""The ASR 900 family and the On-Prem order: any one altered line is one finding."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kit import scenarios
from kit.altered import other, shown
from kit.classic import ASR, planned
from kit.scenarios import DATA
from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_core.targets import Target, Topology
from slp_core.verify import observe, verify_captured
from slp_core.verify.captured import fit

BAD = ("unmet", "unforeseen")
AFTER = {  # scenario, folder of the outputs after it, the variant that was taken, the target
    "a1": ("a1_asr920_registered_2016/pre", None, {"classic": "renew"}),  # it shows no other
    "a2": ("a2_asr920_license_modes/post", None, {"classic": "smart"}),
    "a3": ("a3_asr920_smart_upgrade_1703_1707/post", None, {"release": "17.7.1"}),
    "a4": ("a4_asr920_smart_downgrade_1707_1703/post", None, {"release": "17.3.4"}),
    "a5": ("a5_asr920_csl_to_nolicense/post", None, {"release": "17.7.1"}),
    "a6": ("a6_asr920_nolicense_to_csl/post", None, {"release": "16.6.10"}),
    "a7": ("a7_asr920_pak_snapshot/post", "no_license_mode", {"release": "17.8.1"}),
    "a7 in smart mode": (
        "a7_asr920_pak_snapshot/post", "smart_license_mode",
        {"release": "17.8.1", "classic": "smart"},
    ),
    "s7": ("s7_ssm_onprem/post", None, {}),
}  # fmt: skip


def plan_for(scenario: str) -> RouterPlan:
    folder, _, target = AFTER[scenario]
    if scenario != "s7":
        return planned(folder.partition("/")[0], **target)
    onprem = Topology(
        kind="onprem", url="https://ssm.example.net/cslu/v1/pi/t-1", server_version="8-202012"
    )
    before = scenarios.state_of("s5_isr1k_pak", "pre")
    return make_plan(before, Target(release="17.3.2", topology=onprem))


def outputs_of(scenario: str) -> dict[str, str]:
    folder, variant, _ = AFTER[scenario]
    outputs = dict(read_router(DATA / folder, variant=variant).outputs)
    if variant == "no_license_mode":  # the summary beside it was taken in the other mode
        del outputs["show license summary"]
    return outputs


def state(scenario: str, outputs: dict[str, str]) -> RouterState:
    return assemble("asr", outputs, facts={} if scenario == "s7" else dict(ASR))


@pytest.mark.parametrize("scenario", AFTER)
def test_what_is_shown_after_is_what_was_predicted(scenario: str) -> None:
    after = state(scenario, outputs_of(scenario))
    findings = verify_captured(plan_for(scenario), {"": after})
    assert [f for f in findings if f.verdict in BAD] == []
    assert sum(f.verdict == "met" for f in findings) >= 3


def _altered(scenario: str) -> Iterator[tuple[str, RouterState]]:
    outputs = outputs_of(scenario)
    for command, text in outputs.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            new = other(line)
            if new is not None and new != line:
                changed = "\n".join([*lines[:number], new, *lines[number + 1 :]]) + "\n"
                yield f"{command}: {new.strip()}", state(scenario, {**outputs, command: changed})


@pytest.mark.parametrize("scenario", AFTER)
def test_each_altered_line_that_moves_the_vocabulary_is_one_finding(scenario: str) -> None:
    plan, after = plan_for(scenario), state(scenario, outputs_of(scenario))
    before, fitted = shown(after), fit(plan, after)
    checked = 0
    for what, altered in _altered(scenario):
        now = shown(altered)
        moved = {k for k in before.keys() | now.keys() if before.get(k) != now.get(k)}
        bad = [f for f in verify_captured(plan, {"": altered}) if f.verdict in BAD]
        exact = {
            p.path
            for p in fitted.predictions.values()
            if fitted.shown.resolve(p.path) in moved
            and (p.kind == "equals" or (p.kind == "unchanged" and p.known("value")))
        }
        if any(k not in before for k in moved):
            assert len(bad) <= 2, (what, moved, bad)  # one gone, one new
        elif exact & set(observe(altered)):
            assert len(bad) == 1, (what, moved, bad)
            checked += 1
        else:
            assert len(bad) <= 1, (what, moved, bad)
    assert checked >= 1, checked
