"""SSM On-Prem's API, as far as it is publicly described: local accounts, devices, licences, tokens.

Source: facts §5.5. There is no public description of exporting or importing usage and
authorizations: a person does that in its web page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from slp_core.clock import Clock
from slp_core.errors import UsageError
from slp_core.secrets import SecretStore
from slp_exchange.access import Access
from slp_exchange.errors import Refusal
from slp_exchange.models import Instance, RegistrationToken
from slp_exchange.reading import (
    instance_of,
    number,
    refusal_in,
    rows_of,
    token_asked,
    token_made,
    tokens_in,
)
from slp_exchange.service import ServiceData
from slp_exchange.web import Call, Web

_PAGE = 100
_MOST = 100_000


@dataclass(frozen=True)
class LocalAccount:
    """One virtual account within its local account."""

    local: str
    virtual: str

    def __str__(self) -> str:
        return f"{self.local}/{self.virtual}"

    @property
    def path(self) -> str:
        """Where the API has it."""
        local, virtual = (quote(name, safe="") for name in (self.local, self.virtual))
        return f"/accounts/{local}/virtual-accounts/{virtual}"


class OnPrem:
    """One SSM On-Prem, as one API client of it sees it.

    Raises:
        UsageError: the inventory names no address; there is no usual one.
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
        if data.url is None:
            raise UsageError(
                "the address of SSM On-Prem is not known",
                remedy="give --url https://HOST:8443, or data.slp.onprem.url in the inventory",
            )
        more: dict[str, Any] = {} if sleep is None else {"sleep": sleep}
        own = None if data.certificate is None else (data.certificate, data.key)
        self.data = data
        self.name = data.url.rstrip("/")
        self.web = Web(
            data.url,
            ca=data.ca,
            certificate=own,
            timeout=data.timeout,
            clock=clock,
            transport=transport,
            **more,
        )
        url = data.token_url or f"{self.name}/oauth/token"
        self._access = Access(self.web, url, lambda: _grant(data, secrets), as_json=True)

    def close(self) -> None:
        """Closes the connections."""
        self.web.close()

    def home(self, name: str | None = None) -> LocalAccount:
        """Returns local account and virtual account of ``LOCAL ACCOUNT/VIRTUAL ACCOUNT``.

        Raises:
            UsageError: no account is named; On-Prem does not tell which there are.
        """
        smart, _, virtual = (name or self.data.account or "").partition("/")
        if not smart.strip():
            raise UsageError(
                "no local account is named",
                remedy="give --account 'LOCAL ACCOUNT/VIRTUAL ACCOUNT', or data.slp.onprem.account",
            )
        return LocalAccount(smart.strip(), virtual.strip() or "Default")

    def homes(self, name: str | None = None) -> tuple[LocalAccount, ...]:
        """Returns the one account that is meant: On-Prem does not tell which there are."""
        return (self.home(name),)

    def virtual_accounts(self, local: str) -> tuple[str, ...]:
        """Returns the names of a local account's virtual accounts."""
        answer = self._ask("GET", f"/accounts/{quote(local, safe='')}/virtual-accounts")
        rows = rows_of(answer, "virtualAccounts") or rows_of(answer, "virtual_accounts")
        return tuple(str(row.get("name") or "") for row in rows)

    def instances(self, home: LocalAccount) -> Iterator[Instance]:
        """Yields the product instances of a virtual account, page by page."""
        offset = 0
        while offset < _MOST:
            asked = {"limit": str(_PAGE), "offset": str(offset)}
            answer = self._ask("GET", f"{home.path}/devices", params=asked)
            rows = rows_of(answer, "devices")
            yield from (instance_of(row) for row in rows)
            offset += len(rows)
            if not rows or offset >= number(answer.get("totalRecords")):
                return

    def licences(self, home: LocalAccount) -> tuple[Mapping[str, Any], ...]:
        """Returns the licences of a virtual account as On-Prem lists them."""
        body = {"virtualAccounts": [home.virtual], "limit": _MOST, "offset": 0}
        answer = self._ask("POST", f"/accounts/{quote(home.local, safe='')}/licenses", body)
        return tuple(rows_of(answer, "licenses"))

    def tokens(self, home: LocalAccount) -> tuple[RegistrationToken, ...]:
        """Returns the registration tokens of a virtual account, for classic Smart Licensing."""
        return tokens_in(self._ask("GET", f"{home.path}/tokens"))

    def create_token(
        self, home: LocalAccount, *, description: str, days: int, export: bool
    ) -> RegistrationToken:
        """Returns a new registration token.

        Raises:
            UsageError: days outside 1 to 365 (TOKEN-1).
        """
        body = token_asked(description, days, export=export)
        return token_made(self._ask("POST", f"{home.path}/tokens", body, repeatable=False), body)

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        url = f"{self.name}/api/v1{path}"
        call = Call(method, url, params=params or {}, body=body, repeatable=repeatable)
        answer = self._access.send(call)
        if not isinstance(answer, dict):
            raise Refusal("malformed", "the answer is no object", where=call.where)
        refused = refusal_in(answer, call.where)
        if refused is not None:
            raise refused
        return answer


def _grant(data: ServiceData, secrets: SecretStore) -> Mapping[str, str]:
    person = data.person(secrets)
    kind = "password" if person else "client_credentials"
    return {**data.credentials(secrets), **person, "grant_type": kind}
