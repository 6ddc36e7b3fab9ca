"""Errors as words, exit codes, start-up."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from slp_cli import main
from slp_cli.run_options import Pace
from slp_core.errors import AuthFailed, PlanMismatch, SlpError, StoreError

COMMANDS = {
    "assess", "plan", "verify", "apply", "plans", "runs", "show", "watch", "pause",
    "resume", "cancel", "retry", "confirm", "report", "parse", "explain", "lab", "demo", "doctor",
    "upgrade", "topology", "trust", "slac", "slr", "usage", "throughput", "save", "classic",
    "cssm", "onprem", "bundle",
    "rollback",
}  # fmt: skip
COMMON = {
    "--inventory", "--store", "--limit", "--format", "--json", "--output", "--quiet", "--verbose",
    "--no-color",
}  # fmt: skip
CAREFUL = {
    "--canary", "--wave-size", "--max-failures", "--per-group", "--window", "--workers",
    "--allow", "--yes", "--dry-run",
}  # fmt: skip
GROUPS = {"lab", "usage", "classic", "cssm", "onprem", "bundle"}
SERVICES = {
    "cssm": {
        "accounts", "tokens", "create-token", "revoke-token", "balances", "instances",
        "remove-instance", "upload", "poll", "slac", "serve-run",
    },
    "onprem": {"accounts", "instances", "licenses", "tokens", "create-token"},
    "bundle": {"export", "import"},
}  # fmt: skip
ASKING = {"--account", "--url", "--api", "--client-id", "--client-secret", "--ca"}
OWN = {
    "assess": {"--from-captures"},
    "plan": {
        "--from-captures", "--rules", "--target", "--release", "--image", "--topology", "--allow",
        "--balances",
    },
    "verify": {"--from-captures", "--moment"},
    "apply": CAREFUL,
    "confirm": {"--file"},
    "upgrade": {"--release", "--image", *CAREFUL},
    "topology": {"--topology", "--url", "--vrf", "--proxy", *CAREFUL},
    "trust": {"--token", "--force", *CAREFUL},
    "slac": {"--file", "--from", *CAREFUL},
    "slr": {"--file", "--from", *CAREFUL},
    "throughput": CAREFUL,
    "save": CAREFUL,
    "demo": {"--routers", "--speed", "--folder", "--keep"},
}  # fmt: skip


def test_every_command_of_the_interface_is_there():
    assert set(main.COMMANDS) == COMMANDS


@pytest.mark.parametrize("name", sorted(COMMANDS - GROUPS))
def test_every_command_takes_the_common_options_and_its_own(name):
    options = {o for p in main._load(name).params for o in p.opts}
    missing = (COMMON | OWN.get(name, set())) - options
    assert not missing, f"slp {name} lost {missing}: scripts that use them break"


@pytest.mark.parametrize("name", ["upgrade", "trust", "rollback", "topology"])
def test_a_run_proceeds_by_the_same_options_and_words_whatever_carries_it_out(name):
    def run_options(of: str) -> dict[str, tuple[object, ...]]:
        return {
            p.name: (p.opts, p.help, p.default, p.metavar)
            for p in main._load(of).params
            if p.name in fields
        }

    fields = {field.name for field in dataclasses.fields(Pace)}
    assert run_options(name) == run_options("apply")
    assert set(run_options(name)) == fields


@pytest.mark.parametrize("group", sorted(SERVICES))
def test_every_command_of_the_services_is_there_with_its_options(group):
    found = main._load(group).commands
    assert set(found) == SERVICES[group]
    wanted = COMMON | (ASKING if group != "bundle" else {"--to"})
    for name, one in found.items():
        missing = wanted - {o for p in one.params for o in p.opts}
        assert not missing, f"slp {group} {name} lost {missing}: scripts that use them break"


@pytest.mark.parametrize("words", [["--help"], ["assess", "-h"], ["lab", "start", "--help"]])
def test_help_is_no_error(command, words):
    outcome = command(*words)
    assert outcome.code == 0
    assert "Usage" in outcome.out


def test_version(command):
    assert command("--version").out.startswith("nornir-slp ")


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-command"],
        ["assess", "--no-such-option"],
        ["apply"],
        ["apply", "no-such-plan.json"],
        ["assess", "--format", "xml"],
        ["assess", "--json", "--format", "csv"],
        ["assess", "--inventory", "/no/such/inventory"],
        ["assess", "--from-captures", "/no/such/folder"],
        ["explain", "NO-SUCH-RULE"],
        ["show", "latest"],
        ["lab", "stop", "no-such-lab"],
    ],
)
def test_wrong_usage_is_2_with_words_and_nothing_on_standard_output(
    command, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    outcome = command(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AuthFailed("refused", where="r1", remedy="check it"), 1),
        (PlanMismatch("another serial", where="r1"), 2),
        (StoreError("the disk is full"), 1),
        (RuntimeError("boom"), 1),
    ],
)
def test_every_error_becomes_words_and_its_exit_code(command, monkeypatch, error, code):
    monkeypatch.setattr("nornir_slp.glossary.everything", lambda: (_ for _ in ()).throw(error))
    outcome = command("explain")
    assert outcome.code == code
    assert outcome.err.startswith("error: ")
    assert "Traceback" not in outcome.err
    if isinstance(error, SlpError):
        assert f"[{error.code}]" in outcome.err
        assert error.what in outcome.err
        assert (error.remedy or "") in outcome.err
    else:
        assert "boom" not in outcome.err, "the text of an unknown error may hold a secret"


def test_a_traceback_only_with_vv(command, monkeypatch):
    def fail() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("nornir_slp.glossary.everything", fail)
    assert "Traceback" not in command("explain", "-v").err
    assert "RuntimeError: boom" in command("explain", "-vv").err


def test_f31_a_secret_in_a_traceback_is_masked(command, monkeypatch):
    from slp_core.secrets import REDACTOR

    REDACTOR.add("Planted-Secret-4711")

    def fail() -> None:
        raise AuthFailed("refused Planted-Secret-4711", where="r1")

    monkeypatch.setattr("nornir_slp.glossary.everything", fail)
    assert "Planted-Secret" not in command("explain", "-vv").err


def test_ctrl_c_is_130(command, monkeypatch):
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nornir_slp.glossary.everything", interrupt)
    assert command("explain").code == 130


def test_every_module_of_a_command_can_be_imported():
    for name in main.COMMANDS:
        assert main._load(name).name == name


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--help"], {"pydantic", "nornir", "dbos", "sqlalchemy", "asyncssh", "slp_fleet.api"}),
        (["confirm", "no-run", "r1", "--store", "nowhere"], {"nornir", "dbos", "slp_sim"}),
        (["show", "--help"], {"nornir", "dbos", "slp_sim", "jinja2"}),
        (["explain", "F07"], {"nornir", "dbos", "slp_sim", "jinja2"}),
    ],
)
def test_a_command_imports_only_what_it_needs(words, heavy, tmp_path: Path):
    code = (
        "import sys\nfrom slp_cli.main import run\n"
        f"run({words!r})\nprint('LOADED', *sorted(m for m in {heavy!r} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1].split() == ["LOADED"], done.stderr
