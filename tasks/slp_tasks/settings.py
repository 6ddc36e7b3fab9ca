"""``HostSettings``: all that ``data.slp`` may say of a router, whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError

from slp_core.clock import Clock, ClockSettings, SystemClock
from slp_core.refusals import Refused, refused
from slp_core.state import Frozen
from slp_core.targets import Target, check_target
from slp_core.typed import File, Reference
from slp_exchange.service import ServiceData

CONNECT_S = 30.0
LOGINS = 24


class FakeSettings(Frozen):
    """The simulated router behind ``transport: fake``."""

    scenario: str
    router: str | None = None
    clock: ClockSettings | None = None


class RestSettings(Frozen):
    """The router's own REST interface, ``/smartlic-service``; the host's login unless said."""

    scheme: Literal["https", "http"] = "https"
    port: int | None = Field(default=None, ge=1, le=65535)
    username: str | None = None
    password: Reference | None = None
    ca: File | None = Field(default=None, description="Certificates to trust instead.")
    verify: bool = Field(default=True, description="False: neither certificate nor TLS is asked.")
    timeout: float = Field(default=60.0, gt=0)
    prefer: bool = Field(default=False, description="Usage goes this way unless a step says cli.")


class HostSettings(Frozen):
    """``data.slp``: how a router is reached, and where it should go.

    Attributes:
        known_hosts: file of host keys.
        enable: where the log-in does not end in privileged EXEC.
        logins: how many log in at a time; 0: any number.
        target: as people write it, held against ``Target``: options may complete it.
        base: folder of the inventory; set by the inventory plugin.
    """

    driver: Literal["scrapli", "netmiko"] = "scrapli"
    transport: Literal["ssh", "system", "fake"] = "ssh"
    known_hosts: str | None = None
    enable: Reference | None = None
    connect_timeout: float = Field(default=CONNECT_S, gt=0)
    logins: int = Field(default=LOGINS, ge=0)
    site: str | None = None
    clock: ClockSettings | None = None
    fake: FakeSettings | None = None
    target: Annotated[
        Any, BeforeValidator(lambda value: value, json_schema_input_type=Target | None)
    ] = None
    rest: RestSettings | None = None
    cssm: ServiceData | None = None
    onprem: ServiceData | None = None
    base: str | None = Field(default=None, description="Set by the inventory plugin.")

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Returns what ``data.slp`` of a host says, defaults and groups merged.

        Raises:
            Refused: a key is unknown, or its value is none.
        """
        try:
            settings = cls.model_validate(data, context={"base": Path(data.get("base") or ".")})
        except ValidationError as error:
            raise refused(error, cls, where="data.slp") from error
        if settings.target is not None:
            try:
                check_target(settings.target, where="data.slp.target")
            except Refused as wrong:
                wrong.path = ("target", *wrong.path)
                raise
        return settings

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return Path(self.base or ".")

    @property
    def is_fake(self) -> bool:
        """Whether the router is simulated in this process."""
        return self.transport == "fake"

    def the_clock(self) -> Clock:
        """Returns the clock by which the router's deadlines and tokens are judged."""
        return self.clock.clock() if self.clock else SystemClock()

    def fake_options(self) -> dict[str, Any]:
        """Returns what the transport ``slpfake`` finds its router by."""
        fake = self.fake
        clock = (fake and fake.clock) or self.clock
        found: dict[str, Any] = {"clock": clock.clock().as_inventory() if clock else None}
        return found | ({"scenario": fake.scenario, "router": fake.router} if fake else {})
