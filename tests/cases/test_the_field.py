"""Every case from the field has its right value; the kinds have their own tests elsewhere."""

from __future__ import annotations

import pytest

from kit.cases import DATA, case_state, case_text
from kit.states import target
from slp_core.planner import make_plan
from slp_core.rules.data import builtin_rules
from slp_core.rules.model import Model, detect
from slp_tasks.installing import failure

ROUTERS = sorted(str(path.parent.relative_to(DATA)) for path in DATA.glob("*/*/show-version.txt"))


@pytest.mark.parametrize("router", ROUTERS)
def test_no_case_is_of_an_unknown_release_or_identity(router: str) -> None:
    state = case_state(router)
    assert state.release is not None
    assert state.udi is not None


@pytest.mark.parametrize(
    ("router", "model"),
    [
        ("01-config-register-bits/core-a1", Model.EVAL),
        ("03-image-family-asr1000/asr-a", Model.EVAL),
        ("05-g2-secure-routers/br-a", Model.SLP),
        ("06-weak-ssh-keys-17-11/br2", Model.EVAL),
        ("07-controller-mode/csr3", Model.REGISTERED),
        ("08-topology-url-form/br1", Model.EVAL),
        ("10-unregistered-nothing-in-use/csr2", Model.EVAL),
        ("11-bundle-add-refused/br1", Model.EVAL),
        ("14-rommon-and-path/lab-r1", Model.CSL),
        ("15-last-release-of-hardware/asr-a", Model.EVAL),
    ],
)
def test_the_model_of_each_case(router: str, model: Model) -> None:
    assert detect(case_state(router), builtin_rules()) is model


def test_c10_nothing_in_use_is_migrated_with_no_licences() -> None:
    plan = make_plan(case_state("10-unregistered-nothing-in-use/csr2"), target("17.4.1"))
    assert plan.model == "MODEL-EVAL"
    assert plan.steps
    assert not [p for p in plan.predictions if p.path.startswith("licenses[")]
    assert [p.value for p in plan.predictions if p.path == "model"][-1:] == ["MODEL-SLP"]


def test_c11_the_case_of_the_installer_is_refused_by_name() -> None:
    assert "one command" in (failure(case_text("11-bundle-add-refused/install-add.txt")) or "")
