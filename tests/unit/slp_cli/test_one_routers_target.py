"""A target that is wrong for one router is its blocker; what all share ends the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.states import PLAIN, registered, router
from nornir_slp.planning import Wishes, _plan
from nornir_slp.reads import Read
from slp_core.errors import InputError

GOOD: dict[str, Any] = {"release": "17.3.2", "topology": "direct"}
BAD: dict[str, Any] = {**GOOD, "release": "soon"}


def read(name: str, target: dict[str, Any]) -> Read:
    return Read(name, state=router(licensing=registered(PLAIN)), target=target, where="hosts.yaml")


def wishes(file: Path | None = None, **values: Any) -> Wishes:
    return Wishes(file, BAD if file else {}, values, {})


def test_a_wrong_target_of_one_router_is_its_blocker_and_the_others_are_planned() -> None:
    plans = [_plan(read(n, t), wishes(), None, None) for n, t in (("r1", BAD), ("r2", GOOD))]
    (blocker,) = plans[0].blockers
    assert "soon" in blocker.text
    assert "hosts.yaml" in blocker.text
    assert plans[0].steps == ()
    assert plans[1].steps != ()


def test_what_every_router_was_given_ends_the_command(tmp_path: Path) -> None:
    file = tmp_path / "target.yaml"
    file.write_text("release: soon\ntopology: direct\n", encoding="utf-8")
    with pytest.raises(InputError, match="soon"):
        _plan(read("r1", GOOD), wishes(file), None, None)
    with pytest.raises(InputError, match="soon"):
        _plan(read("r1", GOOD), wishes(release="soon"), None, None)
