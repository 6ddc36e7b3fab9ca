"""Smart Accounts and what they hold: licences, tokens, policies, product instances."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from slp_sim.formats import Entitlement, Policy

Udi = tuple[str, str]
"""PID and serial number."""

_SHORT = re.compile(r"^regid\.[^.]+\.com\.cisco\.(?P<short>[^,]+),")


class Refused(Exception):
    """CSSM says no; the text is what a person or a router is told."""


def short_tag(tag: str) -> str:
    """Returns ``DNA_HSEC`` of ``regid.2019-03.com.cisco.DNA_HSEC,1.0_…``."""
    match = _SHORT.match(tag)
    return match["short"] if match else tag


@dataclass
class Pool:
    """The licences of one kind in a virtual account."""

    tag: str
    name: str
    description: str
    total: int
    export_restricted: bool = False

    @property
    def short(self) -> str:
        """The tag's short name, as routers print it."""
        return short_tag(self.tag)

    def entitlement(self, count: int = 1) -> Entitlement:
        """Returns what an authorization code says of this licence."""
        return Entitlement(self.tag, count, self.name, self.description)


@dataclass
class Token:
    """A registration token; ``secret`` never leaves the world except where it is asked for."""

    name: str
    secret: str = field(repr=False)
    expires: datetime
    uses_left: int | None = None
    export_allowed: bool = True
    revoked: bool = False
    used: int = 0

    def state(self, now: datetime) -> str:
        """Returns ``valid``, ``revoked``, ``expired`` or ``used up``; the first that applies."""
        if self.revoked:
            return "revoked"
        if now >= self.expires:
            return "expired"
        if self.uses_left is not None and self.uses_left <= 0:
            return "used up"
        return "valid"


@dataclass
class Reservation:
    """What is reserved for one router, and the code that must come back to complete it."""

    entitlements: tuple[Entitlement, ...]
    confirmation_code: str
    pending: tuple[Entitlement, ...] | None = None
    pending_code: str | None = None


@dataclass
class ProductInstance:
    """One router as an account knows it."""

    pid: str
    sn: str
    hostname: str
    account: str
    virtual_account: str
    registered: bool = False
    """By the procedure before SLP; gives trust without a token after the migration."""
    export_allowed: bool = True
    trust_id: str | None = None
    first_seen: datetime | None = None
    last_contact: datetime | None = None
    authorized: dict[str, Entitlement] = field(default_factory=dict)
    """SLACs by short tag."""
    confirmation_code: str | None = None
    reservation: Reservation | None = None
    reports: dict[int, str] = field(default_factory=dict)
    """Every report ever received, by id, with its signature: a second one is a duplicate."""
    usage: dict[str, int] = field(default_factory=dict)
    """Licences in use as last reported, by short tag."""
    dlc: dict[str, dict[str, int]] = field(default_factory=dict)
    dlc_done_at: datetime | None = None

    @property
    def udi(self) -> Udi:
        """PID and serial number."""
        return self.pid, self.sn

    @property
    def display_name(self) -> str:
        """How the product instance is listed: a host name before SLP, the UDI after."""
        if self.registered and not self.reports and self.trust_id is None:
            return self.hostname
        return f"UDI_PID:{self.pid}; UDI_SN:{self.sn};"

    def dlc_done(self, now: datetime) -> bool:
        """Tells whether device-led conversion is booked by now."""
        return self.dlc_done_at is not None and now >= self.dlc_done_at


@dataclass
class VirtualAccount:
    """A virtual account with its licences, tokens and product instances."""

    name: str
    id: int
    pools: dict[str, Pool] = field(default_factory=dict)
    """By short tag."""
    tokens: list[Token] = field(default_factory=list)
    policy: Policy | None = None
    instances: dict[Udi, ProductInstance] = field(default_factory=dict)

    def pool(self, tag: str) -> Pool | None:
        """Returns the licences of a full or short tag."""
        return self.pools.get(short_tag(tag))

    def balance(self, pool: Pool) -> Balance:
        """Returns how the licences of a pool are spoken for at this moment."""
        reserved = authorized = in_use = 0
        for instance in self.instances.values():
            held = sum(e.count for e in _reserved(instance) if short_tag(e.tag) == pool.short)
            granted = instance.authorized.get(pool.short)
            reserved += held
            authorized += granted.count if granted else 0
            if not held and not granted:
                in_use += instance.usage.get(pool.short, 0)
        return Balance(pool, reserved, authorized, in_use)

    def take(self, tag: str, count: int, *, already: int = 0) -> Pool:
        """Returns the pool of ``tag`` where ``count`` licences are free.

        Args:
            already: licences that the asking router holds; they count as free for it.

        Raises:
            Refused: the account has no such licence, or too few.
        """
        pool = self.pool(tag)
        if pool is None:
            raise Refused(f"{self.name} holds no licence {short_tag(tag)}")
        free = self.balance(pool).free + already
        if free < count:
            raise Refused(
                f"{self.name} has {max(free, 0)} free licences {pool.short}, {count} asked for"
            )
        return pool


def _reserved(instance: ProductInstance) -> Iterable[Entitlement]:
    """Returns what counts against the pool: of a reservation in transition, the larger set."""
    reservation = instance.reservation
    if reservation is None:
        return ()
    pending = reservation.pending or ()
    tags = {e.tag: e for e in reservation.entitlements}
    for e in pending:
        if e.tag not in tags or tags[e.tag].count < e.count:
            tags[e.tag] = e
    return tags.values()


@dataclass(frozen=True)
class Balance:
    """The licences of one pool by use."""

    pool: Pool
    reserved: int
    authorized: int
    in_use: int

    @property
    def free(self) -> int:
        """Licences left; below zero where more are used than bought."""
        return self.pool.total - self.reserved - self.authorized - self.in_use

    @property
    def status(self) -> str:
        """``In Compliance`` or ``Out Of Compliance``."""
        return "In Compliance" if self.free >= 0 else "Out Of Compliance"


@dataclass
class SmartAccount:
    """A Smart Account (``domain`` is its name in the API)."""

    name: str
    domain: str
    id: int
    virtual_accounts: dict[str, VirtualAccount] = field(default_factory=dict)


@dataclass
class Accounts:
    """Every Smart Account of a lab."""

    accounts: dict[str, SmartAccount] = field(default_factory=dict)

    def virtual_accounts(self) -> Iterable[tuple[SmartAccount, VirtualAccount]]:
        """Yields each virtual account with its Smart Account."""
        for account in self.accounts.values():
            for virtual in account.virtual_accounts.values():
                yield account, virtual

    def find(self, udi: Udi) -> tuple[VirtualAccount, ProductInstance] | None:
        """Returns the product instance of a router, wherever it is."""
        for _, virtual in self.virtual_accounts():
            if udi in virtual.instances:
                return virtual, virtual.instances[udi]
        return None

    def token(self, secret: str) -> tuple[SmartAccount, VirtualAccount, Token] | None:
        """Returns the token with this secret, valid or not."""
        for account, virtual in self.virtual_accounts():
            for token in virtual.tokens:
                if token.secret == secret:
                    return account, virtual, token
        return None

    def virtual(self, account: str, name: str) -> VirtualAccount:
        """Returns a virtual account by the names of both.

        Raises:
            Refused: there is none.
        """
        try:
            return self.accounts[account].virtual_accounts[name]
        except KeyError:
            raise Refused(f"there is no virtual account {account}/{name}") from None

    def home(self, path: str) -> VirtualAccount:
        """Returns the virtual account of ``Smart Account/virtual account``.

        Raises:
            Refused: there is none.
        """
        account, _, name = path.partition("/")
        return self.virtual(account, name)

    def move(self, instance: ProductInstance, account: str, virtual: VirtualAccount) -> None:
        """Has ``instance`` in exactly this virtual account."""
        for _, other in self.virtual_accounts():
            other.instances.pop(instance.udi, None)
        instance.account, instance.virtual_account = account, virtual.name
        virtual.instances[instance.udi] = instance


def stable_id(*parts: str) -> int:
    """Returns a number of nine digits that stays the same for the same names."""
    return int(hashlib.sha256("|".join(parts).encode()).hexdigest()[:7], 16) + 100_000_000
