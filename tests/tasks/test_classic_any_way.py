"""Any ASR 900 on any way: no look of a plan fails for a router that does as its document says."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.routers import REGISTRATION

RELEASES = ("17.3.4", "17.6.1", "17.7.1", "17.8.1", "17.12.1")
IMAGES = {
    r: {
        "name": f"asr920-universalk9_npe.{r}.bin",
        "release": r,
        "platform": "asr920",
        "size": 10**7,
    }
    for r in RELEASES
}
PRESENT = {  # how it is licensed before, and by which releases
    "pak": ("csl", "pak", ("17.3.4", "17.6.1")),
    "evaluation": ("csl", "evaluation", ("17.3.4", "17.6.1")),
    "smart": ("eval", "rtu", ("17.3.4", "17.6.1", "17.7.1", "17.8.1")),
    "registered": ("registered", "rtu", ("17.3.4", "17.6.1", "17.7.1", "17.8.1")),
    "no-license": ("nolicense", "pak", ("17.7.1", "17.8.1")),
}
LEVELS = ("metroaccess", "metroipaccess", "advancedmetroipaccess")
ALLOWED = ("B9-1", "B9-2", "B9-3", "B9-11", "B9-15", "B9-16")


def drawn(rnd: random.Random, tmp: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns a router and a target."""
    present = rnd.choice(list(PRESENT))
    model, kind, releases = PRESENT[present]
    release, level = rnd.choice(releases), rnd.choice(LEVELS)
    licensing: dict[str, Any] = {
        "model": model,
        "licences": [{"feature": level, "name": level, "kind": kind}],
    }
    if model in ("eval", "registered"):
        licensing["transport"] = "callhome"
    if model == "registered":
        licensing["registration"] = REGISTRATION
    # an evaluation licence is in use by the line alone; with a PAK it may be missing
    line = kind != "pak" or rnd.choice([True, False])
    config = [f"license boot level {level}"] if line else []
    router = {
        "pid": rnd.choice(["ASR-920-12CZ-A", "ASR-903"]),
        "release": release,
        "boot_mode": rnd.choice(["bundle", "install"]),
        "config": [*config, "interface TenGigabitEthernet0/0/12", " no ip address"],
        "licensing": licensing,
    }
    target: dict[str, Any] = {
        "classic": rnd.choice(["keep", "register", "smart", "no-license", "renew", "deregister"]),
        "topology": {"kind": "direct", "transport": "callhome", "token": "env:SLP_TOKEN"},
        "allow": dict.fromkeys(ALLOWED, "lab"),
    }
    if rnd.random() < 0.4:
        target["boot_level"] = rnd.choice(LEVELS)
    goal = rnd.choice([release, *RELEASES])
    if goal != release:
        name = IMAGES[goal]["name"]
        image = {"name": name, "source": str(tmp / "images" / name), "size": 10**7}
        target |= {"release": goal, "image": image}
    return {"name": "r1", "home": "Eg-SA-01/Eg-VA-01", "router": router}, target


@pytest.mark.parametrize(
    "seed", [n if n < 3 else pytest.param(n, marks=pytest.mark.slow) for n in range(60)]
)
def test_a_plan_ends_as_predicted_or_at_the_blocker_that_was_planned(
    tmp_path: Path, seed: int
) -> None:
    router, target = drawn(random.Random(seed), tmp_path)
    with bench(tmp_path, router, images=list(IMAGES.values())) as made:
        plan = made.plan(**target)
        if plan.blockers:
            assert {n.rule for n in plan.blockers} <= {"B9-5", "B9-6"}, (router, target)
            return
        ended = made.migrate(plan)
        assert [(i, e) for i, e in ended if e not in ("done", "skipped")] == [], (router, target)
        assert len(ended) == len(plan.steps)
        again = made.plan(**target)
        assert again.steps == () or target["classic"] == "renew", (router, target)
