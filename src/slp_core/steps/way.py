"""How the router reports: its topology, and call-home before SLP."""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from slp_core.errors import UsageError
from slp_core.steps.base import BOOTFLASH, StepFacts, StepParams
from slp_core.targets import Topology
from slp_core.topology_lines import wanted_lines


class TopologyParams(StepParams):
    """The router reports as a topology asks for."""

    facts = StepFacts(
        kind="topology",
        managed="configuration",
        title="Set up the topology",
        deadline_s=300,
        server="sets up",
        brings=("transport.",),
        asks_for_report=True,
    )
    template: ClassVar[str | None] = None
    """Another template than that of the topology's kind."""

    topology: Topology

    @override
    def title(self) -> str:
        return f"Set up the topology {self.topology.kind}"

    def wanted(self, *, vrf_keyword: bool = True) -> tuple[str, ...]:
        """Returns every line that the router must have.

        Raises:
            UsageError: its template lacks a value.
        """
        return wanted_lines(self.topology, vrf_keyword=vrf_keyword, template=self.template)

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        try:
            return self.wanted()
        except UsageError:  # the step itself says what its template lacks
            return ()


class CallHomeParams(TopologyParams):
    """A router before SLP reports by call-home (B9-10)."""

    facts = StepFacts(
        kind="call_home",
        managed="configuration",
        title="Set up call-home",
        deadline_s=300,
        server="sets up",
    )
    template = "classic/call-home.j2"

    @override
    def title(self) -> str:
        return self.facts.title
