"""ROMMON-2 on a router: an ISR 4400 on 3.x stops at 16.3.3, and is proven at its target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.routers import URL
from kit.throttled import stopped, unmet

OLD = "isr4400-universalk9.03.16.04b.S.155-3.S4b-ext.SPA.bin"
STOP = "isr4400-universalk9.16.03.03.SPA.bin"
NEW = "isr4400-universalk9.17.06.05.SPA.bin"
SIZES = {OLD: 416_000_000, STOP: 460_000_000, NEW: 722_345_678}
RELEASES = {OLD: "3.16.4", STOP: "16.3.3", NEW: "17.6.5"}
ROUTER: dict[str, Any] = {
    "name": "r1",
    "home": "Eg-SA-01/Eg-VA-01",
    "router": {
        "pid": "ISR4451-X/K9",
        "release": "3.16.4",
        "hostname": "edge",
        "boot_mode": "bundle",
        "boot_image": OLD,
        "flash": {
            "files": [
                {"name": n, "release": RELEASES[n], "platform": "isr4400", "size": SIZES[n]}
                for n in SIZES
            ],
        },
        "licensing": {
            "model": "csl",
            "licences": [
                {"feature": "ipbasek9", "kind": "default"},
                {"feature": "securityk9", "kind": "rtu"},
            ],
        },
    },
}
IMAGES = [
    {"name": n, "release": RELEASES[n], "platform": "isr4400", "size": SIZES[n]} for n in SIZES
]
GOAL: dict[str, Any] = {
    "release": "17.6.5",
    "image": {"name": NEW, "size": SIZES[NEW]},
    "stop": {"image": {"name": STOP, "size": SIZES[STOP]}},
    "topology": {"kind": "cslu", "url": URL},
}


@pytest.mark.slow
def test_rommon_2_the_stop_is_made_and_the_target_proven(tmp_path: Path) -> None:
    with bench(tmp_path, ROUTER, images=IMAGES) as made:
        plan = made.plan(**GOAL)
        assert plan.blockers == ()
        assert stopped(made.migrate(plan)) == []
        assert unmet(made, plan) == []
        boots = [e.split()[-1] for e in made.events() if e.startswith("boot ")]
        assert boots == ["16.3.3", "16.3.3", "17.6.5"]
