"""A lab in this process: an inventory that reaches it, secrets in the environment, and an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.serving import PASSWORD, SECRETS
from slp_sim import inproc
from slp_sim.inventory import write_inventory
from slp_sim.lab import Lab
from slp_sim.ports import LabClock
from slp_sim.scenario import Scenario


@contextmanager
def lab_in_process(
    made: Scenario, tmp: Path, *, clock: LabClock | None = None, seed: int = 0
) -> Iterator[Lab]:
    """Starts the lab of a scenario; images and ``inventory`` lie in ``tmp``.

    Args:
        clock: one that is moved by hand by default.
    """
    key = str(tmp / "lab")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        patch.setenv(made.login.password.partition(":")[2], PASSWORD)
        lab = inproc.start(
            made, key=key, clock=clock, password=PASSWORD, secrets=SECRETS, seed=seed
        )
        lab.write_images(tmp / "images")
        write_inventory(lab, tmp / "inventory", images=tmp / "images", scenario=key)
        try:
            yield lab
        finally:
            inproc.forget(key)
