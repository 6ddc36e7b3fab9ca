"""Files that people name are ordinary, of bounded size and depth, or refused in one line."""

from __future__ import annotations

import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nornir_slp.documents import assessed_routers, load_any, load_plan
from slp_core import reading, yaml_files
from slp_core.captures import read_router
from slp_core.errors import InputError, SecretError, SlpError
from slp_core.files import read_license_file, read_license_path
from slp_core.reading import MAX_DOCUMENT, MB, read_bytes
from slp_core.rules.data import load_rules
from slp_core.secrets import SecretStore
from slp_core.targets import load_target
from slp_core.yaml_files import load_yaml, read_yaml
from slp_exchange.bundle import open_archive
from slp_exchange.receipts import ReceiptBook
from slp_tasks.inventory import SlpInventory


def _archive(path: Path) -> None:
    with open_archive(path):
        pass


def _image(path: Path) -> None:
    load_target({"topology": "airgap", "image": {"source": str(path)}}, where="t", base=Path())


READERS: dict[str, Callable[[Path], Any]] = {
    "a plan": load_plan,
    "a document": load_any,
    "an assessment": lambda p: list(assessed_routers(p)),
    "a licence file": read_license_path,
    "rule data": load_rules,
    "a token": lambda p: SecretStore().resolve(f"file:{p}"),
    "an archive": _archive,
    "an image": _image,
    "receipts": ReceiptBook,
    "YAML": read_yaml,
}


@pytest.mark.parametrize("reader", sorted(READERS))
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_ordinary_file_is_refused_at_once(
    tmp_path: Path, reader: str, kind: str
) -> None:
    path = tmp_path / "given"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(SlpError) as caught:
        READERS[reader](path)
    assert "pipe or a device" in str(caught.value) or "folder" in str(caught.value)
    assert str(path) in str(caught.value) or "/dev/zero" in str(caught.value)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "given"
    with path.open("wb") as file:
        file.truncate(1 << 34)  # takes no room
    tracemalloc.start()
    for reader in ("a plan", "a licence file", "rule data", "a token", "an archive", "YAML"):
        with pytest.raises(SlpError, match="larger than"):
            READERS[reader](path)
    assert tracemalloc.get_traced_memory()[1] < 8 * reading.MB
    tracemalloc.stop()


def test_an_output_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "show-version.txt")
    with pytest.raises(InputError, match="pipe"):
        read_router(tmp_path)


@pytest.mark.parametrize("reader", ["a plan", "a document", "an assessment"])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"schema_version": 1, "routers": [' + '{"a":' * 100_000,
        '{"kind": "assessment", "schema_version": 1, "routers": [' + "[" * 100_000,
    ],
)
def test_json_that_is_nested_too_deeply_is_refused(tmp_path: Path, reader: str, text: str) -> None:
    (tmp_path / "given.json").write_text(text)
    with pytest.raises(InputError) as caught:
        READERS[reader](tmp_path / "given.json")
    assert "given.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_licence_file_whose_inside_is_nested_too_deeply_is_refused() -> None:
    inside = '{"a":' * 100_000 + "1" + "}" * 100_000
    data = f"<smartLicense><RUMReport>{inside}</RUMReport></smartLicense>".encode()
    with pytest.raises(InputError, match="deeply"):
        read_license_file(data, where="x.xml")


BOMB = "a0: &a0 {x: 1, y: 2}\n" + "".join(
    f"a{n}: &a{n} {{" + ", ".join(f"k{i}: *a{n - 1}" for i in range(9)) + "}\n"
    for n in range(1, 12)
)
MERGED = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n}\n  <<: [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 12)
)
HOSTILE = {
    "flow lists": "[" * 200_000,
    "flow mappings": "{a: " * 100_000,
    "block lists": "- " * 100_000,
    "block mappings": "".join(" " * n + "a:\n" for n in range(2_000)),
    "a bomb of mappings": BOMB,
    "a bomb of merges": MERGED,
    "an alias within itself": "a: &a [1, {b: *a}]",
    "a month that is none": "a: 2026-13-45",
    "a wrong alias": "a: *nowhere",
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_yaml_that_is_too_deep_or_grows_is_refused_with_its_line(kind: str) -> None:
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        load_yaml(HOSTILE[kind], "hosts.yaml")
    assert tracemalloc.get_traced_memory()[1] < 30 * reading.MB
    tracemalloc.stop()
    assert str(caught.value).startswith("hosts.yaml")
    assert "\n" not in str(caught.value)


def test_a_bomb_in_the_inventory_is_one_sentence(tmp_path: Path) -> None:
    text = "r1:\n  hostname: 10.0.0.1\n  data:\n    slp:\n"
    (tmp_path / "hosts.yaml").write_text(text + "".join(f"      {x}\n" for x in BOMB.splitlines()))
    with pytest.raises(SlpError, match="aliases"):
        SlpInventory(str(tmp_path)).load()


def test_aliases_that_people_use_are_read() -> None:
    text = "base: &base {a: 1, b: [1, 2]}\nr1: {<<: *base, c: 3}\nr2: *base\n"
    assert load_yaml(text, "x")["r1"] == {"a": 1, "b": [1, 2], "c": 3}
    many = "base: &b {a: 1, c: [1, 2, 3]}\n" + "".join(f"r{n}: *b\n" for n in range(20_000))
    assert len(load_yaml(many, "x")) == 20_001
    assert yaml_files.MAX_DEPTH > 20


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "acks.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ack.xml", b"\0" * (33 * reading.MB))
    with pytest.raises(InputError, match="larger than"):
        _archive(path)
    assert path.stat().st_size < reading.MB


def test_an_ordinary_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    assert SecretStore().resolve(f"file:{tmp_path / 'token'}") == "from-a-file"
    assert read_bytes(tmp_path / "token") == b"from-a-file\n"
    with pytest.raises(SecretError):
        SecretStore().resolve("file:/no/such/file")


def test_reading_takes_the_memory_of_the_file_not_of_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(b"{}")
    tracemalloc.start()
    try:
        assert read_bytes(file, limit=MAX_DOCUMENT) == b"{}"
        assert tracemalloc.get_traced_memory()[1] < 4 * MB
    finally:
        tracemalloc.stop()
