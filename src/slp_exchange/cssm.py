"""CSSM's API for programs: accounts, tokens, balances, product instances.

Source: the public descriptions listed in the facts, §5.1 to §5.4. What CSSM answers is taken for
what it is; nothing is guessed where it says nothing.
"""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import httpx

from slp_core.clock import Clock
from slp_core.errors import UsageError
from slp_core.secrets import SecretStore
from slp_exchange.api_versions import ApiClient, Ask
from slp_exchange.errors import Refusal
from slp_exchange.models import (
    Balance,
    Home,
    Instance,
    RegistrationToken,
    SmartAccount,
)
from slp_exchange.reading import (
    accounts_of,
    balance_of,
    instance_of,
    number,
    refusal_in,
    rows_of,
    token_asked,
    token_made,
    tokens_in,
)
from slp_exchange.service import ServiceData
from slp_exchange.web import Web

_PAGE = 100
_MOST = 100_000


class Cssm:
    """One CSSM, as one API client sees it. Calls may come from several threads.

    Args:
        secrets: resolves the references of ``data`` at the moment of use.
        clock: of the service; by it tokens expire and waits are counted.
    """

    def __init__(
        self,
        data: ServiceData,
        secrets: SecretStore,
        *,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        more: dict[str, Any] = {} if sleep is None else {"sleep": sleep}
        own = None if data.certificate is None else (data.certificate, data.key)
        self.data = data
        self.web = Web(
            data.url or "https://swapi.cisco.com",
            ca=data.ca,
            certificate=own,
            timeout=data.timeout,
            clock=clock,
            transport=transport,
            **more,
        )
        self._door = ApiClient(self.web, data, lambda: _grant(data, secrets))

    @property
    def name(self) -> str:
        """Where it is."""
        return self._door.name

    def close(self) -> None:
        """Closes the connections."""
        self.web.close()

    def check(self) -> None:
        """Proves that the credentials are accepted; asks for nothing else."""
        self._door.check()

    # --- accounts -------------------------------------------------------------------------------

    @cached_property
    def accounts(self) -> tuple[SmartAccount, ...]:
        """Every Smart Account that the API client may see, with its virtual accounts."""
        asked = {"userId": "", "addVirtualAccounts": "true"}
        return accounts_of(self.ask(Ask.ACCOUNTS, params=asked))

    def home(self, name: str | None = None) -> Home:
        """Returns the virtual account of this name.

        Args:
            name: ``Smart Account/virtual account``, the first by name, domain or number; unset:
                that of the inventory, or the only one that there is.

        Raises:
            UsageError: there is none of that name, or none was named and there are several.
        """
        wanted = name or self.data.account
        every = [Home(a, v) for a in self.accounts for v in a.virtual_accounts]
        if wanted is None:
            if len(every) == 1:
                return every[0]
            raise UsageError(
                f"the API client sees {len(every)} virtual accounts: say which is meant",
                remedy=_listed(every, "--account, or data.slp.cssm.account; there are "),
            )
        smart, _, virtual = (part.strip() for part in wanted.partition("/"))
        found = [
            h
            for h in every
            if smart in (h.smart.name, h.smart.domain, h.smart.id)
            and virtual in (h.virtual.name, h.virtual.id)
        ]
        if len(found) != 1:
            raise UsageError(
                f"CSSM shows this API client no virtual account {wanted!r}",
                remedy=_listed(every, "there are "),
            )
        return found[0]

    def homes(self, name: str | None = None) -> tuple[Home, ...]:
        """Returns the virtual account of this name, or all that the API client sees."""
        if name or self.data.account:
            return (self.home(name),)
        return tuple(Home(a, v) for a in self.accounts for v in a.virtual_accounts)

    # --- registration tokens --------------------------------------------------------------------

    def tokens(self, home: Home) -> tuple[RegistrationToken, ...]:
        """Returns the tokens that CSSM lists for a virtual account."""
        return tokens_in(self._at(Ask.TOKENS, home))

    def create_token(
        self, home: Home, *, description: str, days: int, export: bool
    ) -> RegistrationToken:
        """Returns a new token.

        A limit of uses is not part of the API: a token made here may be used until it expires.

        Raises:
            UsageError: days outside 1 to 365 (TOKEN-1).
        """
        body = token_asked(description, days, export=export)
        return token_made(self._at(Ask.NEW_TOKEN, home, body, repeatable=False), body)

    def revoke_tokens(self, home: Home, tokens: Iterable[RegistrationToken]) -> None:
        """Has tokens lose their value at once."""
        self._at(Ask.REVOKE, home, {"tokens": [t.secret for t in tokens]})

    # --- licences and product instances ---------------------------------------------------------

    def balances(self, home: Home, tags: Sequence[str] = ()) -> tuple[Balance, ...]:
        """Returns the licences of a virtual account (SLRUP-1).

        Args:
            tags: only these, as regid strings; unset: all.
        """
        body = {"data": {**self.stamp(), "tags": list(tags)}}
        answer = self.ask(Ask.SUMMARY, body, headers=account_headers(home))
        return tuple(balance_of(row, str(home)) for row in rows_of(answer, "summary"))

    def instances(self, of: Home | SmartAccount) -> Iterator[Instance]:
        """Yields the product instances of a virtual account, or of all of a Smart Account's."""
        smart, virtual = (of.smart, of.virtual.name) if isinstance(of, Home) else (of, None)
        offset = 0
        while offset < _MOST:
            asked: dict[str, Any] = {"limit": _PAGE, "offset": offset}
            query = {k: str(v) for k, v in asked.items()}
            if virtual is not None:
                asked["virtualAccounts"] = [virtual]
                query["virtualAccountName"] = virtual
            answer = self.ask(Ask.DEVICES, asked, domain=smart.domain, params=query)
            rows = rows_of(answer, "devices")
            yield from (instance_of(row) for row in rows)
            offset += len(rows)
            if not rows or offset >= number(answer.get("totalRecords")):
                return

    def remove_instance(self, home: Home, instance: Instance) -> None:
        """Removes a product instance with all that it holds."""
        row = {
            "sudi": {
                "udiPid": instance.udi.pid,
                "udiSerialNumber": instance.udi.sn,
            },
            "productTagName": instance.product_tag,
        }
        # the key is misspelt in the API itself
        self._at(Ask.REMOVE, home, {"productInstacesRemoveRequests": [row]}, repeatable=False)

    # --- asking ---------------------------------------------------------------------------------

    def _at(self, what: Ask, home: Home, body: Any = None, **more: Any) -> dict[str, Any]:
        return self.ask(what, body, domain=home.smart.domain, virtual=home.virtual.name, **more)

    def ask(self, what: Ask, body: Any = None, **more: Any) -> dict[str, Any]:
        """Returns the answer to one question, as ``ApiClient.ask`` puts it.

        Raises:
            Refusal: HTTP or CSSM's own status says no.
        """
        answer = self._door.ask(what, body, **more)
        if not isinstance(answer, dict):
            raise Refusal("malformed", "the answer is no object", where=str(what))
        refused = refusal_in(answer, str(what))
        if refused is not None:
            raise refused
        return answer

    def stamp(self) -> dict[str, Any]:
        """Returns time and nonce, which every question about devices carries."""
        nonce = str(randomness.randbelow(9 * 10**15) + 10**15)
        return {"timestamp": int(self.web.clock.now().timestamp() * 1000), "nonce": nonce}


def _grant(data: ServiceData, secrets: SecretStore) -> Mapping[str, str]:
    return {**data.credentials(secrets), "grant_type": "client_credentials"}


def account_headers(home: Home) -> dict[str, str]:
    """Returns what names a virtual account to CSSM beside a path."""
    return {
        "x-csw-smart-account-id": home.smart.id,
        "x-csw-virtual-account-id": home.virtual.id,
    }


def _listed(homes: Sequence[Home], lead: str) -> str:
    names = ", ".join(str(h) for h in homes[:5])
    more = f" and {len(homes) - 5} more" if len(homes) > 5 else ""
    return f"{lead}{names}{more}" if names else "make its owner a user of the Smart Account"
