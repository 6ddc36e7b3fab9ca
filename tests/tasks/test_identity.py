"""F47: nothing lasting is ever sent to a router that is not the one that was planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.labs import bench
from slp_core.errors import PlanMismatch
from slp_core.state import Udi

LASTING = (
    "stage_image", "save_config", "install_add", "install_activate",
    "install_commit", "topology", "trust", "slac", "usage_sync",
)  # fmt: skip


@pytest.mark.parametrize("other", ["serial", "pid"])
def test_f47_no_act_reaches_another_router(tmp_path: Path, other: str) -> None:
    """The address in the inventory was changed after the plan: each act refuses by itself."""
    with bench(tmp_path, {"name": "r1", "family": "s4_evaluation"}) as made:
        plan = made.plan()
        assert plan.udi is not None
        changed = {"sn": "FDO0000XXXX"} if other == "serial" else {"pid": "ISR4331/K9"}
        swapped = plan.model_copy(update={"udi": Udi(**(plan.udi.model_dump() | changed))})
        before = made.caused()
        steps = {s.kind: s for s in swapped.steps}
        assert set(LASTING) <= set(steps)
        for kind in LASTING:
            with pytest.raises(PlanMismatch) as caught:
                made.phase(swapped, steps[kind], "act")
            assert plan.udi.sn in str(caught.value)
        assert made.caused() == before
