"""Smart Licensing before SLP: register, renew, deregister, modes; and the reset of what is left."""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import override

from slp_core import typed
from slp_core.steps.base import BOOTFLASH, TOKEN, StepFacts, StepParams

SMART_ENABLE: Final = "license smart enable"


class RegisterParams(StepParams):
    """The router registers with CSSM, by a token of which only the reference is known here."""

    facts = StepFacts(
        kind="register",
        title="Register with CSSM",
        deadline_s=1800,
        waits_for="service",
        watched=True,
        server="uses",
        brings=("registration.", "authorization_status"),
    )

    token: typed.Line | None = None
    force: bool = False

    @override
    def token_reference(self) -> str | None:
        return self.token

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"license smart register idtoken {TOKEN}{' force' if self.force else ''}",)


class RenewParams(StepParams):
    """A registered router renews its authorization or its identity."""

    facts = StepFacts(
        kind="renew",
        title="Renew the authorization",
        deadline_s=1800,
        waits_for="service",
        watched=True,
        server="uses",
    )

    what: Literal["auth", "id"] = "auth"

    @override
    def title(self) -> str:
        return "Renew the identity" if self.what == "id" else self.facts.title

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"license smart renew {self.what}",)


class DeregisterParams(StepParams):
    """The router gives its registration back."""

    facts = StepFacts(
        kind="deregister",
        title="Deregister from CSSM",
        brings=("registration.", "authorization_status"),
    )

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return ("license smart deregister",)


class ModeSwitchParams(StepParams):
    """The licensing mode of the ASR 900 family; a reload must follow (B9-5).

    Attributes:
        ports: brought up again, as disabling Smart Licensing shuts all ports: before the reload,
            since by the reload alone only those without a licence come back (B9-17).
    """

    facts = StepFacts(
        kind="mode_switch",
        managed="configuration",
        title="Enable Smart Licensing",
        deadline_s=300,
        brings=("classic.", "license_type"),
    )

    mode: Literal["smart", "no-license"]
    ports: tuple[typed.Interface, ...] = ()

    @override
    def title(self) -> str:
        if self.mode == "smart":
            return self.facts.title
        return "Disable Smart Licensing" + (", then bring the ports up" if self.ports else "")

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        first = SMART_ENABLE if self.mode == "smart" else f"no {SMART_ENABLE}"
        opened = (line for port in self.ports for line in (f"interface {port}", " no shutdown"))
        return (first, *opened)


class FactoryResetParams(StepParams):
    """Licence data is forgotten; a reload that saves nothing must follow (ONPREM-7).

    Attributes:
        always: also where nothing is shown that could be reset.
    """

    facts = StepFacts(kind="factory_reset", title="Reset the licence data", deadline_s=300)

    always: bool = False

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return ("license smart factory reset",)
