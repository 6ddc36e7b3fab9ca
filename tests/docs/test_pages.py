"""The pages say what is true: commands exist, options exist, links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\$ (slp .*?)(?:\s{2,}#.*)?$")


def shown_commands(page: Path) -> list[list[str]]:
    text = page.read_text().replace("\\\n", " ")
    lines = (COMMAND.match(line) for line in text.splitlines())
    return [shlex.split(match[1]) for match in lines if match]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_shown_commands_and_options_exist(page: Path) -> None:
    from slp_cli.main import app

    root = get_command(app)
    for words in shown_commands(page):
        command, rest = root, words[1:]
        while rest and isinstance(command, TyperGroup):
            context = command.make_context("slp", [], resilient_parsing=True)
            _, found, rest = command.resolve_command(context, rest)
            assert found is not None, f"{page.name}: slp has no command {words[1]!r}"
            command = found
        options = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
        unknown = [w for w in rest if w.startswith("--") and w.split("=")[0] not in options]
        assert not unknown, f"{page.name}: {' '.join(words)}: unknown {unknown}"


def test_make_targets_named_in_the_pages_exist() -> None:
    makefiles = (ROOT / "Makefile", ROOT / "tests" / "interop" / "Makefile.inc")
    targets = {t for m in makefiles for t in re.findall(r"^([a-z-]+):", m.read_text(), re.M)}
    named = {t for page in PAGES for t in re.findall(r"`make ([a-z]+)`", page.read_text())}
    assert named <= targets
