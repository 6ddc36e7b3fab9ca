"""Saved outputs: which file is which command, and which of several counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from slp_core.captures import folders_in, read_router, slug, split_tech_support
from slp_core.errors import InputError


def save(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_slug_is_the_command_in_full_with_hyphens() -> None:
    assert slug("dir bootflash:") == "dir-bootflash"
    assert (
        slug("show platform software sl-infra pak-info")
        == "show-platform-software-sl-infra-pak-info"
    )


def test_every_file_is_read_under_its_command(tmp_path: Path) -> None:
    folder = save(
        tmp_path / "r1",
        **{
            "show-version.txt": "a",
            "dir-bootflash.txt": "b",
            "show-platform-software-sl-infra-pak-info.txt": "c",
            "show-cdp-neighbors.txt": "d",
        },
    )
    assert read_router(folder).outputs == {
        "show version": "a",
        "dir bootflash:": "b",
        "show platform software sl-infra pak-info": "c",
        "show cdp neighbors": "d",
    }


def test_the_last_moment_counts_unless_one_is_named(tmp_path: Path) -> None:
    folder = save(
        tmp_path / "r1",
        **{
            "show-license-all.txt": "first",
            "show-license-all__after_slac.txt": "slac",
            "show-license-all__after_sync.txt": "sync",
        },
    )
    assert read_router(folder).outputs == {"show license all": "sync"}
    assert read_router(folder, variant="after_slac").outputs == {"show license all": "slac"}


def test_the_layout_of_the_device_wins(tmp_path: Path) -> None:
    folder = save(
        tmp_path / "r1",
        **{
            "show-license-status.device.txt": "device",
            "show-license-status.txt": "flat",
            "show-license-status__after_trust.txt": "later",
        },
    )
    assert read_router(folder).outputs == {"show license status": "later"}
    (folder / "show-license-status__after_trust.txt").unlink()
    assert read_router(folder).outputs == {"show license status": "device"}


def test_facts_and_target_come_along(tmp_path: Path) -> None:
    folder = save(
        tmp_path / "r1",
        **{
            "show-version.txt": "x",
            "router.yaml": "pid: ISR4351/K9\nserial: FDO1\n",
            "target.yaml": "release: 17.3.2\n",
        },
    )
    capture = read_router(folder)
    assert capture.facts == {"pid": "ISR4351/K9", "serial": "FDO1"}
    assert capture.target == {"release": "17.3.2"}
    assert read_router(save(tmp_path / "r2", **{"show-version.txt": "x"})).target is None


def test_routers_come_by_name(tmp_path: Path) -> None:
    save(tmp_path / "b", **{"show-version.txt": "x"})
    save(tmp_path / "a", **{"show-version.txt": "x"})
    (tmp_path / "notes").mkdir()
    assert [folder.name for folder in folders_in(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize("content", ["[1, 2]", "{unclosed", "just words"])
def test_a_file_of_facts_that_is_none_is_said(tmp_path: Path, content: str) -> None:
    folder = save(tmp_path / "r1", **{"show-version.txt": "x", "router.yaml": content})
    with pytest.raises(InputError, match=r"router\.yaml"):
        read_router(folder)


def test_a_folder_without_outputs_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no"):
        read_router(tmp_path)
    with pytest.raises(InputError, match="holds no"):
        list(folders_in(tmp_path))
    with pytest.raises(InputError, match="holds no"):
        list(folders_in(tmp_path / "missing"))


TECH = """\
------------------ show clock ------------------


*09:15:22.123 UTC Thu Oct 1 2020

------------------ show version ------------------

Cisco IOS XE Software, Version 17.04.01a

------------------ show platform software sl-infra pak-info ------------------

Pak License Snapshot Information

------------------ show vrf counters ------------------
nothing of ours
------------------ show version ------------------
again
"""


def test_one_tech_support_file_is_taken_apart(tmp_path: Path) -> None:
    folder = save(tmp_path / "r1", **{"show-tech-support.txt": TECH})
    outputs = read_router(folder).outputs
    assert list(outputs) == [
        "show clock",
        "show version",
        "show platform software sl-infra pak-info",
    ]
    assert "17.04.01a" in outputs["show version"]
    assert "again" not in outputs["show version"]


def test_an_ordinary_output_is_no_tech_support() -> None:
    assert split_tech_support("License Usage:\n  -----\n  x (y) 1 IN USE\n") == {}
    assert split_tech_support("-" * 200_000) == {}
