"""``slp parse``: what a user sees of one output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slp_cli.main import run

GOLDEN = Path(__file__).parent / "golden"
SUMMARY = GOLDEN / "show-license-summary" / "slp_17_15_accounts.txt"


def test_it_prints_command_status_data_and_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "sh lic sum", str(SUMMARY)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["command"], found["status"]) == ("show license summary", "ok")
    assert found["data"]["usage"]["licenses"][3]["tag"] == "DNA_HSEC"
    assert found["unknown"] == []
    assert "evidence" not in found


def test_evidence_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "show license summary", str(SUMMARY), "--evidence", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["evidence"]["usage.licenses[DNA_HSEC].count"] == [11]


def test_list_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert "show license tech support" in listed
    assert "show platform software license dlc" in listed


def test_an_output_of_another_command_is_said_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "show version", str(SUMMARY)]) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)["status"] == "foreign"
    assert "not the output of show version" in shown.err


@pytest.mark.parametrize(
    "arguments",
    [["parse"], ["parse", "sh lic u", str(SUMMARY)], ["parse", "show cdp", str(SUMMARY)]],
)
def test_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "error:" in capsys.readouterr().err


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["parse", "show version", str(tmp_path / "no.txt")]) == 2
    assert "no.txt" in capsys.readouterr().err
