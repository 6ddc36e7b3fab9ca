"""How the router reports: its topology, and call-home before SLP."""

from __future__ import annotations

from typing import ClassVar, Final

from typing_extensions import override

from slp_core import typed
from slp_core.errors import UsageError
from slp_core.files import Kind as FileKind
from slp_core.steps.base import BOOTFLASH, StepFacts, StepParams
from slp_core.targets import Topology
from slp_core.topology_lines import wanted_lines

HANDED_IN: Final = "URL"
"""Stands in a line for the URL that is handed in before it is typed."""


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
    url_file: typed.FileName | None = None
    """What a person hands the URL in by, where nobody knew it when the plan was made (ONPREM-4)."""

    @override
    def takes(self) -> tuple[str, FileKind] | None:
        return (self.url_file, "url") if self.url_file is not None else None

    @override
    def title(self) -> str:
        return f"Set up the topology {self.topology.kind}"

    def wanted(self, *, vrf_keyword: bool = True, url: str | None = None) -> tuple[str, ...]:
        """Returns every line that the router must have.

        Args:
            url: what was handed in as ``url_file``.

        Raises:
            UsageError: its template lacks a value.
        """
        topology = self.topology.model_copy(update={"url": url}) if url else self.topology
        return wanted_lines(topology, vrf_keyword=vrf_keyword, template=self.template)

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        try:
            return self.wanted(url=HANDED_IN if self.url_file else None)
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
