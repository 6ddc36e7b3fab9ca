"""A dry run of a usage step that goes by REST shows requests, never lines that nobody sends."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.errors import InputError
from slp_core.plan import StepKind, StepSpec
from slp_tasks.rehearse import rehearse
from slp_tasks.step import Probe, RouterFiles


def context(folder: Path, kind: StepKind, params: dict[str, Any], *, prefers: bool) -> Any:
    return SimpleNamespace(
        step=StepSpec(id="02-usage", kind=kind, title="usage", params=params),
        session=SimpleNamespace(prefers_rest=prefers),
        files=RouterFiles(folder),
        earlier={"01-before": {"would_act": True}},
        plan=SimpleNamespace(router="r1", udi=None),
    )


@pytest.mark.parametrize("prefers", [False, True])
@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (StepKind.USAGE_SAVE, {"file": "usage.txt", "what": "all"}),
        (StepKind.USAGE_SAVE, {"file": "usage.txt", "what": "days", "days": 7}),
        (StepKind.USAGE_IMPORT, {"file": "ack.txt"}),
    ],
)
@pytest.mark.parametrize("ready", [True, False])
def test_lines_of_the_way_that_is_taken_are_shown(
    tmp_path: Path, kind: StepKind, params: dict[str, Any], prefers: bool, ready: bool
) -> None:
    def probe(_: Any) -> Probe:
        if not ready:
            raise InputError("the file is not here yet")
        return Probe("ready", "as the step before leaves it")

    by_rest = context(
        tmp_path, kind, params if prefers else params | {"by": "rest"}, prefers=prefers
    )
    sends = rehearse(SimpleNamespace(probe=probe), by_rest).seen["sends"]
    assert sends
    assert all(line.startswith(("POST ", "GET ")) for line in sends)
    by_cli = context(tmp_path, kind, params | {"by": "cli"}, prefers=prefers)
    sends = rehearse(SimpleNamespace(probe=probe), by_cli).seen["sends"]
    assert sends
    assert all(line.startswith(("license smart ", "scp ")) for line in sends)
