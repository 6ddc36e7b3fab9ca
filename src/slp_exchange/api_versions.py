"""Both generations of CSSM's API: where they live, and what each can be asked.

``swapi`` is the one of 2021 on, ``apx`` the present "Software APIs"; of the latter only searches
and balances are publicly described, so ``auto`` asks the older one for everything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from slp_exchange.access import Access, Form
from slp_exchange.address import origin_of
from slp_exchange.errors import Refusal
from slp_exchange.service import ServiceData
from slp_exchange.web import Call, Web

_SWAPI = "/services/api/smart-accounts-and-licensing"
_APX = "/v1/software/apis"


class Ask(StrEnum):
    """What CSSM can be asked."""

    ACCOUNTS = "accounts"
    TOKENS = "tokens"
    NEW_TOKEN = "new token"  # noqa: S105 - a name
    REVOKE = "revoke"
    LICENCES = "licences"
    DEVICES = "devices"
    REMOVE = "remove"
    SUMMARY = "summary"
    AUTHORIZE = "authorize"
    REPORT = "report"
    POLL = "poll"


@dataclass(frozen=True)
class Generation:
    """One generation of the API.

    Attributes:
        paths: method and path of what it can be asked; ``{domain}`` and ``{virtual}`` are filled.
    """

    name: str
    base: str
    token_url: str
    paths: Mapping[Ask, tuple[str, str]]


_VIRTUAL = "/v1/accounts/{domain}/virtual-accounts/{virtual}"
_OLD: Mapping[Ask, tuple[str, str]] = {
    Ask.ACCOUNTS: ("GET", "/v2/accounts/search"),
    Ask.TOKENS: ("GET", f"{_VIRTUAL}/tokens"),
    Ask.NEW_TOKEN: ("POST", f"{_VIRTUAL}/tokens"),
    Ask.REVOKE: ("POST", f"{_VIRTUAL}/tokens/revoke"),
    Ask.LICENCES: ("POST", "/v1/accounts/{domain}/licenses"),
    Ask.DEVICES: ("POST", "/v1/accounts/{domain}/devices"),
    Ask.REMOVE: ("POST", "/v2/accounts/{domain}/virtual-accounts/{virtual}/devices/remove"),
    Ask.SUMMARY: ("POST", "/v3/licenses/summary"),
    Ask.AUTHORIZE: ("POST", "/v2/devices/authrequest"),
    Ask.REPORT: ("POST", "/v2/devices/reportusage"),
    Ask.POLL: ("POST", "/v2/accounts/poll"),
}
_NEW: Mapping[Ask, tuple[str, str]] = {
    Ask.ACCOUNTS: ("GET", "/accounts/v1/user/search-smart-accounts"),
    Ask.DEVICES: ("GET", "/licensing/v2/accounts/{domain}/devices"),
    Ask.SUMMARY: ("POST", "/licensing/v2/get-summary"),
}
_ELSEWHERE = ("moved", "unreachable")


def generations(data: ServiceData) -> tuple[Generation, ...]:
    """Returns the generations that may be asked, the preferred one first."""
    origin = origin_of(data.url) if data.url else None
    whole = data.url.rstrip("/") if data.url and origin is None else None
    old = Generation(
        "swapi",
        whole or f"{origin or 'https://swapi.cisco.com'}{_SWAPI}",
        data.token_url or f"{origin or 'https://cloudsso.cisco.com'}/as/token.oauth2",
        _OLD,
    )
    new = Generation(
        "apx",
        whole or f"{origin or 'https://apx.cisco.com'}{_APX}",
        data.token_url or f"{origin or 'https://id.cisco.com'}/oauth2/default/v1/token",
        _NEW,
    )
    if data.api == "apx" or (data.api == "auto" and whole and whole.endswith(_APX)):
        return (new,)
    if data.api == "swapi" or whole:
        return (old,)
    return (old, new)


class ApiClient:
    """Sends what is asked to a generation that knows it and answers.

    Args:
        form: what is sent for an access token.
    """

    def __init__(self, web: Web, data: ServiceData, form: Form) -> None:
        self._rows = [(g, Access(web, g.token_url, form)) for g in generations(data)]
        self._gone: set[str] = set()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The generations in use, for reports."""
        return " or ".join(g.base for g, _ in self._rows if g.name not in self._gone)

    def check(self) -> None:
        """Asks for an access token, to see that the credentials are good."""
        self._first(lambda _, access: access.check(), self._rows)

    def ask(
        self,
        what: Ask,
        body: Any = None,
        *,
        domain: str = "",
        virtual: str = "",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
    ) -> Any:
        """Returns the JSON of the answer.

        Raises:
            Refusal: as ``Web.send``; ``unsupported`` where no generation in use knows it.
        """
        rows = [row for row in self._rows if what in row[0].paths]
        if not rows:
            raise Refusal(
                "unsupported",
                f"this generation of the API cannot be asked for: {what}",
                where=self._rows[0][0].base,
                remedy="give --api swapi, or do it in CSSM's web page",
            )
        filled = {"domain": quote(domain, safe=""), "virtual": quote(virtual, safe="")}

        def one(generation: Generation, access: Access) -> Any:
            method, path = generation.paths[what]
            get = method == "GET"
            call = Call(
                method,
                generation.base + path.format(**filled),
                headers=dict(headers or {}),
                params=dict(params or {}) if get else {},
                body=None if get else (body if body is not None else {}),
                repeatable=repeatable,
            )
            return access.send(call)

        return self._first(one, rows)

    def _first(
        self,
        send: Callable[[Generation, Access], Any],
        rows: list[tuple[Generation, Access]],
    ) -> Any:
        """Returns the answer of the first generation that is still where it was."""
        left = [r for r in rows if r[0].name not in self._gone] or rows
        for generation, access in left[:-1]:
            try:
                return send(generation, access)
            except Refusal as refusal:
                if refusal.cause not in _ELSEWHERE:
                    raise
                with self._lock:
                    self._gone.add(generation.name)
        return send(*left[-1])
