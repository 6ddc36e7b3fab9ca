"""What the agent says when the other side is silent, too old, or there again."""

from __future__ import annotations

from kit.hand import policy_with, router_of
from kit.specs import slp
from slp_sim.ports import Reply
from slp_sim.services.onprem import DOWN_REV


def test_a_restored_communication_is_logged_once() -> None:
    _, _, hand = router_of(slp())
    hand.configure("license smart url default")
    hand.type("license smart sync all")
    hand.wait(60)
    hand.type("license smart trust idtoken planted local")
    hand.wait(600)
    text = hand.show("show logging")
    assert text.count("SMART_LIC-3-COMM_FAILED") == 1
    assert text.count("SMART_LIC-5-COMM_RESTORED") == 1
    assert "SMART_LIC-6-TRUST_INSTALL_SUCCESS" in text


def test_an_on_prem_that_is_too_old_is_no_failure_of_communication() -> None:
    _, world, hand = router_of(slp(licensing={"transport": "cslu", "url": "http://op/cslu/v1/pi"}))
    world.refuse["usage"] = Reply(ok=False, reached=True, reason=DOWN_REV)
    hand.type("license smart sync all")
    hand.wait(60)
    text = hand.show("show logging")
    assert "%SMART_LIC-4-REPORTING_NOT_SUPPORTED: The CSSM OnPrem" in text
    assert "COMM_FAILED" not in text


def test_a_policy_that_comes_with_the_trust_code_is_installed_before_it() -> None:
    router, world, hand = router_of(slp())
    policy = policy_with(first=17).as_mapping()
    world.refuse["trust"] = Reply(ok=True, body={"trust_id": "t1", "policy": policy})
    hand.configure("license smart url default")
    hand.type("license smart trust idtoken planted local")
    hand.wait(10)
    said = [x for x in router.syslog if "_INSTALL_SUCCESS" in x]
    assert ["POLICY" in said[0], "TRUST" in said[1]] == [True, True]
    assert "First report requirement (days): 17" in hand.show("show license status")
