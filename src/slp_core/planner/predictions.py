"""``Predictions``: collects expectations, one for each path and moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from slp_core.plan import Prediction
from slp_core.planner.firmware_stop import firmware_stop
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.rules.next_boot import BOOTS, file_name

_NEXT = ("UP-3",)

At = Literal["stop", "upgrade", "end"]


class Predictions:
    """Collects expectations; a later one takes the place of an earlier for the same moment.

    Args:
        before: what was seen before, by path.
    """

    def __init__(self, before: Mapping[str, Any]) -> None:
        self.before = before
        self._by_key: dict[tuple[str, At], Prediction] = {}

    def values(self) -> tuple[Prediction, ...]:
        """Returns all expectations, in the order in which their paths were first named."""
        return tuple(self._by_key.values())

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
            self._by_key.pop((path, moment), None)

    def has(self, path: str) -> bool:
        """Tells whether anything is expected of ``path``."""
        return any((path, m) in self._by_key for m in ("upgrade", "end"))

    def _put(
        self,
        path: str,
        kind: Literal["equals", "unchanged", "newly_issued", "unobservable"],
        rules: tuple[str, ...],
        why: str,
        moment: At,
        value: dict[str, Any],
    ) -> None:
        self._by_key[(path, moment)] = Prediction(
            path=path, kind=kind, rules=rules, why=why, moment=moment, **value
        )


def predict_boot(s: Situation, p: Predictions) -> None:
    """Adds how the router boots: as before, unless the upgrade converts it (UP-2); and again."""
    _boot_mode(s, p)
    predict_next_boot(s, p)
    stop = firmware_stop(s)
    if stop is not None:
        p.equals("release", stop[0].short, ("ROMMON-2", "UP-4"), moment="stop")
        for path in ("udi.pid", "udi.sn"):
            p.unchanged(path, (), moment="stop")


def predict_next_boot(s: Situation, p: Predictions) -> None:
    """Adds what the next reload shall do, on each processor: what is proven comes back (UP-3).

    A router that has no boot variable at all takes what it takes at each reload: it is expected
    to have none afterwards.
    """
    pair = "redundancy.standby" in p.before
    p.equals("next_boot.register", BOOTS, _NEXT)
    file = _next_file(s)
    heads = ("next_boot.image", "next_boot.standby_image") if pair else ("next_boot.image",)
    for path in heads:
        if file is None or (p.before.get(path, "") is None and not _writes_variable(s)):
            p.unchanged(path, _NEXT)
        else:
            p.equals(path, file, _NEXT)
    if pair and "next_boot.standby_register" in p.before:
        p.equals("next_boot.standby_register", BOOTS, _NEXT)
    p.equals("next_boot.unsaved", [], _NEXT, moment="end", why="licensing and boot lines are saved")
    if "next_boot.license_level" in p.before or s.model is Model.CLASSIC:
        _next_level(s, p)


def _next_level(s: Situation, p: Predictions) -> None:
    """The licence level of the next boot: the one that the plan sets, else as before."""
    path = "next_boot.license_level"
    if s.target.boot_level is not None:
        p.equals(path, s.target.boot_level, _NEXT, moment="end")
    else:
        p.unchanged(path, _NEXT, moment="end")


def _next_file(s: Situation) -> str | None:
    """Returns the file that the router boots from now on; None where nothing tells it."""
    if s.boots_after == "install":
        return "packages.conf"
    if s.upgrade:
        return s.image.name if s.image is not None else None
    running = s.state.boot.image if s.state.boot is not None else None
    return file_name(running) if running else None


def _boot_mode(s: Situation, p: Predictions) -> None:
    if s.converts:
        p.equals("boot.mode", "install", ("UP-2",))
    else:
        p.unchanged("boot.mode", ("UP-2",))


def _writes_variable(s: Situation) -> bool:
    """Tells whether the plan itself names the file to boot: a bundle, or a conversion (UP-2)."""
    return s.converts or (s.upgrade and s.boots_after == "bundle")
