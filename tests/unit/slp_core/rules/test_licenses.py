"""LIC rules: what becomes of each licence."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    HSEC,
    PAK,
    PLAIN,
    RTU,
    RULES,
    UNUSED_RTU,
    csl,
    evaluating,
    feature,
    registered,
    reserved,
    router,
    target,
)  # fmt: skip
from slp_core.plan import Prediction
from slp_core.planner import make_plan
from slp_core.rules.licenses import outcomes
from slp_core.rules.model import Model
from slp_core.state import same_tag


def fate(licensing: dict[str, Any], model: Model) -> dict[str, str]:
    found = outcomes(router(licensing=licensing), model, RULES)
    return {o.key: o.fate for o in found}


def predicted(licensing: dict[str, Any], **wishes: Any) -> dict[str, Prediction]:
    plan = make_plan(router(licensing=licensing), target(**wishes))
    return {p.path: p for p in plan.predictions}


@pytest.mark.parametrize("status", ["AUTHORIZED", "NOT AUTHORIZED", "EVAL MODE"])
def test_lic_1_unrestricted_is_in_use_and_not_enforced(status: str) -> None:
    found = predicted(registered({**PLAIN, "status": status}))
    assert found["licenses[X_0].status"].value == "IN USE"
    assert found["licenses[X_0].enforcement"].value == "NOT ENFORCED"
    assert found["licenses[X_0].export_status"].value == "NOT RESTRICTED"


@pytest.mark.parametrize("make", [registered, reserved])
def test_lic_2_restricted_and_authorized_stays_allowed(make: Any) -> None:
    found = predicted(make(HSEC), kind="airgap" if make is reserved else "direct")
    assert found["licenses[X_0].enforcement"].value == "EXPORT RESTRICTED"
    assert found["licenses[X_0].export_status"].value == "RESTRICTED - ALLOWED"


@pytest.mark.parametrize(
    "used",
    [
        {"license_state": "Active, In Use"},
        {"enabled": True},
        {"license_state": "Active, In Use", "enabled": True},
    ],
)
def test_lic_3_a_classic_licence_in_use_is_migrated(used: dict[str, Any]) -> None:
    licensing = csl(feature("appxk9", right_to_use=True, **used))
    assert fate(licensing, Model.CSL) == {"feature:appxk9": "migrated"}


def test_lic_4_an_unused_right_to_use_licence_is_left() -> None:
    assert fate(csl(feature("uck9", UNUSED_RTU)), Model.CSL) == {"feature:uck9": "left"}


def test_lic_4_an_unused_pak_is_not_predicted() -> None:
    idle = {**PAK, "license_state": "Active, Not in Use", "enabled": False}
    licensing = csl(feature("uck9", idle), feature("appxk9", RTU))
    assert fate(licensing, Model.CSL)["feature:uck9"] == "open"
    plan = make_plan(router(licensing=licensing), target())
    found = {p.path: p for p in plan.predictions}["licenses[feature:uck9].status"]
    assert found.kind == "unobservable"
    assert "LIC-4" in {n.rule for n in plan.notices}


def test_lic_5_hseck9_without_a_pak_is_left() -> None:
    bare = feature("hseck9", enabled=False, right_to_use=False)
    assert fate(csl(bare), Model.CSL) == {"feature:hseck9": "left"}
    assert fate(csl(feature("hseck9", PAK)), Model.CSL) == {"feature:hseck9": "migrated"}


def test_lic_6_defaults_are_migrated_and_never_displayed() -> None:
    licensing = csl(feature("ipbasek9"), feature("internal_service"), feature("appxk9", RTU))
    found = fate(licensing, Model.CSL)
    assert found["feature:ipbasek9"] == found["feature:internal_service"] == "hidden"
    assert not [p for p in predicted(licensing) if "ipbasek9" in p]


def test_lic_7_evaluation_is_unenforced_and_hseck9_has_none() -> None:
    found = predicted(evaluating({**PLAIN, "status": "EVAL MODE"}))
    assert found["licenses[X_0].enforcement"].value == "NOT ENFORCED"
    assert "LIC-7" in found["licenses[X_0].status"].rules
    restricted = evaluating({**HSEC, "status": "EVAL MODE"})
    assert fate(restricted, Model.EVAL) == {"X_0": "open"}


def test_lic_8_codes_are_carried_over() -> None:
    code = {"status": "SPECIFIC INSTALLED", "confirmation_code": "4372613e"}
    slr = predicted(reserved(PLAIN, reservation=code), kind="airgap")
    assert (slr["authorization.confirmation_code"].kind,
            slr["authorization.confirmation_code"].value) == ("unchanged", "4372613e")  # fmt: skip
    smart = predicted(registered(HSEC))
    assert smart["authorization.status"].value == "SMART AUTHORIZATION INSTALLED"
    assert smart["authorization.confirmation_code"].kind == "newly_issued"
    pak = predicted(csl(feature("hseck9", PAK)))
    assert "authorization.confirmation_code" not in pak


def test_lic_9_a_pak_reads_not_installed_and_is_healthy() -> None:
    found = predicted(csl(feature("hseck9", PAK)))
    assert found["authorization.status"].value == "NOT INSTALLED"
    assert found["authorization.legacy_status"].value == "PAK"
    assert found["licenses[feature:hseck9].export_status"].value == "RESTRICTED - ALLOWED"


def test_lic_9_a_licence_that_reads_as_pak_and_right_to_use_foretells_no_pak_status() -> None:
    either = predicted(csl(feature("securityk9", {**PAK, "right_to_use": True})))
    assert either["authorization.legacy_status"].kind == "unobservable"
    beside = predicted(csl(feature("securityk9", {**PAK, "right_to_use": True}),
                           feature("hseck9", PAK)))  # fmt: skip
    assert beside["authorization.legacy_status"].value == "PAK"


@pytest.mark.parametrize(
    "licensing", [csl(feature("appxk9", RTU)), evaluating({**PLAIN, "status": "EVAL MODE"})]
)
def test_lic_10_right_to_use_and_evaluation_read_not_installed(licensing: dict[str, Any]) -> None:
    found = predicted(licensing)
    assert found["authorization.status"].value == "NOT INSTALLED"
    assert "authorization.legacy_status" not in found


def test_lic_11_tags_match_complete_or_cut() -> None:
    assert same_tag("ISR_4400_UnifiedCommun...", "ISR_4400_UnifiedCommunication")
    assert not same_tag("ISR_4400_UnifiedCommun", "ISR_4400_UnifiedCommunication")
    assert not same_tag("ISR_4400_Sec...", "ISR_4400_UnifiedCommunication")


def test_slac_10_restricted_without_its_authorization_is_warned_of() -> None:
    refused = {**HSEC, "status": "NOT AUTHORIZED", "export_status": "RESTRICTED - NOT ALLOWED"}
    plan = make_plan(router(licensing=registered(refused)), target())
    assert "SLAC-10" in {n.rule for n in plan.notices}
    fine = make_plan(router(licensing=registered(HSEC)), target())
    assert "SLAC-10" not in {n.rule for n in fine.notices}


@pytest.mark.parametrize("status", ["OUT OF COMPLIANCE", "Out-Of-Compliance", "Out-of-compliance"])
def test_b9_12_slac_10_a_restricted_licence_out_of_compliance_is_open_in_any_spelling(
    status: str,
) -> None:
    plan = make_plan(router(licensing=registered({**HSEC, "status": status})), target())
    assert "SLAC-10" in {n.rule for n in plan.notices}
