"""What a terminal shows of plans, findings and runs."""

from __future__ import annotations

import json

import pytest

from nornir_slp.gathered import gather
from nornir_slp.views.plan import in_short, totals
from slp_cli.commands.plan import exit_code as plan_exit
from slp_core.plan import Finding, Notice, Plan, Prediction, StepSpec


def fleet(*plans) -> Plan:
    return Plan(schema_version=1, routers=plans)


def test_the_plan_says_what_changes_and_why(command, plan_file, make_plan):
    out = command("report", plan_file(make_plan("r1"))).out
    assert "r1" in out
    notice = Notice(rule="UP-5", severity="warning", text="old", remedy="newer")
    from nornir_slp.views.plan import page
    from slp_cli.tables import print_page
    from slp_cli.ui import Ui

    ui = Ui()
    with ui.out.capture() as seen:
        print_page(ui.out, page(fleet(make_plan("r1", person=True, notices=(notice,)))))
    told = seen.get()
    for words in (
        "r1  ISR4461/K9 FDOR1  registered  16.12.4 → 17.3.2  direct (callhome)",
        "~ transport callhome → callhome (kept, TRANS-3)",
        "2 Activate 17.3.2 and reload  [UP-3]",
        "person, at CSSM: Reports:",
        "• Upload it.",
        "newly issued: reporting.last_ack",
        "! warning UP-5: old",
        "newer",
        "Plan: 1 to migrate, 0 need nothing, 0 blocked; 5 steps, 1 reload, 1 step of a person.",
    ):
        assert words in told


def test_identical_plans_are_one_group_whatever_is_the_routers_own(make_plan):
    def own(name: str):
        step = StepSpec(id="01-x", kind="backup", title=f"Back up {name} (FDO{name.upper()})")
        return make_plan(name, steps=(step,))

    found = gather([own("r1"), own("r2"), own("r4"), make_plan("other", blocked=True)])
    groups = found.largest_first
    assert [(g.names, g.count) for g in groups] == [(["r1", "r2", "r4"], 3), (["other"], 1)]


def test_a_name_within_another_word_is_not_the_routers_own(make_plan):
    step = StepSpec(id="01-x", kind="backup", title="Copy isr4400.bin")
    one, other = make_plan("isr", steps=(step,)), make_plan("r4", steps=(step,))
    assert len(gather([one, other]).groups) == 1


def test_expectations_in_short():
    paths = [f"licenses[T{i}].count" for i in range(5)] + ["hostname", "udi.pid"]
    paths += [f"policy.{c}.{t}" for c in "ab" for t in "xyz"]
    told = in_short([Prediction(path=p, kind="unchanged") for p in paths])
    assert told == ["licenses.count (5)", "hostname", "udi.pid", "policy (6)"]


@pytest.mark.parametrize(
    ("blocked", "code", "told"),
    [
        ((False, False), 0, "2 to migrate, 0 need nothing, 0 blocked"),
        ((False, True), 1, "1 to migrate, 0 need nothing, 1 blocked (UP-5 1); "),
        ((True, True), 3, "0 to migrate, 0 need nothing, 2 blocked (UP-5 2); "),
    ],
)
def test_exit_codes_of_a_plan(make_plan, blocked, code, told):
    plan = fleet(*(make_plan(f"r{i}", blocked=b) for i, b in enumerate(blocked)))
    found = gather(plan.routers)
    assert plan_exit(found.blocked, found.routers) == code
    assert told in totals(plan)


def test_findings_say_expected_found_rule_and_lines(command):
    from nornir_slp.views import findings
    from slp_cli.tables import print_page
    from slp_cli.ui import Ui
    from slp_core.state import Evidence
    from slp_core.verify import is_proven

    seen = Evidence(command="show license all", lines=(7,))
    bad = Finding(
        path="model", verdict="unmet", expected="A", found="B", rules=("M-1",), evidence=seen
    )
    new = Finding(path="ack", verdict="unmet", found=None, rules=("REP-9",))
    note = Finding(path="x", verdict="unmet", severity="warning", expected=1, found=2)
    good = Finding(path="y", verdict="met", found=3)
    ui = Ui()
    with ui.out.capture() as page:
        shown = findings.page(
            {"r1": (bad, new, note, good), "r2": (good,)},
            every=False,
            kinds={"r1": {"ack": "newly_issued"}},
        )
        print_page(ui.out, shown)
    told = page.get()
    assert "model  expected A, found B  [M-1]" in told
    assert "show license all, line 7" in told
    assert "ack  expected something new, found none" in told
    assert "warning" in told
    assert "r2  as predicted  1 of 1 met" in told
    assert not is_proven((bad,))
    assert is_proven((note, good)), "a warning is no failure"


def test_slp_report_gives_json_with_its_fields(command, plan_file, make_plan):
    outcome = command("report", plan_file(make_plan()), "--json")
    data = json.loads(outcome.out)
    assert {"schema_version", "kind", "subject", "counts", "routers", "tasks"} <= set(data)
    (router,) = data["routers"]
    assert {"router", "state", "facts", "steps", "notices", "pid", "serial"} <= set(router)
