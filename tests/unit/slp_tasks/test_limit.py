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
