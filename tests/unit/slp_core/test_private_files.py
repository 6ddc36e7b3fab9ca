"""What only its owner may read: modes of folders and files, whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slp_core.private_files import private_file, private_folder, touch_private, write_private
from slp_tasks.evidence import write_outputs
from slp_tasks.step import RouterFiles

SOURCES = Path(__file__).parents[3]
_BY_HAND = re.compile(r"0o[67]00|mkstemp")
OF_THEIR_OWN = {
    "src/slp_core/private_files.py",
    "src/slp_exchange/bundle/writing.py",  # the mode of a file within an archive
    "src/scrapli_slpfake/transport.py",  # knows nothing of ours
}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_is_made_0700_with_what_was_missing_above_it(tmp_path: Path) -> None:
    made = private_folder(tmp_path / "a" / "b")
    assert [mode(made), mode(made.parent)] == [0o700, 0o700]
    tmp_path.chmod(0o755)
    assert mode(private_folder(tmp_path)) == 0o755, "a folder that was there stays as it was"


def test_a_file_that_everybody_could_read_is_private_once_it_is_written_again(
    tmp_path: Path,
) -> None:
    files = RouterFiles(tmp_path)
    for write in (
        lambda: write_private(tmp_path / "plain", "new"),
        lambda: files.write("out", "usage_report", b"new"),
        lambda: write_outputs(tmp_path, {"show version": "new"}),
        lambda: touch_private(tmp_path / "log"),
    ):
        write()
        written = [p for p in tmp_path.rglob("*") if p.is_file()]
        for path in written:
            path.chmod(0o644)
        write()
        assert [p for p in written if mode(p) == 0o600], written
        for path in written:
            path.unlink()


def test_what_fails_half_way_leaves_the_earlier_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = write_private(tmp_path / "kept", b"old")
    with pytest.raises(TypeError), private_file(path) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def test_private_files_are_written_by_one_module() -> None:
    for root in ("src", "tasks", "playbooks"):
        for path in sorted((SOURCES / root).rglob("*.py")):
            name = path.relative_to(SOURCES).as_posix()
            if "slp_sim" in name or name in OF_THEIR_OWN:
                continue
            assert _BY_HAND.findall(path.read_text(encoding="utf-8")) == [], name
