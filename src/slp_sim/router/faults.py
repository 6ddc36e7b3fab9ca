"""The faults that may strike a router, by name: when each is asked, and what it then does.

======  ==============================================================================
F01     the old boot still answers: ``seconds`` (45) after the reload was confirmed
F02     the connection dies on the confirmation itself, without another byte
F04     ``install add`` takes ``seconds`` (1500)
F05     flash fills: ``free`` (bytes that remain once a transfer to flash begins)
F07     nobody commits: the lab's auto-abort timer is ``minutes`` (5)
F08     the router boots its old release after an activation or change of boot variable
F09     install refuses: variant ``unsaved``, ``issu``, ``same``, ``missing``
F10     the router does not come back from its next reload
F11     the standby processor is not ready (a pair only); variant ``loop``: it keeps reloading
F13     prompts come ``seconds`` (2) late
F14     every save asks whether to overwrite the NVRAM configuration
F15     the configuration counts as modified at each reload
F16     system messages within output and before prompts
F17     banners that end in ``#`` and ``>``
F19     ``command`` (a prefix) is unknown to this router
F20     time and load lines before each output
F22     transfers to flash are cut after ``bytes`` (half), ``times`` (1); variant ``corrupt``
F21     the session dies during a copy by the router; the copy itself is fine
F23     the router copies only with ``ip http client source-interface`` configured
F24     the first usage report read from the router is altered on its way
F27     the router has ``lines`` (1) VTY lines
F28     the first ``times`` (2) logins fail as if the password were wrong
F29     every command takes ``seconds`` (5)
F33     hostile output: terminal escapes; variants ``silent`` (no prompt ever), ``flood`` (``mb``)
F34     trust fails: variant ``clock`` (``seconds``), ``dns``, ``present``
F35     an SLR router shows evaluation after its reload
F37     acknowledgements come ``seconds`` (7200) later
F38     throughput falls to 250 Mbit/s in the reload into SLP
F39     device-led conversion is never collected
F40     usage reports pile up: ``count`` (1200)
F41     the reload loses configuration lines: ``lines`` (prefixes)
======  ==============================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slp_sim.router.spec import FaultSpec
from slp_sim.router.steps import Dialogue, Wait

if TYPE_CHECKING:
    from slp_sim.router.router import Router


_FOR_EVER = 10 * 365 * 86400.0


class Faults:
    """What may go wrong on one router; most routers have none of it."""

    def __init__(self, router: Router, specs: list[FaultSpec]) -> None:
        self._router = router
        self._by_name: dict[str, dict[str, Any]] = {}
        self._used: dict[str, int] = {}
        self.filled = 0
        """Bytes of flash that something else took (F05)."""
        for spec in specs:
            name, _, variant = spec.name.partition("-")
            extra = {"variant": variant} if variant else {}
            self._by_name[name.upper()] = extra | spec.params

    def on(self, name: str, variant: str | None = None) -> bool:
        """Tells whether a fault strikes this router (in this variant, if one is asked for)."""
        params = self._by_name.get(name)
        if params is None:
            return False
        return variant is None or params.get("variant") == variant

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
            text = "x" * 200 * int(float(self.param("F33", "mb", 100)) * 5000) + text
        elif self.on("F33"):
            text = f"\x1b[2J\x1b]0;<script>alert(1)</script>\x07{text}"
        return text

    def _noise(self) -> str:
        router = self._router
        stamp = router.stamp_ms()
        return f"*{stamp}: %SYS-5-NOTICE: {router.hostname}# is not a prompt"

    def before_output(self) -> Dialogue:
        """Lets a slow router take its time."""
        if self.on("F29"):
            yield Wait(float(self.param("F29", "seconds", 5.0)))
        if self.on("F33", "silent"):
            yield Wait(_FOR_EVER)

    def unknown(self, line: str) -> bool:
        """Tells whether this router lacks a command."""
        prefix = self.param("F19", "command", None)
        return bool(prefix) and " ".join(line.lower().split()).startswith(str(prefix).lower())
