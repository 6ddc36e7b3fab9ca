"""``slp plan --probe``: the way to the licence server is tried when the plan is made (READY-3)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.office import office

CSSM = "smartreceiver.cisco.com"
PLACE = f"{CSSM} port 443 (from GigabitEthernet0/0/2)"
DIRECT = ("--topology", "direct", "--token", "env:SLP_TOKEN")


def router(name: str, **path: Any) -> dict[str, Any]:
    return {"name": name, "family": "s4_evaluation", "path": path}


def ready(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [n for n in plan["notices"] if n["rule"] == "READY-3" and CSSM in n["text"]]


def test_ready_3_each_router_says_in_its_plan_whether_the_way_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with office(tmp_path, capsys, router("r1"), router("r2", cssm=False)) as at:
        done = at.slp("plan", "--probe", "--json", *DIRECT)
        assert done.code == 1, done.err
        one, two = json.loads(done.out)["routers"]
        (note,) = ready(one)
        assert (note["severity"], note["text"]) == (
            "note",
            f"r1 reaches {PLACE}",
        )
        (blocker,) = ready(two)
        assert blocker["severity"] == "blocker"
        assert blocker["overridable"]
        assert f"r2 does not reach {PLACE}: the connection times out" in blocker["text"]
        assert [e for e in at.events("r2") if "reload" in e] == []

        plain = json.loads(at.slp("plan", "--json", *DIRECT).out)["routers"]
        assert [ready(p) for p in plain] == [[], []], "nothing is tried unless asked for"

        reason = "READY-3=the firewall opens tonight"
        allowed = at.slp("plan", "--probe", "--allow", reason, *DIRECT)
        assert allowed.code == 0, allowed.out + allowed.err


def test_probe_is_refused_where_no_router_is_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with office(tmp_path, capsys, router("r1")) as at:
        done = at.slp("plan", "--probe", "--from-captures", str(tmp_path), *DIRECT)
        assert done.code == 2
        assert "--probe asks the routers themselves, and --from-captures reaches none" in " ".join(
            done.err.split()
        )
