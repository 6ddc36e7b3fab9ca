"""What an output or a section of it says: the fields that were printed, and no others.

A field that was not printed reads as ``None`` and is not ``known``; one that was printed as
``<none>`` is ``None`` and known: two different facts, as in ``slp_core.state``. Light on purpose:
an output makes dozens of these, and their values were read by their own types already.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from slp_core.state import Frozen

_DATE = TypeAdapter(datetime)


class Printed:
    """Base of all models of outputs: immutable, compared by value."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    @cache
    def field_types(cls) -> dict[str, Any]:
        """Returns the fields in order, each with its annotation and marks."""
        return get_type_hints(cls, include_extras=True)

    @property
    def printed(self) -> Set[str]:
        """The names of the fields that were printed."""
        return self.__dict__.keys()

    def known(self, path: str) -> bool:
        """Tells whether the dotted ``path`` was printed, be it as ``<none>``."""
        head, _, rest = path.partition(".")
        if head not in self.__dict__:
            return False
        value = self.__dict__[head]
        return not rest or (isinstance(value, Printed | Frozen) and value.known(rest))

    def to_json(self) -> dict[str, Any]:
        """Returns what was printed, ready for ``json.dumps``."""
        return {name: _plain(value) for name, value in self.__dict__.items()}

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is what was printed; {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.items()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


def _plain(value: Any) -> Any:
    if isinstance(value, Printed | Frozen):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return _DATE.dump_python(value, mode="json")
    return value
