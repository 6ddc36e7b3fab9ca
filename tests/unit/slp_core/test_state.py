"""What is not known, what was printed as none, and what was printed stay three facts."""

import pytest

from slp_core.plan import Plan, Prediction, RouterPlan
from slp_core.release import Release
from slp_core.state import Licensing, RouterState, Transport, Trust, same_tag
from slp_core.targets import Target, Topology


def test_not_printed_and_printed_as_none_are_different_facts() -> None:
    printed = RouterState(name="r1", licensing=Licensing(trust=Trust(installed_on=None)))
    silent = RouterState(name="r1", licensing=Licensing(trust=Trust()))
    assert printed.known("licensing.trust.installed_on")
    assert not silent.known("licensing.trust.installed_on")
    assert not silent.known("licensing.transport.kind")
    assert printed != silent or printed.to_json() != silent.to_json()


def test_a_state_survives_json() -> None:
    state = RouterState(
        name="r1",
        release=Release.parse("17.03.02"),
        licensing=Licensing(transport=Transport(kind="cslu", cslu_address=None)),
    )
    back = RouterState.from_json(state.to_json())
    assert back.to_json() == state.to_json()
    assert back.release is not None
    assert back.release.printed == "17.03.02"
    assert back.known("licensing.transport.cslu_address")
    assert not back.known("licensing.transport.url")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ISR_4400_Hsec", "ISR_4400_Hsec", True),
        ("ISR_4351_UnifiedCommun...", "ISR_4351_UnifiedCommunication", True),
        ("ISR_4351_UnifiedCommunication", "ISR_4351_UnifiedCommun...", True),
        ("ISR_4351_UnifiedCommun...", "ISR_4351_Unified...", True),
        ("ISR_4351_Security", "ISR_4351_Application", False),
        ("ISR_4351_Sec", "ISR_4351_Security", False),
    ],
)
def test_lic_11_tags_match_complete_or_cut(one: str, other: str, same: bool) -> None:
    assert same_tag(one, other) is same


def plan(**changes: object) -> RouterPlan:
    fields: dict[str, object] = {
        "router": "r1",
        "model": "MODEL-EVAL",
        "target": Target(release="17.3.2", topology=Topology(kind="airgap")),
        "predictions": (Prediction(path="transport.kind", kind="equals", value="off"),),
    }
    return RouterPlan.model_validate(fields | changes)


def test_the_hash_of_a_plan_covers_what_it_leads_to_and_nothing_else() -> None:
    one = Plan(routers=(plan(),), created="2026-01-01", made_by="1")
    later = Plan(routers=(plan(),), created="2027-01-01", made_by="2")
    other = Plan(routers=(plan(before={"transport.kind": "smart"}),))
    assert one.hash() == later.hash()
    assert one.hash() != other.hash()
    assert Plan.model_validate(one.to_json()).hash() == one.hash()
