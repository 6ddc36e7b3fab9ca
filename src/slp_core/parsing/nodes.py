"""Sections and items while they are being filled, and the models that they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slp_core.parsing.grammar import Grammar
from slp_core.parsing.printed import Printed


@dataclass
class Node:
    """A section or item that is being filled."""

    grammar: Grammar
    path: str
    values: dict[str, Any] = field(default_factory=dict)

    def at(self, name: str) -> str:
        """Returns the dotted path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def list_of(self, name: str) -> list[Any]:
        """Returns the list that a field collects."""
        found = self.values.get(name)
        if found is None:
            found = self.values[name] = []
        assert isinstance(found, list)
        return found


def build(node: Node) -> Printed:
    """Makes the model of a section or item."""
    values = {name: _finished(value) for name, value in node.values.items()}
    return node.grammar.model(**values)


def _finished(value: Any) -> Any:
    if isinstance(value, Node):
        return build(value)
    if isinstance(value, list):
        return tuple(build(item) if isinstance(item, Node) else item for item in value)
    return value
