"""``slp doctor`` knows everything that a target may say in the inventory."""

from __future__ import annotations

from typing import get_args

import pytest

from slp_cli.inventory_data import ImageData, SlpData, TargetData
from slp_core.plan import Image, Target


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
