"""Files that travel by a person's hand: altered on their way (F24), or of another router (F25)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kit.fault_desk import desk
from slp_tasks.step import RouterFiles


def router(family: str, *faults: str) -> dict[str, object]:
    return {"name": "r1", "family": family, "router": {"faults": list(faults)}}


@pytest.mark.slow
def test_f24_an_altered_report_is_read_again_and_never_leaves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, router("s2_slr", "F24")) as made:
        made.apply()
        assert made.record()["state"] == "proven", made.record()["reason"]
        uploads = made.lab.portal.uploads.values()
        assert uploads
        assert [u.error for u in uploads] == [None] * len(uploads), "CSSM got what was signed"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "file"), [("s2_slr", "ACK_usage_report"), ("s3_slr_gt250m", "slr_code.txt")]
)
def test_f25_a_file_of_another_router_is_refused_and_the_right_one_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], family: str, file: str
) -> None:
    with desk(tmp_path, capsys, router(family, "F25")) as made:
        applied = made.apply("-v")
        said = next(x for x in applied.err.splitlines() if "not for this router" in x)
        for words in ("r1", file, "is for PID", "take the file of this router", "nothing was imp"):
            assert words in said
        assert made.record()["state"] == "proven", made.record()["reason"]
        counted = Counter(made.events())
        assert not [e for e, n in counted.items() if n > 1 and e.startswith(("reload", "install"))]


@pytest.mark.slow
def test_f25_slp_confirm_refuses_the_file_before_it_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk(tmp_path, capsys, router("s2_slr", "F25")) as made:
        made.stage.idle = lambda: False
        made.apply()
        fleet = made._fleet()
        run = fleet.latest()
        files = RouterFiles(fleet.router_folder(run, "r1"))
        plan = fleet.plan_of(run, "r1")
        fleet.close()
        asked = next(s for s in plan.steps if s.kind == "person")
        made.answer(plan, asked, files)
        wrong = next(files.folder("in").iterdir())
        refused = made.slp("confirm", run, "r1", "--file", str(wrong))
        assert refused.code == 2
        assert "not for this router" in refused.err
