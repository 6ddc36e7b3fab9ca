"""The faults that may strike a router, by name: when each is asked, and what it then does.

Which there are, with what, and where each can strike stands in ``data/faults.yaml``.
"""

from __future__ import annotations

from typing import Any, Protocol

from slp_sim.router.dialogue import Dialogue, Wait
from slp_sim.router.spec import AgentModel, FaultSpec


class Struck(Protocol):
    """What faults ask of the device that they strike."""

    boot_count: int
    licensing_model: AgentModel

    @property
    def hostname(self) -> str:
        """The host name in force."""
        ...

    def stamp_ms(self) -> str:
        """Returns the device's time as messages carry it."""
        ...


MOMENTS = ("always", "before-reload", "after-reload", "under-slp")
"""When a fault that lasts may be told to strike (``moment``)."""
_FOR_EVER = 10 * 365 * 86400.0


class Faults:
    """What may go wrong on one router; most routers have none of it."""

    def __init__(self, device: Struck, specs: list[FaultSpec]) -> None:
        self._device = device
        self._by_name: dict[str, dict[str, Any]] = {}
        self._used: dict[str, int] = {}
        self.filled = 0
        """Bytes of flash that something else took (F05)."""
        for spec in specs:
            self.add(spec)

    def on(self, name: str, variant: str | None = None) -> bool:
        """Tells whether a fault strikes this router (in this variant, if one is asked for)."""
        params = self._by_name.get(name)
        if params is None or not self._reached(params.get("moment")):
            return False
        return variant is None or params.get("variant") == variant

    def _reached(self, moment: str | None) -> bool:
        device = self._device
        match moment:
            case "before-reload":
                return device.boot_count == 0
            case "after-reload":
                return device.boot_count > 0
            case "under-slp":
                return device.licensing_model == "slp"
            case _:
                return True

    def param(self, name: str, key: str, default: Any) -> Any:
        """Returns what the scenario says of a fault."""
        return self._by_name.get(name, {}).get(key, default)

    def strikes(self, name: str, variant: str | None = None) -> bool:
        """Tells whether a fault strikes now; counts it against its ``times`` (no limit: always)."""
        if not self.on(name, variant):
            return False
        limit = self.param(name, "times", None)
        used = self._used.get(name, 0)
        if limit is not None and used >= int(limit):
            return False
        self._used[name] = used + 1
        return True

    def strikes_first(self, name: str, times: int) -> bool:
        """Counts a fault that strikes the first ``times`` times (or as the scenario says)."""
        used = self._used.get(name, 0)
        if used >= int(self.param(name, "times", times)):
            return False
        self._used[name] = used + 1
        return True

    def add(self, spec: FaultSpec) -> None:
        """Has a fault strike from now on."""
        name, _, variant = spec.name.partition("-")
        extra = {"variant": variant} if variant else {}
        self._by_name[name.upper()] = extra | spec.params

    def clear(self, name: str) -> None:
        """Ends a fault: what was wrong has been put right."""
        self._by_name.pop(name, None)

    # --- at the terminal ------------------------------------------------------------------------

    def prompt_delay(self) -> float:
        """Returns by how many lab seconds a prompt is late."""
        return float(self.param("F13", "seconds", 2.0)) if self.on("F13") else 0.0

    def at_prompt(self) -> str:
        """Returns what a message throws in before a prompt."""
        if not self.strikes("F16"):
            return ""
        return f"\n{self._noise()}\n"

    def in_output(self, text: str) -> str:
        """Returns an output with what faults throw into its middle."""
        if self.on("F16") and text.count("\n") > 3:
            lines = text.splitlines(keepends=True)
            lines.insert(len(lines) // 2, f"{self._noise()}\n")
            text = "".join(lines)
        if self.on("F33", "flood"):
            text = ("x" * 199 + "\n") * int(float(self.param("F33", "mb", 100)) * 5000) + text
        elif self.on("F33"):
            text = f"\x1b[2J\x1b]0;<script>alert(1)</script>\x07{text}"
        return text

    def _noise(self) -> str:
        device = self._device
        stamp = device.stamp_ms()
        return f"*{stamp}: %SYS-5-NOTICE: {device.hostname}# is not a prompt"

    def before_output(self) -> Dialogue:
        """Lets a slow router take its time."""
        if self.on("F29"):
            yield Wait(float(self.param("F29", "seconds", 5.0)))
        if self.on("F33", "silent"):
            yield Wait(_FOR_EVER)

    def unknown(self, line: str) -> bool:
        """Tells whether this router lacks a command."""
        prefix = self.param("F19", "command", None) if self.on("F19") else None
        return bool(prefix) and " ".join(line.lower().split()).startswith(str(prefix).lower())
