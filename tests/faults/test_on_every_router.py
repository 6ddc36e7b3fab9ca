"""What strikes every router, on every run: needs no switch (F12, F18, F31)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import serving
from kit.fault_desk import desk, forms

LONG = "Zk9" * 90 + "-long-token-0003"


def test_f18_a_long_token_is_echoed_wrapped_and_still_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(serving.SECRETS, "SLP_TOKEN", LONG)
    with desk(tmp_path, capsys, {"name": "r1", "family": "s4_evaluation"}) as made:
        made.apply("-vv")
        assert made.record()["state"] == "proven", made.record()["reason"]
        assert made.events().count("trust installed") == 1
        assert made.secrets_left() == []


def test_f31_every_artefact_of_a_run_that_fails_is_free_of_secrets_even_at_vv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Debug logs, tracebacks, the store with its WAL, evidence and reports, in every form."""
    planted = "commun1ty-Unique-88"
    router = {
        "name": "r1",
        "family": "s4_evaluation",
        "router": {
            "faults": ["F34-revoked", "F16"],
            "unsaved": [f"snmp-server community {planted} RO"],
        },
    }
    with desk(tmp_path, capsys, router) as made:
        made.slp("assess", "-vv", "--save-captures", "saved")
        made.slp("plan", "-vv")
        applied = made.slp("apply", "latest", "--yes", "-vv")
        assert applied.code == 1
        assert "DEBUG" in applied.err or "INFO" in applied.err
        for form in ("html", "json", "csv", "markdown"):
            report = made.slp("report", made.run()["id"], "--format", form, "--output", f"r.{form}")
            assert report.code in (0, 1), report.err
        assert made.secrets_left() == []
        assert made.left_with(forms(planted)) == []


def test_f12_questions_with_characters_of_patterns_are_answered_literally(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = {"hostname": "r1.a+b"}
    with desk(tmp_path, capsys, {"name": "r1", "family": "s1_registered", "router": odd}) as made:
        made.apply()
        assert made.record()["state"] == "proven", made.record()["reason"]
        typed = list(made.router().typed)
        assert any("install activate" in line for line in typed)
