"""What keeps a classic router from reaching CSSM, and what is kept for it: B9-7 to B9-19."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.release import Release
from slp_core.rules import classic
from slp_core.state import RouterState
from slp_core.targets import CallHome, Target, Topology

NOW = datetime(2021, 3, 1, tzinfo=UTC)
TRUSTPOINT = "ip http client secure-trustpoint SLA-TrustPoint"


def asr(**parts: Any) -> RouterState:
    licensing = {"license_type": "Smart License", **parts.pop("licensing", {})}
    return RouterState.from_json({
        "name": "asr", "udi": {"pid": "ASR-920-12CZ-A", "sn": "CAT2024V0YY"}, "release": "17.6.1",
        "read_at": NOW.isoformat(), "licensing": licensing, **parts,
    })  # fmt: skip


def planned(state: RouterState, classic_wish: str = "register", **topology: Any) -> RouterPlan:
    at = Topology.model_validate({"kind": "direct", "token": "env:T", **topology})
    return make_plan(state, Target(topology=at, classic=classic_wish))  # type: ignore[arg-type]


def told(plan: RouterPlan, rule: str) -> list[str]:
    return [n.severity for n in plan.notices if n.rule == rule]


@pytest.mark.parametrize(("processors", "because"), [(1, False), (2, True)])
def test_b9_7_two_processors_are_a_reason_to_save_after_registering(
    processors: int, because: bool
) -> None:
    state = asr(redundancy={"processors": processors})
    assert classic.saves_at_once(state) is because
    steps = planned(state).steps
    kinds = [s.kind for s in steps]
    assert kinds.index("save_config") > kinds.index("register")
    (save,) = [s for s in steps if s.kind == "save_config"]
    assert ("B9-7" in save.reasons) is because
    renewed = planned(state, "renew").steps
    assert not [s for s in renewed if "B9-7" in s.reasons]
    assert classic.saves_at_once(asr()) is False


@pytest.mark.parametrize(
    ("config", "topology", "notes"),
    [
        (["hostname asr"], {}, ["note"]),
        (["hostname asr", TRUSTPOINT], {}, []),
        (["ip http client secure-trustpoint OTHER"], {}, ["note"]),
        (["hostname asr"], {"trustpoint": "SLA-TrustPoint"}, []),  # the plan sets it
        (None, {}, []),  # unseen
    ],
)
def test_b9_8_a_missing_trustpoint_is_named_before_registering(
    config: list[str] | None, topology: dict[str, str], notes: list[str]
) -> None:
    state = asr(**({"config": config} if config is not None else {}))
    assert told(planned(state, **topology), "B9-8") == notes
    assert told(planned(state, "deregister", **topology), "B9-8") == []


@pytest.mark.parametrize(
    ("days", "soon"), [(-1, True), (0, True), (29, True), (30, False), (31, False), (None, None)]
)
def test_b9_13_an_identity_that_ends_before_its_renewal_is_warned_of(
    days: int | None, soon: bool | None
) -> None:
    registration: dict[str, Any] = {"status": "REGISTERED"}
    if days is not None:
        registration["expires"] = (NOW + timedelta(days=days)).isoformat()
    state = asr(licensing={"registration": registration})
    assert classic.identity_ends_soon(state, NOW) is soon
    assert told(planned(state, "keep"), "B9-13") == (["warning"] if soon else [])
    assert told(planned(state, "renew"), "B9-13") == []  # that is what the plan does
    assert classic.identity_ends_soon(state, None) is None


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("17.9.4a", "license smart log verbose"),
        ("17.10.0", "license smart log verbose"),
        ("17.10.1", "set platform software trace ios R0 uea-sl verbose"),
        ("17.11.1", "set platform software trace ios R0 uea-sl verbose"),
    ],
)
def test_b9_14_traces_are_gathered_by_another_command_from_17_10_1(
    release: str, command: str
) -> None:
    assert classic.trace_command(Release.parse(release)) == command
    plan = planned(asr(release=release))
    (note,) = [n for n in plan.notices if n.rule == "B9-14"]
    assert command in note.remedy
    assert told(planned(asr(release=release), "keep"), "B9-14") == []


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://tools.cisco.com/its/service/oddce/services/DDCEService", True),
        ("https://tools.cisco.com/its/service/oddce/services/DDCEService", False),
        ("HTTPS://ssm.example.net/Transportgateway/services/DeviceRequestHandler", False),
        ("tools.cisco.com", True),
        (None, False),
    ],
)
def test_b9_19_the_registration_url_is_https(url: str | None, wrong: bool) -> None:
    assert (classic.url_fault(url) is not None) is wrong
    plan = planned(asr(), call_home=CallHome(url=url))
    assert told(plan, "B9-19") == (["blocker"] if wrong else [])
    assert not any(n.overridable for n in plan.notices if n.rule == "B9-19")
