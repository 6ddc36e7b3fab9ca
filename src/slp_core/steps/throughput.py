"""Throughput: what licences and export control allow, in the order that every platform takes."""

from __future__ import annotations

from typing_extensions import override

from slp_core import typed
from slp_core.steps.base import BOOTFLASH, StepFacts, StepParams


class ThroughputParams(StepParams):
    """The configuration of a throughput (THR).

    Attributes:
        level: in kb/s, or as it is typed.
        hseck9: enter the feature that allows more than 250 Mbps.
    """

    facts = StepFacts(
        kind="throughput",
        managed="configuration",
        title="Set the throughput",
        brings=("throughput.",),
    )

    level: typed.Level | None = None
    crypto: typed.Level | None = None
    boot_level: typed.BootLevel | None = None
    hseck9: bool = False

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        """Returns the configuration, in the order that every platform takes.

        The boot level first: it says which licences there are; then the feature that allows more
        than 250 Mbps, then the platform's level, last the crypto throughput that hangs on both.
        """
        wanted = []
        if self.boot_level:
            wanted.append(f"license boot level {self.boot_level}")
        if self.hseck9:
            wanted.append("license feature hseck9")
        for what, level in (("level", self.level), ("crypto", self.crypto)):
            if level:
                wanted.append(f"platform hardware throughput {what} {level}")
        return tuple(wanted)
