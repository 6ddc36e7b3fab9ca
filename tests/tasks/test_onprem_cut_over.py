"""ONPREM: an old SSM On-Prem and its router are cut over to SLP, in the guide's order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from slp_core.plan import RouterPlan, StepKind, StepSpec
from tasks import labs
from tasks.labs import Bench, bench

HOST = "ssm.example.net"
ROUTER: dict[str, Any] = {
    "name": "r1",
    "family": "s1_registered",
    "path": {"cssm": False},
    "router": {
        "licensing": {"url": f"https://{HOST}/Transportgateway/services/DeviceRequestHandler"}
    },
}


def onprem_of(made: Bench) -> Any:
    (found,) = made.lab.network.onprems.values()
    return found


def act_as_person(made: Bench, plan: RouterPlan, step: StepSpec) -> None:
    """Does in On-Prem what the step asks for."""
    if "ONPREM-1" in step.reasons:
        onprem_of(made).upgrade("8-202105")
    elif "ONPREM-4" in step.reasons:
        # On-Prem writes its URL into the router when the account is registered again
        with made.lab.lock:
            running = made.router().running
            running.set(None, "license smart transport cslu")
            running.set(None, f"license smart url cslu {onprem_of(made).urls()['Local-1']}")


def test_onprem_7_the_cut_over_resets_once_and_reloads_unsaved(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(labs, "person", act_as_person)
    onprem = [{"host": HOST, "version": "8-202012", "tenants": {"Local-1": "Eg-SA-01/Eg-VA-01"}}]
    with bench(tmp_path, ROUTER, onprem=onprem) as made:
        url = onprem_of(made).urls()["Local-1"]
        topology = {"kind": "onprem", "url": url, "server_version": "8-202012"}
        plan = made.plan(topology=topology)
        assert plan.blockers == ()
        kinds = [s.kind for s in plan.steps]
        at = kinds.index(StepKind.FACTORY_RESET)
        assert kinds[at - 1 : at + 2] == [
            StepKind.SAVE_CONFIG, StepKind.FACTORY_RESET, StepKind.RELOAD,
        ]  # fmt: skip
        up_to_reload = plan.model_copy(update={"steps": plan.steps[: at + 2]})
        ended = made.migrate(up_to_reload)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        assert made.events().count("licensing factory reset") == 1
        reloads = [e for e in made.events() if e.startswith("reload")]
        assert len(reloads) == 2, reloads
