"""Trust, and the authorization of export-controlled features (SLAC)."""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import override

from slp_core import typed
from slp_core.files import Kind as FileKind
from slp_core.steps.base import BOOTFLASH, TOKEN, StepFacts, StepParams

Scope = Literal["local", "all"]
"""One member, or all members of a router that has some."""

_AUTHORIZES: Final = ("licenses[", "authorization.", "cerm.", "throughput.")
_REQUEST: Final = "license smart authorization request"


class TrustParams(StepParams):
    """A trust code, by a token of which only the reference is known here."""

    facts = StepFacts(
        kind="trust",
        title="Request a trust code",
        deadline_s=1800,
        waits_for="service",
        watched=True,
        channels=("Trust Establishment",),
        server="uses",
        brings=("trust.",),
        asks_for_report=True,
    )

    token: typed.Line | None = None
    scope: Scope = "local"
    force: bool = False

    @override
    def title(self) -> str:
        return "Request a new trust code" if self.force else self.facts.title

    @override
    def token_reference(self) -> str | None:
        return self.token

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        force = " force" if self.force else ""
        return (f"license smart trust idtoken {TOKEN} {self.scope}{force}",)


class SlacParams(StepParams):
    """The authorization of a feature, asked for over the network."""

    facts = StepFacts(
        kind="slac",
        title="Request the HSECK9 authorization",
        deadline_s=1800,
        waits_for="service",
        watched=True,
        channels=("Authorization Request", "Result Polling"),
        server="uses",
        brings=_AUTHORIZES,
        asks_for_report=True,
    )

    feature: typed.Name = "hseck9"
    scope: Scope = "local"
    mode: Literal["add", "replace"] = "add"

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"{_REQUEST} {self.mode} {self.feature} {self.scope}",)


class SlacWaitParams(StepParams):
    """The router asks for the authorization by itself; nothing is sent (SLAC-5, SLAC-6)."""

    facts = StepFacts(
        kind="slac_wait",
        title="Wait for the HSECK9 authorization that the router asks for",
        deadline_s=1800,
        lasting=False,
        waits_for="service",
        skipped="done",
        watched=True,
        server="uses",
        brings=_AUTHORIZES,
        asks_for_report=True,
    )

    feature: typed.Name = "hseck9"


class SlacImportParams(StepParams):
    """The authorization of a feature, from a file in ``in/``."""

    facts = StepFacts(
        kind="slac_import", title="Import the SLAC", brings=_AUTHORIZES, asks_for_report=True
    )

    file: typed.FileName

    @override
    def takes(self) -> tuple[str, FileKind] | None:
        return self.file, "slac"

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return import_lines(self.file, flash)


class SlacRequestParams(StepParams):
    """The request for an authorization leaves as a file, on flash and in ``out/``."""

    facts = StepFacts(kind="slac_request", title="Save the request for HSECK9 to a file")

    file: typed.FileName
    feature: typed.Name = "hseck9"
    scope: Scope = "local"
    mode: Literal["add", "replace"] = "add"

    @override
    def leaves(self) -> str | None:
        return self.file

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (
            f"{_REQUEST} {self.mode} {self.feature} {self.scope}",
            f"{_REQUEST} save {flash}{self.file}",
        )


class SlacReturnParams(StepParams):
    """An authorization goes back; offline its return code is kept in ``out/``."""

    facts = StepFacts(
        kind="slac_return",
        title="Return the authorization",
        watched=True,
        channels=("Authorization Request", "Authorization Return", "Result Polling"),
    )

    how: Literal["online", "offline"] = "offline"
    scope: Scope = "local"
    file: typed.FileName = "slac_return_code.txt"

    @override
    def leaves(self) -> str | None:
        return self.file

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        how = "online" if self.how == "online" else f"offline {flash}{self.file}"
        return (f"license smart authorization return {self.scope} {how}",)


def import_lines(file: str, flash: str) -> tuple[str, ...]:
    """Returns how a file comes to the router and is imported there."""
    return (f"scp {file} {flash}{file}", f"license smart import {flash}{file}")
