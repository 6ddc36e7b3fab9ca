"""A user's own rule data, and the moment that saved outputs are held against."""

from __future__ import annotations

import json

import pytest

from kit.saved_outputs import captures

__all__ = ["captures"]


def notices(outcome) -> set[str]:
    (router,) = json.loads(outcome.out)["routers"]
    return {f"{n['rule']}: {n['text']}" for n in router["notices"]}


def test_slp_plan_takes_own_rules_over_the_built_in(command, captures):
    own = captures / "own.yaml"
    own.write_text(
        "defects:\n"
        "  - {id: OWN-1, text: our core crashes with it, trains: ['17.3'], scope: any,\n"
        "     severity: blocker, source: our own lab}\n"
    )
    words = ["plan", "--from-captures", "pre", "--limit", "s1*", "--json"]
    before = command(*words)
    after = command(*words, "--rules", own)
    assert before.code == 0
    assert after.code == 3, after.err
    assert {n for n in notices(after) if "OWN-1" in n and n.startswith("UP-5")}
    assert not {n for n in notices(before) if "OWN-1" in n}


def test_own_rules_that_cannot_be_read_are_2(command, captures):
    broken = captures / "broken.yaml"
    broken.write_text("platforms: [")
    outcome = command("plan", "--from-captures", "pre", "--rules", broken)
    assert outcome.code == 2
    assert "broken.yaml" in outcome.err


@pytest.mark.parametrize("moment", ["captured", "end", "upgrade"])
def test_verify_at_each_moment(command, captures, moment):
    command("plan", "--from-captures", "pre", "--limit", "s1*", "-o", "plan.json")
    outcome = command("verify", "plan.json", "--from-captures", "post", "--moment", moment)
    assert outcome.code == 0, outcome.out


def test_verify_of_no_moment_is_2(command, captures):
    command("plan", "--from-captures", "pre", "--limit", "s1*", "-o", "plan.json")
    outcome = command("verify", "plan.json", "--from-captures", "post", "--moment", "noon")
    assert outcome.code == 2
    assert "captured" in outcome.err
