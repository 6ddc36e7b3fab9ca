"""Releases are ordered and matched as UP-4 says."""

import pytest

from slp_core.errors import ReleaseError
from slp_core.release import Release


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("16.12.04", "17.3.1a"),
        ("16.9.6", "16.12.1"),
        ("17.7.1", "17.7.1a"),
        ("17.3.2", "17.3.2a"),
        ("17.10.1", "17.11.1"),
        ("17.6.5", "17.06.08"),
    ],
)
def test_up_4_order(older: str, newer: str) -> None:
    assert Release.parse(older) < Release.parse(newer)


@pytest.mark.parametrize(
    ("one", "other"), [("16.12.09", "16.12.9"), ("17.03.02", "17.3.2"), ("17.07.01prd9", "17.7.1")]
)
def test_up_4_leading_zeros_and_suffixes_do_not_count(one: str, other: str) -> None:
    assert Release.parse(one) == Release.parse(other)
    assert hash(Release.parse(one)) == hash(Release.parse(other))


def test_up_4_install_version_row_is_the_release() -> None:
    assert Release.parse("17.15.03.0.5371") == Release.parse("17.15.3")


@pytest.mark.parametrize(
    ("found", "target", "reached"),
    [
        ("17.4.1a", "17.4.1", True),
        ("17.4.1", "17.4.1a", False),
        ("17.04.01a", "17.4.1a", True),
        ("17.3.2a", "17.3.2b", False),
        ("17.4.2", "17.4.1", False),
    ],
)
def test_up_4_a_target_without_letter_accepts_its_rebuilds(
    found: str, target: str, reached: bool
) -> None:
    assert Release.parse(found).satisfies(Release.parse(target)) is reached


def test_printed_text_is_kept() -> None:
    release = Release.parse("17.03.02")
    assert (release.printed, release.short, str(release)) == ("17.03.02", "17.3.2", "17.3.2")


@pytest.mark.parametrize("text", ["", "seventeen", "17", "17.3", "v17.x.1", "17..1"])
def test_what_is_no_release_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        Release.parse(text)
    assert repr(text) in str(caught.value)
