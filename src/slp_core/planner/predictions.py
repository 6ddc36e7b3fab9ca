"""``Predictions``: collects expectations, one for each path and moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from slp_core.plan import Prediction
from slp_core.planner.situation import Situation

At = Literal["stop", "upgrade", "end"]


class Predictions:
    """Collects expectations; a later one takes the place of an earlier for the same moment.

    Args:
        before: what was seen before, by path.
    """

    def __init__(self, before: Mapping[str, Any]) -> None:
        self.before = before
        self._found: dict[tuple[str, At], Prediction] = {}

    def found(self) -> tuple[Prediction, ...]:
        """Returns all expectations, in the order in which their paths were first named."""
        return tuple(self._found.values())

    def equals(
        self,
        path: str,
        value: Any,
        rules: tuple[str, ...],
        *,
        moment: At = "upgrade",
        why: str = "",
    ) -> None:
        """Expects exactly ``value``."""
        self._put(path, "equals", rules, why, moment, {"value": value})

    def unchanged(
        self, path: str, rules: tuple[str, ...], *, why: str = "", moment: At = "upgrade"
    ) -> None:
        """Expects what was seen before; not seen: it will not be judged."""
        value = {"value": self.before[path]} if path in self.before else {}
        if not value:
            why = f"{why}; not seen before" if why else "not seen before"
        self._put(path, "unchanged", rules, why, moment, value)

    def newly_issued(
        self,
        path: str,
        rules: tuple[str, ...],
        *,
        why: str = "",
        old: Any = None,
        renewed: bool = False,
        moment: At = "end",
    ) -> None:
        """Expects something that nobody can know beforehand: it must be there.

        Args:
            old: what it must differ from.
            renewed: it must differ from what was seen before, where that is known.
        """
        known = self.before.get(path) if renewed else old
        self._put(
            path, "newly_issued", rules, why, moment, {} if known is None else {"value": known}
        )

    def unobservable(
        self, path: str, rules: tuple[str, ...], why: str, *, moment: At = "upgrade"
    ) -> None:
        """Expects nothing, and says why."""
        self._put(path, "unobservable", rules, why, moment, {})

    def drop(self, *paths: str, moment: At) -> None:
        """Forgets expectations: what is shown no longer is not expected."""
        for path in paths:
            self._found.pop((path, moment), None)

    def has(self, path: str) -> bool:
        """Tells whether anything is expected of ``path``."""
        return any((path, m) in self._found for m in ("upgrade", "end"))

    def _put(
        self,
        path: str,
        kind: Literal["equals", "unchanged", "newly_issued", "unobservable"],
        rules: tuple[str, ...],
        why: str,
        moment: At,
        value: dict[str, Any],
    ) -> None:
        self._found[(path, moment)] = Prediction(
            path=path, kind=kind, rules=rules, why=why, moment=moment, **value
        )


def predict_boot(s: Situation, p: Predictions) -> None:
    """Adds how the router boots at the end: as before, unless the upgrade converts it (UP-2)."""
    if s.converts:
        p.equals("boot.mode", "install", ("UP-2",))
    else:
        p.unchanged("boot.mode", ("UP-2",))
