"""Labs of more routers than anybody serves: in process, each one of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from slp_sim.lab import Lab
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.router import Router
from slp_sim.scenario import generate

MANY = 10_000


def typed(router: Router, *lines: str) -> str:
    """Types lines at a router and returns all that it shows."""
    shell = open_terminal(router, "admin")
    shown = b"".join(getattr(a, "data", b"") for a in shell.start())
    for line in ("terminal length 0", *lines):
        shown += b"".join(getattr(a, "data", b"") for a in shell.feed(f"{line}\n".encode()))
    shell.close()
    return shown.decode()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_routers_can_be_made_in_process() -> None:
    fleet = generate(MANY, mix={"registered": 3, "slr": 1, "pak": 1}, seed=5)
    lab = Lab.from_scenario(fleet, password="the-password", secrets={})
    assert len(lab.routers) == MANY
    assert len({(r.pid, r.serial) for r in lab.routers.values()}) == MANY
    models = Counter(r.spec.licensing.model for r in lab.routers.values())
    assert models == {"registered": 6000, "slr": 2000, "csl": 2000}
    first, last = lab.routers["r00001"], lab.routers["r10000"]
    typed(first, "configure terminal", "hostname changed", "end")
    assert "changed#" in typed(first, "show clock")
    assert "r10000#" in typed(last, "show clock")
    assert last.serial in typed(last, "show license udi")
    lab.clock.advance(86400)  # type: ignore[attr-defined]
    assert all(r.up and r.boot_count == 0 for r in lab.routers.values())
