"""``Vty``: who uses a line of a router, in which mode, with which settings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque

from slp_sim.router.dialogue import Dialogue
from slp_sim.router.grammar import Grammar, Reject
from slp_sim.router.router import Router


class Vty(ABC):
    """A session of one user on one router, as its commands know it.

    Args:
        exec_grammar: the commands that the line takes in EXEC.
    """

    def __init__(
        self, router: Router, username: str, privilege: int, exec_grammar: Grammar
    ) -> None:
        self.router = router
        self.exec_grammar = exec_grammar
        self.username = username
        self.privilege = privilege
        self.config_paths: list[tuple[str, ...]] | None = None
        """None in EXEC; in configuration mode the sections that lines go to, if any."""
        self.exclusive = False
        """Whether it asked for the configuration lock (``configure terminal lock``)."""
        self.in_range = False
        self.length = 24
        self.width = 80
        self.monitor = False
        vty = [x for head, x in router.running.sections() if head.startswith("line vty 0")]
        self.timestamps = any("exec prompt timestamp" in rows for rows in vty)
        self.synchronous = any(r.startswith("logging synchronous") for rows in vty for r in rows)
        self.last_line = ""
        self.connections: list[str] = []
        """Sessions with other hosts that were left open, oldest first."""
        self.history: deque[str] = deque(maxlen=20)
        taken = {x.vty for x in router.lines}
        self.vty: int = next(n for n in range(1000) if n not in taken)
        self.used_at = router.clock.now()
        self.prompt_shown = ""

    @abstractmethod
    def execute(self, text: str, skipped: int = 0) -> Dialogue:
        """Carries out one EXEC command; ``skipped`` columns stand before it."""

    @abstractmethod
    def close(self) -> None:
        """Ends the session; the line is free again."""

    def leave_config(self) -> None:
        """Goes back to EXEC; the router logs that it was configured."""
        self.config_paths, self.exclusive = None, False
        self.router.log(
            "SYS-5-CONFIG_I",
            f"Configured from console by {self.username} on vty{self.vty} (127.0.0.1)",
        )

    def reject(self, reject: Reject, line: str) -> str:
        """Returns what the router says of a line that it did not understand."""
        return reject_text(reject, line, self.prompt_shown)


def reject_text(reject: Reject, line: str, prompt: str) -> str:
    """Returns what a router says of a line that it did not understand."""
    if reject.kind == "incomplete":
        return "% Incomplete command.\n\n"
    if reject.kind == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    blanks = " " * (len(prompt) + reject.column)
    return f"{blanks}^\n% Invalid input detected at '^' marker.\n\n"
