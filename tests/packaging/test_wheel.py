"""The wheel, installed into a clean environment, is the whole product."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "slp_core", "slp_exchange", "slp_fleet", "nornir_slp", "slp_lab", "slp_cli", "slp_sim",
    "scrapli_slpssh2", "scrapli_slpsystem", "scrapli_slpfake", "slp_tasks", "slp_playbooks",
}  # fmt: skip

LOOKUPS = """
from slp_core.steps.base import step_kinds
from slp_tasks.registry import behaviours
assert set(behaviours()) == set(step_kinds()), set(step_kinds()) ^ set(behaviours())

from slp_core.render import template_names
assert any(name.startswith("topology/") for name in template_names()), template_names()
assert any(name.startswith("report/") for name in template_names()), template_names()

from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.plugins.inventory import InventoryPluginRegister
InventoryPluginRegister.auto_register()
ConnectionPluginRegister.auto_register()
assert InventoryPluginRegister.get_plugin("SlpInventory").__module__ == "slp_tasks.inventory"
assert ConnectionPluginRegister.get_plugin("scrapli")

from slp_core.rules import explain
assert explain("TRANS-3") is not None
print("lookups ok")
"""


@pytest.fixture(scope="module")
def uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    assert found, "uv is not installed; `make setup` installs it"
    return found


@pytest.fixture(scope="module")
def wheel(uv: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [uv, "build", "--quiet", "--wheel", "--out-dir", str(out), str(ROOT)], check=True
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_every_package_its_marker_and_the_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == PACKAGES
    assert {f"{p}/py.typed" for p in PACKAGES} <= names
    assert any(n.startswith("slp_core/templates/topology/") for n in names)
    assert any(n.startswith("slp_core/rules/data/") for n in names)


@pytest.mark.slow
def test_the_wheel_works_in_a_clean_environment(uv: str, wheel: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(clean)], check=True)
    python = clean / "bin" / "python"
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(python), str(wheel)], check=True
    )
    helped = subprocess.run(
        [clean / "bin" / "slp", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for command in ("assess", "plan", "apply", "verify", "report", "lab"):
        assert command in helped.stdout
    looked = subprocess.run(
        [python, "-c", LOOKUPS], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert looked.stdout.strip() == "lookups ok", looked.stderr
