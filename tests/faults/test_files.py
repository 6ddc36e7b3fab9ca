"""Files that travel by a person's hand: altered on their way (F24), or of another router (F25)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from faults.desk import desk
from slp_core.plan import RouterPlan, StepSpec
from slp_tasks.step import RouterFiles


def router(family: str, *faults: str) -> dict[str, object]:
    return {"name": "r1", "family": family, "router": {"faults": list(faults)}}


def test_f24_an_altered_report_is_read_again_and_never_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, router("s2_slr", "F24")) as made:
        made.apply()
        assert made.record()["state"] == "proven", made.record()["reason"]
        uploads = made.lab.portal.uploads.values()
        assert uploads
        assert [u.error for u in uploads] == [None] * len(uploads), "CSSM got what was signed"


@pytest.mark.parametrize(
    ("family", "stops", "file"),
    [
        ("s2_slr", "usage-import", "ack"),
        ("s3_slr_gt250m", "reservation-install", "slr_code.txt"),
    ],
)
def test_f25_a_file_of_another_router_is_refused_and_the_right_one_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], family: str, stops: str, file: str
) -> None:
    with desk(tmp_path, capsys, router(family, "F25")) as made:
        applied = made.apply()
        found = made.record()
        assert applied.code == 1
        assert found["state"] == "failed"
        assert found["current_step"].endswith(stops)
        for words in ("is for PID", "not for this router", "slp confirm", "nothing was imported"):
            assert words in found["reason"]
        assert file in found["reason"].lower()
        before = Counter(made.events())
        _drop_the_right_one(made, found["current_step"])
        made.again()
        assert made.record()["state"] == "proven", made.record()["reason"]
        again = {e for e, n in Counter(made.events()).items() if n > 1 and before[e]}
        assert not {e for e in again if e.startswith(("reload", "install", "reservation"))}


def _drop_the_right_one(made, step: str) -> None:  # type: ignore[no-untyped-def]
    """The person takes the file anew from CSSM, which gives out the right one now."""
    fleet = made._fleet()
    try:
        run = fleet.latest()
        plan: RouterPlan = fleet.plan_of(run, "r1")
        files = RouterFiles(fleet.router_folder(run, "r1"))
    finally:
        fleet.close()
    at = next(i for i, s in enumerate(plan.steps) if s.id == step)
    asked: StepSpec = next(s for s in reversed(plan.steps[:at]) if s.kind == "person")
    made.answer(plan, asked, files)
