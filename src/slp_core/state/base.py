"""What every part of a state is made of: frozen values, their evidence, an identity."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Level = int | str
"""A throughput: kb/s, or the words that the router prints (``unthrottled``, ``T3|500M``)."""

TransportKind = Literal["callhome", "smart", "cslu", "off", "automatic"]


class Frozen(BaseModel):
    """A value: immutable, strict about its fields, unset fields left out of JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        """Returns what was set, ready for ``json.dumps``."""
        return self.model_dump(mode="json", exclude_unset=True)

    def known(self, path: str) -> bool:
        """Tells whether the dotted ``path`` was printed, be it as ``<none>``."""
        head, _, rest = path.partition(".")
        if head not in self.model_fields_set:
            return False
        value = getattr(self, head)
        if not rest:
            return True
        return isinstance(value, Frozen) and value.known(rest)


class Evidence(Frozen):
    """Where a value stood: the command and its line numbers, from 1."""

    command: str
    lines: tuple[int, ...]


class Contradiction(Frozen):
    """What another output says of a value; ``None`` for a licence that it does not list."""

    value: Any = None
    evidence: Evidence


class Udi(Frozen):
    """The identity by which CSSM knows a product instance."""

    pid: str
    sn: str
    role: str | None = None
