"""Steps that lead to a stop on the way are done with for a router that is past it (B9-3)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.plan import StepSpec
from slp_core.release import Release
from slp_core.state import RouterState
from slp_tasks import run
from slp_tasks.step import Probe


@pytest.mark.parametrize(
    ("running", "beyond", "asked"),
    [
        ("17.11.1", "17.11.1", False),  # at its target: nothing leads back to the stop
        ("17.9.4", "17.11.1", True),  # at the stop: the step itself tells
        ("17.3.4", "17.11.1", True),
        ("17.11.1", None, True),  # a step of any other plan
    ],
)
def test_b9_3_a_router_past_its_stop_is_not_led_back(
    monkeypatch: pytest.MonkeyPatch, running: str, beyond: str | None, asked: bool
) -> None:
    state = RouterState(name="r", release=Release.parse(running))
    monkeypatch.setattr(run, "look", lambda *_: state)
    monkeypatch.setattr(run.others, "yielding", lambda _, probe: probe)
    step = SimpleNamespace(probe=lambda _: Probe("ready", "the step was asked"))
    monkeypatch.setattr(run, "behaviour_of", lambda *_: step)
    params = {"file": "bootflash:x.bin", **({"beyond": beyond} if beyond else {})}
    spec = StepSpec(id="01-x", kind="boot_variable", title="x", params=params)
    context: Any = SimpleNamespace(
        step=spec, plan=SimpleNamespace(router="r"), dry_run=False, notes={}
    )
    probe = run._call(context, "probe")
    assert isinstance(probe, Probe)
    assert (probe.state == "ready") is asked
    assert asked or f"runs {beyond} already" in probe.detail
