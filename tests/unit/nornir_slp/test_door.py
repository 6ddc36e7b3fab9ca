"""``nornir_slp`` is the one door for Python users: its public names are pinned, typed and lazy."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import nornir_slp
from nornir_slp import tasks

ROOT = Path(__file__).parents[3]
STEPS = ROOT / "tasks" / "slp_tasks" / "steps"

SIGNATURES = {
    "assess": "(nornir: 'Nornir', *, save: 'Path | None' = None) -> 'Assessment'",
    "load_nornir": "(path: 'Path', *, limit: 'str | None' = None, workers: 'int' = 50) -> 'Nornir'",
    "make_plan": "(state: 'RouterState', target: 'Target', *,"
    " group: 'Mapping[str, Any] | None' = None, rules: 'RuleData | None' = None) -> 'RouterPlan'",
    "is_proven": "(findings: 'Sequence[Finding]') -> 'bool'",
    "target_of": "(host: 'Host') -> 'Target'",
    "save": "(document: 'Frozen', path: 'Path') -> 'None'",
    "load_plan": "(path: 'Path') -> 'Plan'",
}


@pytest.mark.parametrize("module", [nornir_slp, tasks], ids=["nornir_slp", "tasks"])
def test_every_public_name_is_there_and_no_other(module: object) -> None:
    names = module.__all__  # type: ignore[attr-defined]
    assert names == sorted(names, key=lambda n: (n[0].islower(), n))
    for name in names:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        module.nothing  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_change_of_a_signature_is_seen_here(name: str) -> None:
    assert str(inspect.signature(getattr(nornir_slp, name))) == SIGNATURES[name]


def test_type_checkers_see_the_same_names_as_the_interpreter() -> None:
    for module in (nornir_slp, tasks):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        block = next(n for n in tree.body if isinstance(n, ast.If))
        seen = {
            a.asname or a.name
            for n in ast.walk(block)
            if isinstance(n, ast.ImportFrom)
            for a in n.names
        }
        assert seen == set(module.__all__)


def test_every_step_has_its_task_behind_the_door() -> None:
    defined = {
        node.name
        for path in STEPS.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.args.args
        and node.args.args[0].arg == "task"
        and not node.name.startswith("_")
    }
    assert defined <= set(tasks.__all__)


def test_importing_the_door_loads_nothing_heavy() -> None:
    heavy = ("scrapli", "netmiko", "paramiko", "dbos", "sqlalchemy", "typer", "rich", "nornir")
    code = (
        "import sys, nornir_slp, nornir_slp.tasks;"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
