"""``slp doctor`` knows everything that a target may say in the inventory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from nornir_slp.inventory_data import ImageData, SlpData, TargetData, complaint, schema_text
from slp_core.errors import InputError
from slp_core.targets import Image, Target, load_target


@pytest.mark.parametrize(("ours", "theirs"), [(TargetData, Target), (ImageData, Image)])
def test_every_field_of_a_target_may_stand_in_the_inventory(ours: type, theirs: type) -> None:
    assert set(ours.model_fields) == set(theirs.model_fields)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["boot", "install", "reload", "rollback", "classic"])
def test_a_choice_in_the_inventory_is_the_choice_of_a_target(name: str) -> None:
    ours, theirs = TargetData.model_fields[name], Target.model_fields[name]
    assert set(get_args(ours.annotation)) == set(get_args(theirs.annotation))


def test_the_rest_interface_asks_for_tls_unless_told_otherwise() -> None:
    rest = SlpData.model_validate({"rest": {"port": 8443}}).rest
    assert rest is not None
    assert (rest.scheme, rest.verify, rest.prefer) == ("https", True, False)


@pytest.mark.parametrize(
    "target",
    [
        {"topology": "airgap", "stop": "isr4300-universalk9.17.09.04.SPA.bin"},
        {"topology": "airgap", "stop": {"release": "17.9.4", "image": "x.17.09.04.SPA.bin"}},
        {"topology": {"kind": "direct", "name_servers": "10.0.0.1, 10.0.0.2"}},
        {"topology": {"kind": "direct", "name_servers": ["10.0.0.1"]}},
        {"topology": {"kind": "airgap", "transport": False}},
        {"topology": {"kind": "airgap", "transport": "off"}},
        {"topology": {"kind": "direct", "transport": "smart"}, "throughput": 250.0},
        {"topology": "direct", "hseck9": "add after the upgrade"},
        {"topology": "direct", "hseck9": True, "image": {"name": "x.17.09.04.SPA.bin"}},
    ],
)
def test_the_doctor_and_the_schema_take_every_target_that_a_plan_takes(
    target: dict[str, Any],
) -> None:
    assert load_target(target, where="t", base=Path())
    assert complaint({"target": target}, Path()) is None
    jsonschema.validate({"target": target}, json.loads(schema_text()))


@pytest.mark.parametrize(
    "target",
    [
        {"topology": "direkt"},
        {"topology": {"kind": "direct", "transports": "smart"}},
        {"topology": "direct", "stop": {"releases": "17.9.4"}},
        {"topology": "direct", "hseck9": "perhaps"},
        {"release": "17.9.4"},
        {"topology": ["a b"]},
        {"topology": 5},
        5,
        "direct",
    ],
)
def test_the_doctor_refuses_what_a_plan_refuses_in_the_same_words(target: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        load_target(target, where="data.slp.target", base=Path())
    told = complaint({"target": target}, Path())
    assert told is not None
    assert refused.value.what in told
