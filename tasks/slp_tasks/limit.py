"""Limit expressions: which hosts of an inventory are meant.

``r1,r7`` · ``edge-*`` · ``group:isr4k`` · ``site=bern`` · ``slp.transport=fake``. A comma means
*or*, ``&`` means *and*, ``!`` means *not*: ``site=bern&!edge-*,group:lab``.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from nornir.core.inventory import Host

from slp_core.errors import UsageError
from slp_tasks.host_data import slp_data

Filter = Callable[[Host], bool]


def parse_limit(expression: str) -> Filter:
    """Returns what tells the meant hosts from the others.

    Raises:
        UsageError: a term is empty.
    """
    terms = [term for term in expression.replace(" ", ",").split(",") if term]
    if not terms:
        raise UsageError("the limit is empty", remedy="give a name, group:NAME or key=value")
    choices = [[_part(part.strip(), expression) for part in term.split("&")] for term in terms]
    return lambda host: any(all(fits(host) for fits in parts) for parts in choices)


def _part(part: str, expression: str) -> Filter:
    if part.startswith("!"):
        inner = _part(part[1:], expression)
        return lambda host: not inner(host)
    if not part:
        raise UsageError(f"{expression!r} has an empty term", remedy="remove the extra sign")
    if part.startswith("group:"):
        return _in_group(part.removeprefix("group:"))
    if "=" in part:
        key, _, wanted = part.partition("=")
        return lambda host: _has(host, key, wanted)
    return lambda host: fnmatchcase(host.name, part)


def _in_group(pattern: str) -> Filter:
    return lambda host: any(fnmatchcase(g.name, pattern) for g in host.extended_groups())


def _has(host: Host, key: str, wanted: str) -> bool:
    """Tells whether the data of ``host`` at the dotted ``key`` is ``wanted`` (globs, lists)."""
    for path in (key, f"slp.{key}"):
        value = _at(host, path)
        values = value if isinstance(value, list | tuple) else [value]
        if any(v is not None and fnmatchcase(_text(v), wanted) for v in values):
            return True
    return False


def _at(host: Host, path: str) -> Any:
    head, _, rest = path.partition(".")
    if head in ("hostname", "port", "platform", "username") and not rest:
        return getattr(host, head)
    value: Any = slp_data(host) if head == "slp" else host.get(head)
    for key in rest.split(".") if rest else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
