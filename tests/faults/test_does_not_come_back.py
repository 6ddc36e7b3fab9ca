"""``slp apply`` and ``slp verify`` of a router that its next reload would not bring back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.fault_desk import Desk, desk
from kit.fault_ends import watch

ROUTER = {"name": "r1", "family": "s4_evaluation"}


def missing_file(made: Desk) -> None:
    with made.lab.lock:
        router = made.router()
        lines = [x for x in router.running.lines() if not x.startswith("boot system")]
        router.running = type(router.running)(["boot system bootflash:gone.bin", *lines])
        router.save()


def register(made: Desk) -> None:
    with made.lab.lock:
        made.router().next_register = "0x2142"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "says"),
    [(missing_file, "gone.bin (not on flash)"), (register, "the startup configuration is ignored")],
    ids=["boot variable", "register"],
)
def test_up_3_neither_apply_nor_verify_says_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Desk], None], says: str
) -> None:
    with desk(tmp_path, capsys, ROUTER) as made:
        watch(made, "usage sync", spoil)
        applied = made.apply()
        assert applied.code == 1, applied.out
        assert made.record()["state"] == "failed"
        assert says in made.shown()
        verified = made.slp("verify")
        assert verified.code == 1
        assert says in " ".join(verified.out.split())
        assert "0 of 1 routers are as predicted" in verified.out
        made.slp("report", made.run()["id"], "-o", str(tmp_path / "report.html"))
        assert says in (tmp_path / "report.html").read_text()
