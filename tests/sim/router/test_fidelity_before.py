"""A router loaded with a scenario's state prints what the guide shows before the migration."""

from __future__ import annotations

import pytest

from kit.captures import FOLDERS, Explained, captured, command_of, compare, spec_of
from kit.hand import router_of

EXPLAINED = [
    Explained("s2/pre/show-license-summary", "hsecK9", "hseck9", "the same output's usage form"),
    Explained(
        "s3/pre/show-version",
        "(fc1)\n",
        "(fc1)\nTechnical Support: http://www.cisco.com/techsupport\n",
        "the guide leaves this line out here and has it everywhere else",
    ),
    Explained(
        "s2/pre/show-version",
        "Version 16.12.04 Cisco IOS Software",
        "Version 16.12.04\nCisco IOS Software",
        "two lines run together in the guide",
    ),
    Explained(
        "s5/pre/show-platform-software-cerm-information",
        "Manager (CERM)",
        "Manager(CERM)",
        "s2 shows the same platform without the blank",
    ),
    Explained("s5/pre/show-version", "[Fujil]", "[Fuji]", "misprint of the guide"),
    Explained(
        "s5/pre/show-version",
        "ARMV8EB_LINUX_IOSD-UNIVERSALK9_IAS-M",
        "ARMV8EL_LINUX_IOSD-UNIVERSALK9-M",
        "an early image of the platform; one name for all its images here",
    ),
]
WAITS = {"s4/pre/show-license-status": 60, "s4/pre/show-license-usage": 136}
"""The evaluation's clock ran on between the guide's outputs."""


def _slugs() -> list[tuple[str, str]]:
    found = []
    for scenario in ("s1", "s2", "s3", "s4", "s5", "s6"):
        for path in sorted((FOLDERS[scenario] / "pre").glob("*.json")):
            if "__" not in path.stem:
                found.append((scenario, path.stem))
    return found


@pytest.mark.parametrize(("scenario", "slug"), _slugs())
def test_router_prints_its_capture(scenario: str, slug: str) -> None:
    _, _, hand = router_of(spec_of(scenario))
    where = f"{scenario}/pre/{slug}"
    hand.wait(WAITS.get(where, 0))
    capture = captured(scenario, "pre", slug)
    if slug == "show-version" and "<output truncated>" not in capture:
        capture += "<output truncated>"  # the guide stops here without saying so
    assert compare(where, capture, hand.show(command_of(slug)), EXPLAINED) is None


def test_each_explained_difference_is_still_one() -> None:
    for one in EXPLAINED:
        scenario, phase, slug = one.where.split("/")
        assert one.captured in captured(scenario, phase, slug), one.where
        assert one.why
