"""Targets as people write them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.scenarios import DATA, MIGRATIONS
from slp_core.errors import InputError
from slp_core.release import Release
from slp_core.targets import Target, load_target


def load(base: Path = Path(), **data: Any) -> Any:
    return load_target({"topology": "airgap", **data}, where="target.yaml", base=base)


@pytest.mark.parametrize("scenario", MIGRATIONS)
def test_the_guides_targets_are_understood(scenario: str) -> None:
    data = yaml.safe_load((DATA / scenario / "target.yaml").read_text(encoding="utf-8"))
    found = load_target(data, where=scenario, base=DATA)
    assert found.release == data["release"]
    assert found.topology.kind == data["topology"]["kind"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("add before the upgrade", "add-before"),
        ("add after the upgrade", "add-after"),
        ("add_before", "add-before"),
        ("Keep", "keep"),
        (True, "add"),
        (False, "none"),
    ],
)
def test_hseck9_in_words(text: Any, meaning: str) -> None:
    assert load(hseck9=text).hseck9 == meaning


def test_an_image_may_be_a_name_a_path_or_a_url(tmp_path: Path) -> None:
    file = tmp_path / "images" / "isr4300-universalk9.17.03.02.SPA.bin"
    file.parent.mkdir()
    file.write_bytes(b"image")
    assert load(release="17.3.2", image="x.bin").image.to_json() == {"name": "x.bin"}
    local = load(tmp_path, image=f"images/{file.name}").image
    assert (local.name, local.source, local.size) == (file.name, str(file), 5)
    assert local.md5 == hashlib.md5(b"image", usedforsecurity=False).hexdigest()
    assert local.sha512 == hashlib.sha512(b"image").hexdigest()
    remote = load(release="17.3.2", image="https://files.example.net/a/x.bin").image
    assert (remote.name, remote.source) == ("x.bin", "https://files.example.net/a/x.bin")


def test_given_hashes_win_over_computed_ones(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"image")
    found = load(tmp_path, release="17.3.2", image={"source": "x.bin", "md5": "0" * 32}).image
    assert found.md5 == "0" * 32
    assert found.sha512


def test_the_release_may_come_from_the_images_name() -> None:
    assert load(image="isr4300-universalk9.17.03.02.SPA.bin").release == "17.03.02"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"topology": None}, "no topology"),
        ({"topology": "star"}, "topology"),
        ({"topology": {"kind": "direct", "token": "plain-secret"}}, "not a reference"),
        ({"release": "seventeen"}, "no IOS-XE release"),
        ({"release": "17.9.4", "image": "isr4300-universalk9.17.03.02.SPA.bin"}, "not of release"),
        ({"image": {"source": "missing.bin"}}, "cannot be read"),
        ({"hseck9": "maybe"}, "hseck9"),
        ({"typo": 1}, "typo"),
        ({"topology": {"kind": "direct", "colour": "red"}}, "colour"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(data: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError) as caught:
        load(**data)
    assert word in str(caught.value)
    assert "target.yaml" in str(caught.value)


def test_a_token_never_appears_in_the_message() -> None:
    with pytest.raises(InputError) as caught:
        load(topology={"kind": "direct", "token": "TOP-SECRET-TOKEN"})
    assert "TOP-SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        "c.17.09.04a.SPA.bin",
        {"image": "c.17.09.04a.SPA.bin"},
        {"image": "c.17.09.04a.SPA.bin", "release": "17.9.4a"},
    ],
)
def test_b9_3_a_stop_on_the_way_is_an_image_whose_name_tells_the_release(
    tmp_path: Path, given: Any
) -> None:
    data = {"release": "17.11.1", "topology": "airgap", "stop": given}
    stop = load_target(data, where="x", base=tmp_path).stop
    assert stop is not None
    assert stop.image is not None
    assert Release.parse(stop.release or "") == Release(17, 9, 4, "a")
    assert stop.image.name == "c.17.09.04a.SPA.bin"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"image": "c.17.09.04a.bin", "release": "17.8.1"}, "not of release"),
        ({"imgae": "x"}, "imgae"),
        ({"release": "soon"}, "soon"),
    ],
)
def test_b9_3_a_wrong_stop_is_refused_by_name(tmp_path: Path, given: Any, told: str) -> None:
    data = {"release": "17.11.1", "topology": "airgap", "stop": given}
    with pytest.raises(InputError, match=told) as caught:
        load_target(data, where="x", base=tmp_path)
    assert "stop" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"relase": "17.9.4"}, ("target.yaml: 'relase' is no key of it", "did you mean release?")),
        (
            {"topology": {"kind": "cslu", "urll": "http://c"}},
            ("target.yaml: topology: 'urll' is no key of it", "did you mean url?"),
        ),
        (
            {"image": {"name": "x.bin", "zz": 1}},
            ("image: 'zz' is no key of it", "one of md5, name"),
        ),
    ],
)
def test_a_key_that_is_none_is_named_with_what_it_may_mean(
    given: dict[str, Any], told: tuple[str, str]
) -> None:
    with pytest.raises(InputError) as error:
        load(**given)
    for part in told:
        assert part in f"{error.value} {error.value.remedy}"


@pytest.mark.parametrize(
    "data",
    [
        {"image": "ftp://loader:planted-1@10.0.0.5/isr4300-universalk9.17.09.04a.SPA.bin"},
        {"image": {"name": "x.bin", "source": "https://loader:planted-1@files/x.bin"}},
        {"topology": {"kind": "onprem", "url": "https://loader:planted-1@ssm/cslu/v1/pi/x"}},
    ],
)
def test_f31_an_address_with_a_password_is_refused_without_showing_it(data: Any) -> None:
    with pytest.raises(InputError, match="holds a password") as caught:
        load(**data)
    assert "planted" not in str(caught.value)
    assert caught.value.remedy


WRITTEN = [
    ({"stop": "c.17.09.04a.SPA.bin"}, {"stop": {"image": {"name": "c.17.09.04a.SPA.bin"}}}),
    ({"image": "http://files/a/x.bin"}, {"image": {"source": "http://files/a/x.bin"}}),
    ({"topology": "airgap"}, {"topology": {"kind": "airgap"}}),
    ({"topology": {"transport": False}}, {"topology": {}}),
    ({"topology": {"transport": "off"}}, {"topology": {}}),
    (
        {"topology": {"name_servers": "10.0.0.1, 10.0.0.2"}},
        {"topology": {"name_servers": ["10.0.0.1", "10.0.0.2"]}},
    ),
    (
        {"topology": {"privacy": "hostname, version"}},
        {"topology": {"privacy": ["hostname", "version"]}},
    ),
    (
        {"topology": {"routes": "10.0.0.0 255.0.0.0 Gi0, 0.0.0.0 0.0.0.0 192.0.2.1"}},
        {"topology": {"routes": ["10.0.0.0 255.0.0.0 Gi0", "0.0.0.0 0.0.0.0 192.0.2.1"]}},
    ),
    (
        {"topology": {"call_home": {"mail_servers": "a.example b.example"}}},
        {"topology": {"call_home": {"mail_servers": ["a.example", "b.example"]}}},
    ),
    ({"release": 17.9}, {"release": "17.9"}),
    ({"throughput": 250000.0}, {"throughput": 250000}),
    ({"hseck9": "add after the upgrade"}, {"hseck9": "add-after"}),
]


def _direct(data: dict[str, Any]) -> dict[str, Any]:
    given = data.get("topology", {})
    return data | {"topology": given if isinstance(given, str) else {"kind": "direct", **given}}


@pytest.mark.parametrize(("people", "plan"), WRITTEN)
def test_the_model_itself_takes_what_people_write(
    people: dict[str, Any], plan: dict[str, Any]
) -> None:
    taken = Target.model_validate(_direct(people))
    assert taken.to_json() == Target.model_validate(_direct(plan)).to_json()


def test_a_target_of_a_plan_is_read_as_it_was_written_without_its_image_files(
    tmp_path: Path,
) -> None:
    file = tmp_path / "isr4300-universalk9.17.09.04a.SPA.bin"
    file.write_bytes(b"image")
    made = load(tmp_path, image=f"./{file.name}", topology={"kind": "cslu"}, stop="x.17.08.01.bin")
    file.unlink()
    again = Target.model_validate_json(json.dumps(made.to_json()))
    assert again.to_json() == made.to_json()
    assert again.to_json()["topology"] == {"kind": "cslu", "url": None}


@pytest.mark.parametrize("minutes", [-5, 0, 29, 1201])
def test_the_timer_of_an_activation_is_one_that_the_command_takes(minutes: int) -> None:
    with pytest.raises(InputError, match="auto_abort_minutes"):
        load(release="17.3.2", auto_abort_minutes=minutes)
    assert load(release="17.3.2", auto_abort_minutes=30).auto_abort_minutes == 30
