"""From saved outputs to assessment, plan and verification, as a user types it."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from kit.saved_outputs import MIGRATIONS, captures

__all__ = ["captures"]  # a fixture


def test_six_migrations_are_there():
    assert len(MIGRATIONS) == 6


def test_assess_shows_and_saves(command, captures):
    outcome = command("assess", "--from-captures", "pre")
    assert outcome.code == 0
    assert "6 routers:" in outcome.out
    (path,) = (captures / ".slp" / "assessments").glob("*.json")
    saved = json.loads(path.read_text())
    assert saved["kind"] == "assessment"
    assert saved["schema_version"] == 1
    for router in saved["routers"]:
        assert {"router", "state", "observed", "target"} <= set(router)
        assert router["observed"]["model"].startswith("MODEL-")


def test_assess_shows_the_lines_that_a_value_rests_on(command, captures):
    outcome = command("assess", "--from-captures", "pre", "--limit", "s1*", "--evidence")
    assert re.search(r"licensing\.transport\.kind +← show license \w+: \d+", outcome.out)


def test_plan_json_is_the_only_thing_on_standard_output(command, captures):
    outcome = command("plan", "--from-captures", "pre", "--json")
    assert outcome.code == 0
    data = json.loads(outcome.out)
    assert [r["router"] for r in data["routers"]] == MIGRATIONS
    for router in data["routers"]:
        assert {"steps", "predictions", "changes", "before", "target", "model"} <= set(router)
    (path,) = (captures / ".slp" / "plans").glob("*.json")
    assert json.loads(path.read_text())["routers"] == data["routers"]


def test_a_plan_from_the_assessment_is_the_plan_from_the_captures(command, captures):
    command("assess", "--from-captures", "pre")
    command("plan", "--from-captures", "pre", "-o", "one.json")
    command("plan", "--from-assessment", "latest", "-o", "other.json")
    one, other = (json.loads((captures / f"{n}.json").read_text()) for n in ("one", "other"))
    assert one["routers"] == other["routers"]


def test_verify_of_the_state_after_is_as_predicted(command, captures):
    command("plan", "--from-captures", "pre", "-o", "plan.json")
    outcome = command("verify", "plan.json", "--from-captures", "post", "-o", "v.json")
    assert outcome.code == 0, outcome.out
    data = json.loads((captures / "v.json").read_text())
    assert data["kind"] == "verification"
    assert all(r["proven"] for r in data["routers"])
    assert "6 of 6 routers are as predicted" in outcome.out


def test_verify_of_the_state_before_is_1_and_says_what_is_missing(command, captures):
    command("plan", "--from-captures", "pre", "--limit", "s1*", "-o", "plan.json")
    outcome = command("verify", "plan.json", "--from-captures", "pre")
    assert outcome.code == 1
    assert "not as predicted" in outcome.out
    assert re.search(r"unmet +model +expected MODEL-SLP, found MODEL-REGISTERED", outcome.out)


def test_a_router_of_the_plan_that_is_not_there_is_no_success(command, captures):
    command("plan", "--from-captures", "pre", "-o", "plan.json")
    shutil.rmtree(captures / "post" / MIGRATIONS[0])
    outcome = command("verify", "plan.json", "--from-captures", "post")
    assert outcome.code == 1
    assert f"{MIGRATIONS[0]}  is in the plan, and was not there to be read" in outcome.out


def test_saved_outputs_that_show_no_model_prove_nothing(command, captures):
    command("plan", "--from-captures", "pre", "--limit", "s1*", "-o", "plan.json")
    for file in (captures / "post" / MIGRATIONS[0]).glob("show-license*"):
        file.unlink()
    outcome = command("verify", "plan.json", "--from-captures", "post", "-o", "v.json")
    assert outcome.code == 1
    assert "not proven: model not shown" in outcome.out
    assert "0 of 1 routers are as predicted" in outcome.out
    assert json.loads((captures / "v.json").read_text())["routers"][0]["proven"] is False


def test_a_limit_that_leaves_no_router_of_the_plan_is_no_success(command, captures):
    command("plan", "--from-captures", "pre", "--limit", "s1*", "-o", "plan.json")
    words = ["--from-captures", "post", "--limit", "s2*"]
    outcome = command("verify", "plan.json", *words)
    assert outcome.code == 2
    assert "no router of the plan matches 's2*'" in outcome.err


def test_options_win_over_the_target_file(command, captures):
    words = ["plan", "--from-captures", "pre", "--limit", "s6*", "--json"]
    data = json.loads(command(*words, "--topology", "airgap", "--hseck9", "keep").out)
    topology = data["routers"][0]["target"]["topology"]
    assert topology == {"kind": "airgap"}, "the CSLU's URL must not survive another topology"
    kept = json.loads(command(*words, "--vrf", "Mgmt").out)["routers"][0]["target"]["topology"]
    assert kept["vrf"] == "Mgmt"
    assert kept["url"] == "http://192.168.0.1:8182/cslu/v1/pi"


def test_f31_a_token_on_the_command_line_is_refused(command, captures):
    words = ["plan", "--from-captures", "pre", "--token", "NotAReference123"]
    outcome = command(*words)
    assert outcome.code == 2
    assert "NotAReference123" not in outcome.err


@pytest.mark.parametrize("given", ["UP-5", "UP-5=", "=because", "UP-5= "])
def test_an_override_needs_a_reason(command, captures, given):
    outcome = command("plan", "--from-captures", "pre", "--allow", given)
    assert outcome.code == 2
    assert "has no reason" in outcome.err


def test_an_override_of_a_rule_that_is_none_is_refused(command, captures):
    outcome = command("plan", "--from-captures", "pre", "--allow", "NORULE=because")
    assert outcome.code == 2
    assert "there is no rule NORULE" in outcome.err


def test_no_target_is_wrong_usage_that_names_the_router(command, captures):
    (captures / "pre" / MIGRATIONS[0] / "target.yaml").unlink()
    outcome = command("plan", "--from-captures", "pre")
    assert outcome.code == 2
    assert MIGRATIONS[0] in outcome.err
    assert "--target" in outcome.err


def test_an_unreadable_router_is_reported_and_blocks_only_itself(command, captures):
    broken = captures / "pre" / MIGRATIONS[1]
    for path in broken.glob("*.txt"):
        path.write_text("% Invalid input detected at '^' marker.\n")
    outcome = command("plan", "--from-captures", "pre", "--json")
    assert outcome.code == 1
    by_name = {r["router"]: r for r in json.loads(outcome.out)["routers"]}
    assert len(by_name) == 6
    assert any(n["severity"] == "blocker" for n in by_name[MIGRATIONS[1]]["notices"])
    assert by_name[MIGRATIONS[0]]["steps"]


@pytest.mark.parametrize(
    ("limit", "count"), [("s1*", 1), ("s[12]*", 2), ("!s1*", 5), ("pid=ISR4351/K9", 2)]
)
def test_limit_has_one_grammar_for_captures_and_inventories(command, captures, limit, count):
    outcome = command("assess", "--from-captures", "pre", "--limit", limit, "--json")
    assert len(json.loads(outcome.out)["routers"]) == count


def test_a_limit_that_leaves_nothing_is_wrong_usage(command, captures):
    outcome = command("assess", "--from-captures", "pre", "--limit", "nothing*")
    assert outcome.code == 2


@pytest.mark.parametrize("words", [["assess"], ["plan"], ["plan", "--json"]])
def test_a_limit_with_a_part_that_fits_nothing_is_refused_and_nothing_is_saved(
    command, captures, words
):
    limit = f"{MIGRATIONS[1]},{MIGRATIONS[0]}x"
    outcome = command(*words, "--from-captures", "pre", "--limit", limit)
    assert outcome.code == 2
    assert f"no router matches '{MIGRATIONS[0]}x'" in outcome.err
    assert f"nearest: {MIGRATIONS[0]}" in outcome.err
    assert outcome.out == ""
    assert not list(captures.glob("*.json"))


def test_a_part_of_the_limit_that_fits_nothing_of_the_plan_is_refused(command, captures):
    command("plan", "--from-captures", "pre", "--limit", "s[12]*", "-o", "two.json")
    apply = command("apply", "two.json", "--limit", "s1*,s3*", "--yes")
    assert (apply.code, "no router of the plan matches 's3*'" in apply.err) == (2, True)
    verify = command("verify", "two.json", "--from-captures", "post", "--limit", "s1*,s3*")
    assert (verify.code, "no router of the plan matches 's3*'" in verify.err) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--release", "soon", "--release"),
        ("--topology", "onprm", "--topology"),
        ("--hseck9", "maybe", "--hseck9"),
        ("--image", "c.17.9.9.bin", "--image"),
        ("--stop-image", "c.bin@@/x/y", "--stop-image"),
    ],
)
def test_a_wrong_option_is_named_and_not_the_inventory(command, captures, option, value, named):
    outcome = command("plan", "--from-captures", "pre", option, value)
    assert outcome.code == 2
    assert f"error: {named}" in outcome.err
    assert "data.slp.target" not in outcome.err


def test_an_error_of_the_target_file_is_not_blamed_on_an_option(command, captures):
    (captures / "t.yaml").write_text("topology: direct\nrelease: never\n")
    outcome = command("plan", "--from-captures", "pre", "--target", "t.yaml", "--hseck9", "keep")
    assert outcome.code == 2
    assert "error: t.yaml: 'never'" in outcome.err


def test_assess_of_files_that_are_of_no_use_is_1_and_says_which_and_why(command, tmp_path):
    folder = tmp_path / "junk" / "r1"
    folder.mkdir(parents=True)
    (folder / "show-version.txt").write_text("hello\nworld\n")
    (folder / "show-license-status.txt").write_text("")
    (folder / "show-ip-route.txt").write_text("Gateway of last resort is not set\n")
    outcome = command("assess", "--from-captures", tmp_path / "junk", "-o", tmp_path / "a.json")
    assert outcome.code == 1
    assert "r1: show version: holds lines that are not of this command" in outcome.err
    assert "r1: show license status: holds nothing" in outcome.err
    assert "r1: nothing of what was saved could be used" in outcome.err
    assert "show ip route: " not in outcome.err, "what slp does not ask for is no fault"


def test_assess_of_a_command_that_the_router_refused_is_0(command, captures):
    for folder in (captures / "pre").iterdir():
        (folder / "show-license-reservation.txt").write_text(
            "% Invalid input detected at '^' marker.\n"
        )
    assert command("assess", "--from-captures", "pre").code == 0


@pytest.mark.parametrize("columns", [30, 60])
def test_narrow_terminals_wrap_words_and_lose_none(command, captures, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in (["assess"], ["plan"]):
        out = command(*words, "--from-captures", "pre", "--limit", "s5*", "--no-color").out
        assert max(len(line) for line in out.splitlines()) <= max(columns, 34)
        told = re.sub(r"\s+", "", out)
        assert "C1111-8PLTEEAWB" in told
    assert "Waituntilconversiondataiscollected" in told
