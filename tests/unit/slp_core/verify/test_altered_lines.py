"""One altered line of one saved output, whichever of several shows the fact, is one finding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kit.altered import other, shown
from kit.scenarios import DATA, MIGRATIONS, moments_of, plan_of
from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.state import RouterState
from slp_core.verify import observe, verify, verify_captured
from slp_core.verify.captured import fit

BAD = ("unmet", "unforeseen")
NOW = datetime(2021, 2, 1, tzinfo=UTC)


def altered_states(scenario: str) -> Iterator[tuple[str, str, str, RouterState]]:
    """Yields moment, command and line with the state of the moment that has this line altered."""
    folder = DATA / scenario / "post"
    identity = moments_of(scenario)[""].udi
    assert identity is not None
    facts = {"pid": identity.pid, "serial": identity.sn}
    for moment, outputs in read_router(folder).moments.items():
        for command, text in outputs.items():
            lines = text.splitlines()
            for number, line in enumerate(lines):
                new = other(line)
                if new is None or new == line:
                    continue
                changed = "\n".join([*lines[:number], new, *lines[number + 1 :]]) + "\n"
                state = assemble("edge", {**outputs, command: changed}, facts=facts)
                yield moment, command, new.strip(), state


MAY_BE_EARLY = {"dlc.process"}
"""DLC-3: data is collected at any time from the upgrade on, so that having it is never wrong."""


def _must_be_found(plan: RouterPlan, p: Prediction | None, new: object, others: bool) -> bool:
    """What the router alone decides (a code, a count, a date) may be anything, unless another
    output of the same moment says it as well."""
    if p is None or p.path in MAY_BE_EARLY:
        return False
    exact = p.kind == "equals" or (p.kind == "unchanged" and p.known("value"))
    return exact or others or (new is None and p.kind != "unobservable")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", MIGRATIONS)
def test_each_altered_line_that_moves_the_vocabulary_is_one_finding(scenario: str) -> None:
    plan, moments = plan_of(scenario), moments_of(scenario)
    before = {m: shown(s) for m, s in moments.items()}
    fitted = {m: fit(plan, s) for m, s in moments.items()}
    checked: dict[str, int] = {}
    for moment, command, line, state in altered_states(scenario):
        after, was = shown(state), before[moment]
        moved = {k for k in was.keys() | after.keys() if was.get(k) != after.get(k)}
        if not moved:
            continue
        bad = [f for f in verify_captured(plan, {**moments, moment: state}) if f.verdict in BAD]
        where = f"{command} {moment or '(first)'}: {line}"
        if any(path not in was for path in moved):
            _assert_renamed(where, bad)
            continue
        now = observe(state)
        must = set()
        for path in moved:
            named = [p for p in fitted[moment].predictions.values()
                     if fitted[moment].shown.resolve(p.path) == path]  # fmt: skip
            seen = now.get(path)
            others = bool(seen and seen.others)
            if _must_be_found(plan, named[0] if named else None, seen and seen.value, others):
                must.add(path)
        assert len(bad) == 1 if must else len(bad) <= 1, (where, moved, bad)
        if must:
            assert _named(bad[0], moments[moment], plan) & moved, (where, bad[0])
            checked[command] = checked.get(command, 0) + 1
    assert sum(checked.values()) >= 50, checked
    assert len(checked) >= 5, checked


def _named(finding: Finding, state: RouterState, plan: RouterPlan) -> set[str]:
    """Returns the path of a finding, also by the tag that a feature stands for."""
    found = fit(plan, state).shown.resolve(finding.path)
    return {finding.path} | ({found} if found else set())


def _assert_renamed(where: str, bad: list[Finding]) -> None:
    """Something under another name: gone here, new there; or known by its feature, a wrong tag."""
    assert 1 <= len(bad) <= 2, (where, bad)


def test_a_fact_that_one_of_two_outputs_denies_is_a_finding_with_both_lines() -> None:
    plan, facts = plan_of("s4_isr4351_eval"), {"pid": "ISR4351/K9", "serial": "FDO21512BJB"}
    saved = read_router(DATA / "s4_isr4351_eval" / "post").moments
    agreed = {
        "show license status": saved["after_trust"]["show license status"],
        "show license all": saved["after_slac"]["show license all"],
    }
    for wrong, text in agreed.items():
        outputs = {**agreed, wrong: text.replace("Type: Smart", "Type: cslu")}
        state = assemble("edge", outputs, facts=facts, read_at=NOW)
        (found,) = [f for f in verify(plan, state) if f.path == "transport.kind"]
        assert (found.verdict, found.expected, found.found) == ("unmet", "smart", "cslu")
        assert found.evidence is not None
        assert found.against is not None
        assert found.evidence.command == wrong
        assert outputs[wrong].splitlines()[found.evidence.lines[0] - 1].strip() == "Type: cslu"
        assert found.against.command != wrong
        assert "says smart" in found.why
    state = assemble("edge", agreed, facts=facts, read_at=NOW)
    assert "transport.kind" not in {f.path for f in verify(plan, state) if f.verdict in BAD}


def test_a_licence_that_one_output_lists_and_another_does_not_is_a_finding() -> None:
    plan, moments = plan_of("s1_isr4461_registered"), dict(moments_of("s1_isr4461_registered"))
    folder = read_router(DATA / "s1_isr4461_registered" / "post").moments[""]
    summary = folder["show license summary"].splitlines()
    without = [x for x in summary if "BOOST" not in x]
    assert len(without) == len(summary) - 1
    outputs = {**folder, "show license summary": "\n".join(without)}
    moments[""] = assemble("edge", outputs, facts={"pid": "ISR4461/K9", "serial": "FDO222815Y4"})
    (found,) = [f for f in verify_captured(plan, moments) if f.verdict in BAD]
    assert (found.path, found.found) == ("licenses[ISR_4460_BOOST].status", None)
    assert found.evidence is not None
    assert found.against is not None
    assert found.evidence.command == "show license summary"
    assert found.against.command == "show license usage"


def test_a_code_that_changes_between_two_moments_is_a_finding() -> None:
    """Nobody can foretell an authorization code, but it stays what it is (LIC-8)."""
    plan, moments = plan_of("s2_isr1k_slr_export"), dict(moments_of("s2_isr1k_slr_export"))
    data = moments["after_sync"].to_json()
    data["licensing"]["authorization"]["members"][0]["confirmation_code"] = "deadbeef"
    moments["after_sync"] = RouterState.from_json(data)
    (found,) = [f for f in verify_captured(plan, moments) if f.verdict in BAD]
    assert found.path == "authorization.confirmation_code"
    assert (found.verdict, found.severity) == ("unforeseen", "warning")
    assert {found.expected, found.found} == {"0708eeec", "deadbeef"}
    assert found.against is not None


def test_outputs_that_agree_in_all_but_spelling_do_not_contradict_each_other() -> None:
    state = assemble("edge", {
        "show version": "Cisco IOS XE Software, Version 17.04.01a\nCisco IOS Software [Bengaluru],"
        " ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.4.1a, RELEASE SOFTWARE (fc1)\n"
    })  # fmt: skip
    assert state.also == {}
