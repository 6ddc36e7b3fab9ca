"""A whole migration through each fault: finished, or stopped at one step with one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench

FINISHED = None
DONE = ("done", "skipped")


def run(tmp: Path, family: str, *faults: Any, **router: Any) -> tuple[Bench, list[tuple[str, str]]]:
    spec = {"faults": list(faults), **router}
    with bench(tmp, {"name": "r1", "family": family, "router": spec}) as made:
        return made, made.migrate(made.plan())


def asked(name: str, **params: Any) -> dict[str, Any]:
    return {"name": name, "params": params}


CASES: dict[str, tuple[str, Any, str | None, str | None]] = {
    # family, how it is asked for, the step that stops, words of the sentence
    "F01": ("s1_registered", "F01", FINISHED, None),
    "F02": ("s1_registered", "F02", FINISHED, None),
    "F05": (
        "s1_registered",
        {"name": "F05", "params": {"free": 1000}},
        "stage-image",
        "bytes free",
    ),
    "F07": ("s1_registered", "F07", FINISHED, None),
    "F08": ("s1_registered", "F08", "install-activate", "16.12.4, not 17.3.2"),
    "F09-unsaved": ("s1_registered", "F09-unsaved", "install-add", "configuration is not saved"),
    "F09-issu": ("s1_registered", "F09-issu", "install-add", "ISSU"),
    "F09-missing": ("s1_registered", "F09-missing", "install-add", "package files"),
    "F10": ("s1_registered", "F10", "install-activate", None),
    "F13": ("s1_registered", "F13", FINISHED, None),
    "F14": ("s4_evaluation", "F14", FINISHED, None),
    "F15": ("s1_registered", "F15", FINISHED, None),
    "F16": ("s1_registered", "F16", FINISHED, None),
    "F17": ("s1_registered", "F17", FINISHED, None),
    "F20": ("s1_registered", "F20", FINISHED, None),
    "F22": ("s1_registered", "F22", FINISHED, None),
    "F22-corrupt": ("s1_registered", "F22-corrupt", FINISHED, None),
    "F29": ("s1_registered", asked("F29", seconds=1), FINISHED, None),
    "F33": ("s1_registered", "F33", FINISHED, None),
    "F34-clock": ("s4_evaluation", "F34-clock", "preflight", "clock is off by 120 minutes"),
    "F34-dns": ("s4_evaluation", "F34-dns", "trust", "resolve"),
    "F34-present": ("s4_evaluation", "F34-present", "trust", "force"),
    "F37": ("s1_registered", asked("F37", seconds=3000), FINISHED, None),
    "F37-late": (
        "s1_registered",
        asked("F37", seconds=9000),
        "usage-sync",
        "late",
    ),
    "F38": ("s1_registered", "F38", "verify", "throughput"),
    "F39": ("s5_pak", "F39", "dlc-wait", "not collected"),
}


@pytest.mark.parametrize("fault", sorted(CASES))
def test_fault(tmp_path: Path, fault: str) -> None:
    family, how, stops_at, says = CASES[fault]
    made, ended = run(tmp_path, family, how)
    stopped = [(i, e) for i, e in ended if e not in DONE]
    reloads = [e for e in made.events() if e.startswith("reload")]
    if stops_at is FINISHED:
        assert stopped == []
        assert len(reloads) == 1
        return
    assert len(stopped) == 1, ended
    step, sentence = stopped[0]
    assert step.endswith(stops_at), (step, sentence)
    assert (says or "") in sentence
    assert len(reloads) <= 1, "a second reload"
