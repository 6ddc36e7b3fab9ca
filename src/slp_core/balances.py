"""Licences that virtual accounts have free, as read from CSSM, and what of it a fleet may count on.

Source: SLRUP-1, SLAC-5, SLAC-6. What is not known stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, Self

from slp_core.platforms import platform_of
from slp_core.rules.schema import RuleData
from slp_core.state import Frozen, RouterState, same_tag

_SHORT = re.compile(r"^regid\.[^.]+\.com\.cisco\.([^,]+),")


class LicenceBalance(Frozen):
    """The licences of one kind in one virtual account; ``free`` is below zero where too many are
    used."""

    account: str
    tag: str
    name: str = ""
    entitled: int
    in_use: int
    reserved: int
    free: int
    export_restricted: bool = False
    status: str = ""


class Balances(Frozen):
    """What ``slp cssm balances --json`` writes and ``slp plan --balances`` reads."""

    schema_version: Literal[1] = 1
    service: str
    read: datetime
    balances: tuple[LicenceBalance, ...]

    def holding(self, text: str) -> Self:
        """Returns those whose tag or name holds ``text``."""
        wanted = text.lower()
        some = tuple(b for b in self.balances if wanted in f"{b.tag} {b.name}".lower())
        return self.model_copy(update={"balances": some})


class Stock:
    """HSECK9 licences of a fleet's accounts, given out one by one while routers are planned."""

    def __init__(self, balances: Balances) -> None:
        self._left = {(b.account, b.tag): b.free for b in balances.balances}
        self._accounts = tuple(dict.fromkeys(b.account for b in balances.balances))

    def free(self, state: RouterState, rules: RuleData, account: str | None = None) -> int | None:
        """Returns how many HSECK9 licences a router may still have; None: it is not known.

        Args:
            account: ``Smart Account/virtual account`` that the inventory names for the router.
        """
        key = self._key(state, rules, account)
        return None if key is None else self._left.get(key, 0)

    def take(self, state: RouterState, rules: RuleData, account: str | None = None) -> None:
        """Counts one of them as this router's."""
        key = self._key(state, rules, account)
        if key is not None and key in self._left:
            self._left[key] -= 1

    def _key(
        self, state: RouterState, rules: RuleData, account: str | None
    ) -> tuple[str, str] | None:
        home = self._home(account or _account_of(state))
        if home is None:
            return None
        tags = [tag for name, tag in self._left if name == home]
        licensing = state.licensing
        own = licensing.hseck9_tag if licensing else None
        if own is not None:
            return home, _named(own, tags) or own
        platform = platform_of(state.udi.pid if state.udi else None, rules)
        known = platform.tag("hseck9") if platform else None
        found = _named(known[0], tags) if known else None
        return (home, found) if found else None  # a table's tag that CSSM lacks proves nothing

    def _home(self, account: str | None) -> str | None:
        if account is None:
            return self._accounts[0] if len(self._accounts) == 1 else None
        return account if account in self._accounts else None


def _account_of(state: RouterState) -> str | None:
    """Returns the account that the router itself shows."""
    licensing = state.licensing
    for holder in (licensing, licensing.registration if licensing else None):
        if holder is not None and holder.smart_account and holder.virtual_account:
            return f"{holder.smart_account}/{holder.virtual_account}"
    return None


def _named(wanted: str, tags: Iterable[str]) -> str | None:
    for tag in tags:
        match = _SHORT.match(tag)
        if same_tag(wanted, tag) or (match is not None and match[1] == wanted):
            return tag
    return None
