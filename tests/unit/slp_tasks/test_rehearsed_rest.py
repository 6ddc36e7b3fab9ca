"""A dry run of a usage step that goes by REST shows requests, never lines that nobody sends."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.errors import InputError
from slp_core.plan import StepSpec
from slp_tasks.registry import behaviour_of
from slp_tasks.rehearse import rehearse
from slp_tasks.step import Probe, RouterFiles, StepContext


def context(folder: Path, kind: str, params: dict[str, Any], *, prefers: bool) -> Any:
    unused: Any = None
    session: Any = SimpleNamespace(prefers_rest=prefers)
    plan: Any = SimpleNamespace(router="r1", udi=None, steps=())
    return StepContext(
        step=StepSpec(id="02-usage", kind=kind, title="usage", params=params),
        session=session,
        clock=unused,
        secrets=unused,
        files=RouterFiles(folder),
        earlier={"01-before": {"would_act": True}},
        plan=plan,
    )


@pytest.mark.parametrize("prefers", [False, True])
@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("usage_save", {"file": "usage.txt", "what": "all"}),
        ("usage_save", {"file": "usage.txt", "what": "days", "days": 7}),
        ("usage_import", {"file": "ack.txt"}),
    ],
)
@pytest.mark.parametrize("ready", [True, False])
def test_lines_of_the_way_that_is_taken_are_shown(
    tmp_path: Path, kind: str, params: dict[str, Any], prefers: bool, ready: bool
) -> None:
    def probe(_: Any) -> Probe:
        if not ready:
            raise InputError("the file is not here yet")
        return Probe("ready", "as the step before leaves it")

    step: Any = SimpleNamespace(probe=probe, planned=behaviour_of(kind, "r1").planned)
    by_rest = context(
        tmp_path, kind, params if prefers else params | {"by": "rest"}, prefers=prefers
    )
    sends = rehearse(step, by_rest).seen["sends"]
    assert sends
    assert all(line.startswith(("POST ", "GET ")) for line in sends)
    by_cli = context(tmp_path, kind, params | {"by": "cli"}, prefers=prefers)
    sends = rehearse(step, by_cli).seen["sends"]
    assert sends
    assert all(line.startswith(("license smart ", "scp ")) for line in sends)
