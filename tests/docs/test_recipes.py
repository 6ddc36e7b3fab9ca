"""CONTRIBUTING's recipes are true: every file that they name is there, and three are performed.

Each is performed on a copy of the tree, with the files that the recipe names and no others.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.new_step import BEHAVIOUR, LINE, PARAMETERS

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:src|tasks|tests|templates|playbooks|docs)/[^`\s]*)`")
LAID_OUT = ("src", "tasks", "playbooks", "templates", "tests", "docs", "inventory")


def recipe(heading: str) -> str:
    """Returns the text of one recipe."""
    match = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", CONTRIBUTING, re.M | re.S)
    assert match, f"CONTRIBUTING.md has no recipe {heading!r}"
    return match[1]


@pytest.mark.parametrize("path", sorted(set(NAMED.findall(CONTRIBUTING))))
def test_every_file_that_contributing_names_is_there(path: str) -> None:
    fixed = path.partition("<")[0].partition("…")[0]
    places = list(ROOT.glob(fixed)) if "*" in fixed else [ROOT / fixed]
    assert places, f"{path} is not there"
    assert all(place.exists() for place in places), f"{path} is not there"


class Copy:
    """A copy of the tree, and what is run in it instead of the original."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(root / p) for p in ("src", "tasks", "playbooks")),
            "XDG_STATE_HOME": str(root / "state"),
        }

    def write(self, path: str, text: str) -> None:
        """Writes one new file, whose folder the recipe names."""
        place = self.root / path
        assert not place.exists()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def insert(self, path: str, after: str, text: str) -> None:
        """Inserts text after a line of a file that is there."""
        place = self.root / path
        whole = place.read_text(encoding="utf-8")
        assert whole.count(after) == 1
        place.write_text(whole.replace(after, after + text), encoding="utf-8")

    def run(self, *command: str, env: dict[str, str] | None = None) -> str:
        """Runs a Python module of the copy; returns what it printed on standard output."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Returns a copy of the tree as it is now."""
    ignored = shutil.ignore_patterns(".*", "*.egg-info")
    for folder in LAID_OUT:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for file in ("pyproject.toml", "CONTRIBUTING.md", "README.md", "Makefile"):
        shutil.copy2(ROOT / file, tmp_path / file)
    return Copy(tmp_path)


@pytest.mark.slow
def test_the_recipe_of_a_parser_makes_a_parser(copy: Copy) -> None:
    for named in ("tests/unit/slp_core/parsing/golden/", "src/slp_core/parsing/commands/"):
        assert named in recipe("Add a parser")
    golden = "tests/unit/slp_core/parsing/golden/show-vtp-status"
    copy.write(
        f"{golden}/enabled.txt",
        "edge#show vtp status\nVTP version running             : 2\n"
        "Number of existing VLANs        : 12\nedge#\n",
    )
    copy.write(f"{golden}/empty.txt", "edge#\n")
    copy.write(f"{golden}/foreign.txt", "edge#show ntp status\n%NTP is not enabled.\nedge#\n")
    copy.write(
        "src/slp_core/parsing/commands/vtp_status.py",
        '"""``show vtp status``: which version of VTP the router runs."""\n\n'
        "from typing import Annotated\n\n"
        "from slp_core.parsing.command import Command\n"
        "from slp_core.parsing.grammar import Pattern\n"
        "from slp_core.parsing.printed import Printed\n\n\n"
        "class VtpStatus(Printed):\n"
        '    """VLAN trunking."""\n\n'
        '    version: Annotated[str | None, Pattern(r"VTP version running\\s*: (\\S+)")] = None\n'
        "    vlans: Annotated[\n"
        '        int | None, Pattern(r"Number of existing VLANs\\s*: (\\d+)$")\n'
        "    ] = None\n\n\n"
        'COMMANDS = (Command("show vtp status", VtpStatus, signature=r"VTP version"),)\n',
    )
    for case in ("enabled", "empty", "foreign"):
        text = f"{golden}/{case}.txt"
        parsed = subprocess.run(
            [sys.executable, "-m", "slp_cli", "parse", "show vtp status", text, "--json"],
            cwd=copy.root,
            env=copy.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        copy.write(f"{golden}/{case}.json", parsed.stdout)
    enabled = json.loads((copy.root / golden / "enabled.json").read_text())
    assert "12" in json.dumps(enabled)
    tests = "tests/unit/slp_core/parsing"
    modules = [f"{tests}/{name}.py" for name in ("test_golden", "test_properties")]
    copy.run("pytest", "-q", "-n", "0", "--basetemp", str(copy.root / "tmp"), *modules)


SCENARIO = """\
name: recipe
epoch: {epoch}
include: [families.yaml]
routers:
  - name: edge
    serial: FDO2501BBB1
    home: Eg-SA-01/Eg-VA-01
    router:
      pid: X9100-4T
      release: 17.3.4a
      licensing: {{model: eval, licences: [{{feature: securityk9, tag: X_9100_Security}}]}}
      flash:
        files: [{{name: {image}, release: 17.6.1a, platform: x9100, size: 712345678}}]
    target:
      release: 17.6.1a
      image: {{name: {image}, size: 712345678}}
      topology: {{kind: direct, transport: smart, url: default, token: "env:SLP_TOKEN"}}
"""


@contextmanager
def lab(copy: Copy) -> Iterator[dict[str, str]]:
    """Starts the copy's lab in the background; yields its secrets as environment."""
    start = ("lab", "start", "--scenario", "scenario.yaml", "--speed", "300", "--detach")
    copy.run("slp_cli", *start, "--folder", "./lab")
    lines = (copy.root / "lab/secrets.env").read_text()
    try:
        yield dict(re.findall(r"^export (\w+)=(.+)$", lines, re.M))
    finally:
        copy.run("slp_cli", "lab", "stop", "./lab")


@pytest.mark.slow
def test_the_recipe_of_a_platform_takes_its_first_router_to_slp(copy: Copy) -> None:
    rows = "src/slp_core/rules/data/platforms.yaml", "src/slp_sim/data/platforms.yaml"
    for named in rows:
        assert named in recipe("Add a platform, a tag or a defective release")
    copy.insert(
        rows[0],
        "\nplatforms:\n",
        "  - id: x9100\n    series: Example 9100\n    pids: ['^X9100-']\n    kind: physical\n"
        "    min_slp: 17.6.1a\n    filesystem: 'bootflash:'\n"
        "    image: 'x9100-universalk9.{release}.SPA.bin'\n"
        "    basis: memory\n    source: 'not verified'\n",
    )
    copy.insert(
        rows[1],
        "\nplatforms:\n",
        '  - pid: "X9100-.*"\n    family: x9100\n    image: x9100\n    software: "X9100 Software"\n'
        "    binary: X86_64_LINUX_IOSD-UNIVERSALK9-M\n    hsec: DNA_HSEC\n    stem: X_9100\n"
        "    slp_from: 17.6.1a\n",
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    image = "x9100-universalk9.17.06.01a.SPA.bin"
    copy.write("scenario.yaml", SCENARIO.format(epoch=now, image=image))
    with lab(copy) as secrets:
        own = ("-i", "lab/inventory")
        plan = copy.run("slp_cli", "plan", *own, env=secrets)
        assert "17.3.4a → 17.6.1a" in plan
        assert "READY-5" in plan, "a platform that nobody verified is said to be so"
        assert "1 proven" in copy.run("slp_cli", "apply", "latest", *own, "--yes", env=secrets)


OWN_PLAYBOOK = """
from pathlib import Path
from nornir_slp import load_nornir
from slp_tasks.steps.name_server import name_server

nr = load_nornir(Path("inventory/mock"), limit="hub-berlin")
for dry_run in (True, False, False):
    (result,) = nr.run(task=name_server, address="192.0.2.53", dry_run=dry_run).values()
    assert not result.failed, result[0].exception
    print(result[0].changed, result[0].result["detail"], result[0].result["notes"].get("sends"))
"""


@pytest.mark.slow
def test_the_recipe_of_a_step_makes_a_task_that_is_rehearsed_done_and_found_done(
    copy: Copy,
) -> None:
    homes = "src/slp_core/steps/", "tasks/slp_tasks/steps/"
    for named in homes:
        assert named in recipe("Add a step")
    copy.write(f"{homes[0]}name_server.py", PARAMETERS)
    copy.write(f"{homes[1]}name_server.py", BEHAVIOUR)
    copy.write("own.py", OWN_PLAYBOOK)
    rehearsed, done, again = copy.run("own", env={"SLP_LAB_PASSWORD": "x"}).splitlines()
    assert rehearsed.startswith("False")
    assert LINE in rehearsed
    assert done.startswith("True")
    assert again.startswith("False asks 192.0.2.53 already")
