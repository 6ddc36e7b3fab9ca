"""``Accounts``: what CSSM and SSM On-Prem can both be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

from slp_exchange.models import Instance, RegistrationToken

Home = TypeVar("Home")


class Accounts(Protocol[Home]):
    """What CSSM and SSM On-Prem can both be asked; each names accounts in its own way."""

    def home(self, name: str | None = None) -> Home:
        """Returns the account of this name, or the one that is meant without."""
        ...

    def homes(self, name: str | None = None) -> tuple[Home, ...]:
        """Returns the account of this name, or all that can be seen."""
        ...

    def tokens(self, home: Home) -> tuple[RegistrationToken, ...]:
        """Returns its registration tokens."""
        ...

    def create_token(
        self, home: Home, *, description: str, days: int, export: bool
    ) -> RegistrationToken:
        """Returns a new registration token of it."""
        ...

    def instances(self, home: Home, /) -> Iterator[Instance]:
        """Yields its product instances."""
        ...
