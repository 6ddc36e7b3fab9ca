"""What CSSM knows, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slp_core.state import Udi

_DATES = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%b-%d %H:%M:%S", "%Y-%m-%d")


@dataclass(frozen=True)
class VirtualAccount:
    """A virtual account; ``id`` is what request headers name it by."""

    name: str
    id: str
    default: bool = False


@dataclass(frozen=True)
class SmartAccount:
    """A Smart Account; paths name it by ``domain``."""

    name: str
    domain: str
    id: str
    virtual_accounts: tuple[VirtualAccount, ...] = ()


@dataclass(frozen=True)
class Home:
    """One virtual account within its Smart Account."""

    smart: SmartAccount
    virtual: VirtualAccount

    def __str__(self) -> str:
        return f"{self.smart.name}/{self.virtual.name}"

    @property
    def path(self) -> str:
        """How it is found again: by domain, which never holds a slash."""
        return f"{self.smart.domain}/{self.virtual.name}"


@dataclass(frozen=True)
class RegistrationToken:
    """A registration token; ``secret`` never shows in a representation."""

    secret: str = field(repr=False)
    description: str = ""
    expires: datetime | None = None
    export: bool | None = None
    """Whether it allows export-controlled functionality, where CSSM says so."""

    def serves(self, now: datetime, *, longer_than_s: float, export: bool) -> bool:
        """Tells whether it may be used for long enough, and allows what is wanted and no more."""
        if self.export is not None and self.export is not export:
            return False
        return self.expires is None or (self.expires - now).total_seconds() > longer_than_s


@dataclass(frozen=True)
class Balance:
    """The licences of one kind in a virtual account."""

    account: str
    tag: str
    name: str
    entitled: int
    in_use: int
    reserved: int
    export_restricted: bool
    status: str

    @property
    def free(self) -> int:
        """Licences left; below zero where more are used than bought."""
        return self.entitled - self.in_use - self.reserved


@dataclass(frozen=True)
class Instance:
    """A product instance: one router as an account lists it."""

    name: str
    udi: Udi
    virtual_account: str
    product_tag: str = ""
    hostname: str = ""
    last_contact: datetime | None = None
    status: str = ""
    licences: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What CSSM gave for a request that takes a while.

    Attributes:
        poll_id: 18 digits; more than a float holds.
        interval_s: how often CSSM wants to be asked.
    """

    poll_id: int
    action: str
    interval_s: float
    account: str
    udi: Udi


def moment(value: Any) -> datetime | None:
    """Returns a time as CSSM writes it, aware; None where it is none or cannot be read."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC)
    text = str(value or "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        for form in _DATES:
            try:
                found = datetime.strptime(text, form)
                break
            except ValueError:
                continue
        else:
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
