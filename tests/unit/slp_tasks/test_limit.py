"""Limit expressions choose hosts by name, group and data."""

from __future__ import annotations

import pytest
from nornir.core.inventory import Defaults, Group, Host, ParentGroups

from slp_core.errors import UsageError
from slp_tasks.limit import parse_limit


def host(name: str, group: str, **slp: object) -> Host:
    defaults = Defaults(data={"slp": {"transport": "ssh"}})
    parent = Group(name=group, defaults=defaults, data={"region": "north"})
    return Host(
        name=name,
        hostname=f"10.0.0.{len(name)}",
        groups=ParentGroups([parent]),
        defaults=defaults,
        data={"slp": slp, "rack": 7, "tags": ["lab", "old"]},
    )


HOSTS = [
    host("edge-1", "isr4k", site="bern"),
    host("edge-22", "isr1k", site="basel"),
    host("core", "isr4k", site="bern", transport="fake"),
]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("edge-1", ["edge-1"]),
        ("edge-*", ["edge-1", "edge-22"]),
        ("edge-1,core", ["edge-1", "core"]),
        ("edge-1 core", ["edge-1", "core"]),
        ("group:isr4k", ["edge-1", "core"]),
        ("group:isr*", ["edge-1", "edge-22", "core"]),
        ("site=bern", ["edge-1", "core"]),
        ("slp.site=bern", ["edge-1", "core"]),
        ("site=bern&!core", ["edge-1"]),
        ("slp.transport=fake", ["core"]),
        ("slp.transport=ssh", ["edge-1", "edge-22"]),
        ("region=n*", ["edge-1", "edge-22", "core"]),
        ("rack=7&group:isr1k", ["edge-22"]),
        ("tags=old&edge-1", ["edge-1"]),
        ("!group:isr4k", ["edge-22"]),
        ("nothing=at-all", []),
    ],
)
def test_expression_chooses(expression: str, names: list[str]) -> None:
    fits = parse_limit(expression)
    assert [h.name for h in HOSTS if fits(h)] == names


@pytest.mark.parametrize("expression", ["", " , ", "site=bern&"])
def test_an_empty_term_is_refused(expression: str) -> None:
    with pytest.raises(UsageError):
        parse_limit(expression)


@pytest.mark.parametrize(
    ("expression", "named", "near"),
    [
        ("edge-1,egde-22", "'egde-22'", "edge-22"),
        ("core,EDGE-1", "'EDGE-1'", "edge-1"),
        ("core,site=bren", "'site=bren'", "site=bern"),
        ("core,group:isr4", "'group:isr4'", "group:isr4k"),
        ("core,egde-*", "'egde-*'", "edge-1"),
    ],
)
def test_a_part_that_fits_nothing_refuses_the_whole_and_names_what_is_near(
    expression: str, named: str, near: str
) -> None:
    fits = parse_limit(expression)
    assert [h for h in HOSTS if fits(h)]
    with pytest.raises(UsageError) as refused:
        fits.refuse_unmatched()
    assert named in refused.value.what
    assert near in (refused.value.remedy or "")


@pytest.mark.parametrize("expression", ["edge-1,core", "site=bern&!core", "!edge-*", "*"])
def test_a_limit_of_which_each_part_fits_is_none_to_refuse(expression: str) -> None:
    fits = parse_limit(expression)
    assert [h for h in HOSTS if fits(h)]
    fits.refuse_unmatched()
