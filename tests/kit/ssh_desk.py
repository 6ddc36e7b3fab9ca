"""A lab over SSH and a user in front of it: ``slp`` is run on its inventory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.labs import Bench, bench
from slp_fleet.phases import Pace


@contextmanager
def desk(tmp: Path, driver: str, *routers: dict[str, Any], **world: Any) -> Iterator[Bench]:
    """A lab over SSH whose inventory names the driver; ``slp`` is run on that inventory."""
    with (
        bench(tmp, *routers, over="ssh", speed=300.0, **world) as made,
        pytest.MonkeyPatch.context() as m,
    ):
        quick = Pace(floor=0.02, ceiling=0.2, settle_floor=0.3, tick=0.02)
        m.setattr("slp_fleet.api.Pace", lambda: quick)
        m.chdir(tmp)
        path = tmp / "inventory" / "defaults.yaml"
        defaults = yaml.safe_load(path.read_text())
        defaults["data"]["slp"]["driver"] = driver
        path.write_text(yaml.safe_dump(defaults))
        try:
            yield made
        finally:
            logging.getLogger("dbos").handlers.clear()
