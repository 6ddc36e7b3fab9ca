"""One function makes every folder of a router's name: within its folder, another for each name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slp_core.folders import folder_name

ROOT = Path(__file__).parents[3]
NAMES = st.text(max_size=300) | st.sampled_from(
    [
        "..",
        ".",
        "",
        "../../escape",
        "/etc",
        "a/b",
        "a%2Fb",
        "a_b",
        "%2E%2E",
        "~",
        "~root",
        "-x",
        "%",
    ]
)


@given(name=NAMES)
def test_a_folder_of_a_router_lies_within_its_folder(name: str, tmp_path_factory: object) -> None:
    folder = folder_name(name)
    assert (Path("/base") / folder).parent == Path("/base")
    assert Path("/base") / folder != Path("/base")
    assert folder not in ("", ".", "..")
    assert "/" not in folder
    assert folder.isprintable()
    assert len(folder.encode()) <= 255


@given(one=NAMES, other=NAMES)
def test_two_names_have_two_folders(one: str, other: str) -> None:
    assert (folder_name(one) == folder_name(other)) == (one == other)


@pytest.mark.parametrize("name", ["edge-1", "edge-bern-2.example.net", "r1", "Zürich"])
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    expected = name if name.isascii() else "Z%C3%BCrich"
    assert folder_name(name) == expected


def joins_of(path: Path) -> list[str]:
    """Returns where a path is joined with a router's name as it stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)):
            continue
        right = ast.unparse(node.right)
        if right.endswith(("host.name", ".router", "plan.router", "router_name")):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno}: / {right}")
    return found


def test_no_path_is_made_of_a_routers_name_in_another_way() -> None:
    sources = [p for part in ("src", "tasks", "playbooks") for p in (ROOT / part).rglob("*.py")]
    assert len(sources) > 300
    assert [join for path in sources for join in joins_of(path)] == []
