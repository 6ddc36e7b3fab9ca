"""What may stand in a scenario, key by key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from slp_sim.formats import CISCO_DEFAULT, POLICY_CLASSES, Policy, Requirement
from slp_sim.router.spec import ReservedSpec, RouterSpec


class Strict(BaseModel):
    """A part of a scenario: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class PoolEntry(Strict):
    """Licences that a virtual account owns."""

    tag: str
    name: str = ""
    description: str = ""
    count: int = 0
    export_restricted: bool = False


class TokenEntry(Strict):
    """A registration token; ``value`` is a reference (``env:NAME``), resolved at the lab's start.

    Attributes:
        expires: when; ``epoch+30d`` counts from the lab's first moment.
    """

    name: str
    value: str
    expires: datetime
    uses: int | None = None
    export_allowed: bool = True
    revoked: bool = False


class PolicyEntry(Strict):
    """A custom reporting policy: days to first report, frequency, on change, by licence class."""

    name: str
    perpetual: tuple[int, int, int] = (30, 60, 60)
    subscription: tuple[int, int, int] = (120, 150, 120)
    enforced: tuple[int, int, int] = (0, 90, 60)
    export: tuple[int, int, int] = (0, 30, 30)
    push_interval_days: int = 30

    def policy(self) -> Policy:
        """Returns the policy as CSSM gives it out; a 0 for the first report is Cisco's own."""
        rows = {}
        for kind in POLICY_CLASSES:
            first, frequency, on_change = getattr(self, kind)
            source = CISCO_DEFAULT if first == 0 else Requirement.first_source
            rows[kind] = Requirement(first, frequency, on_change, first_source=source)
        return Policy(self.name, rows, push_interval_days=self.push_interval_days)


class VirtualAccountEntry(Strict):
    """A virtual account with what it owns."""

    name: str
    licences: list[PoolEntry] = Field(default_factory=list)
    tokens: list[TokenEntry] = Field(default_factory=list)
    policy: PolicyEntry | None = None


class AccountEntry(Strict):
    """A Smart Account."""

    name: str
    domain: str
    virtual_accounts: list[VirtualAccountEntry]


class CsluEntry(Strict):
    """A CSLU on the customer's network, with the one virtual account that it serves."""

    url: str
    home: str
    connected: bool = True


class OnPremEntry(Strict):
    """An SSM On-Prem; ``tenants`` gives each local account its home in CSSM."""

    host: str
    version: str = "8-202105"
    tenants: dict[str, str]


class TimingEntry(Strict):
    """How long services take, in lab seconds."""

    ack_s: float = 240
    dlc_s: float = 1800


class ImageEntry(Strict):
    """An image that operators stage; ``size`` is what it counts for on flash."""

    name: str
    release: str
    platform: str
    size: int
    version_row: str | None = None


class PathEntry(Strict):
    """What lies between a router and the services.

    Attributes:
        refuses, drops, unrouted: places (``host`` or ``host:port``) where a connection is refused,
            never answered, or has no way.
    """

    dns: bool = True
    cssm: bool = True
    cslu: bool = True
    refuses: list[str] = Field(default_factory=list)
    drops: list[str] = Field(default_factory=list)
    unrouted: list[str] = Field(default_factory=list)


class SlacEntry(Strict):
    """An authorization code (SLAC) that a router under SLP holds when the scenario begins."""

    installed_at: datetime
    confirmation_code: str | None = None
    licences: list[ReservedSpec]


class ReportingEntry(Strict):
    """What a router under SLP has of its reporting when the scenario begins.

    Attributes:
        last_ack: the last acknowledgement.
        policy_at: when its account's policy was installed; unset, Cisco's default is in force.
        deadline: until when the next acknowledgement is wanted; unset after one, none is.
    """

    last_ack: datetime | None = None
    policy_at: datetime | None = None
    deadline: datetime | None = None


class RouterEntry(Strict):
    """One router of the lab.

    Attributes:
        router: what it is (``RouterSpec``).
        home: its ``Smart Account/virtual account``.
        slac: the authorization code that it holds under SLP.
        reporting: what was reported and acknowledged under SLP.
        legacy: export-restricted licences that it had by PAK before it came under SLP.
        target: where an operator wants it; copied into the inventory, not read here.
        groups, data: Nornir's, for the inventory.
    """

    router: RouterSpec
    home: str
    path: PathEntry = Field(default_factory=PathEntry)
    slac: SlacEntry | None = None
    reporting: ReportingEntry | None = None
    legacy: list[ReservedSpec] = Field(default_factory=list)
    target: dict[str, Any] | None = None
    groups: list[str] = Field(default_factory=list)
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """How the lab and the inventory call the router."""
        return self.router.name


class ApiClientEntry(Strict):
    """A program that may use CSSM's API; its secret is a reference."""

    client_id: str = "slp-lab"
    client_secret: str = "env:SLP_LAB_API_SECRET"  # noqa: S105 - a reference


class LoginEntry(Strict):
    """How one logs in to the routers; the password is a reference."""

    username: str = "admin"
    password: str = "env:SLP_LAB_PASSWORD"  # noqa: S105 - a reference
    authorized_keys: list[str] = Field(default_factory=list)


class Scenario(Strict):
    """A whole lab.

    Attributes:
        listens: other places where something answers, such as a proxy (``host:port``);
            their names resolve.
    """

    name: str
    description: str = ""
    epoch: datetime
    login: LoginEntry = Field(default_factory=LoginEntry)
    timing: TimingEntry = Field(default_factory=TimingEntry)
    accounts: list[AccountEntry]
    api_clients: list[ApiClientEntry] = Field(default_factory=lambda: [ApiClientEntry()])
    cslu: list[CsluEntry] = Field(default_factory=list)
    onprem: list[OnPremEntry] = Field(default_factory=list)
    dns: list[str] = Field(default_factory=list)
    listens: list[str] = Field(default_factory=list)
    images: list[ImageEntry] = Field(default_factory=list)
    routers: list[RouterEntry]

    def secret_names(self) -> tuple[str, ...]:
        """Returns every reference; those of API clients may stay unknown (``require_secrets``)."""
        names = [self.login.password]
        names += [t.value for a in self.accounts for v in a.virtual_accounts for t in v.tokens]
        names += [c.client_secret for c in self.api_clients]
        return tuple(dict.fromkeys(names))
