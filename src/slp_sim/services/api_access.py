"""Who may use CSSM's API, for which account, and when it fails on demand."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from slp_sim.lab import Lab
from slp_sim.services.account import SmartAccount, VirtualAccount
from slp_sim.services.forms import read_form

TOKEN_S = 3599


class Denied(Exception):
    """An answer that is an HTTP error."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = dict(headers or {})


class ApiAccess:
    """The API's door."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._accounts = lab.network.cssm.accounts
        self._tokens: dict[str, datetime] = {}
        self._failures: deque[Denied] = deque()

    def fail_next(self, status: int, times: int = 1, retry_after: int | None = None) -> None:
        """Has the next ``times`` calls answered by an HTTP error."""
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        self._failures.extend(Denied(status, "as asked for", headers) for _ in range(times))

    def admit(self, request: Request) -> None:
        """Lets a call with a valid access token pass.

        Raises:
            Denied: it has none, or a failure was asked for.
        """
        if self._failures:
            raise self._failures.popleft()
        self._authenticate(request)

    async def token(self, request: Request) -> Response:
        """Gives a known program an access token."""
        form = await read_form(request)
        given = form.fields.get("client_id", ""), form.fields.get("client_secret", "")
        known = {
            c.client_id: self._lab.secrets[c.client_secret] for c in self._lab.scenario.api_clients
        }
        if form.fields.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        right = known.get(given[0])
        if right is None or not secrets.compare_digest(right.encode(), given[1].encode()):
            return JSONResponse({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = self._lab.clock.now() + timedelta(seconds=TOKEN_S)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S}
        return JSONResponse(answer)

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        expires = self._tokens.get(token)
        if scheme.lower() != "bearer" or expires is None or expires <= self._lab.clock.now():
            raise Denied(401, "the access token is missing, unknown or expired")

    def account(self, request: Request) -> SmartAccount:
        """Returns the Smart Account of the path.

        Raises:
            Denied: there is none of this name.
        """
        domain = request.path_params["domain"]
        for account in self._accounts.accounts.values():
            if domain in (account.domain, account.name, str(account.id)):
                return account
        raise Denied(403, f"no access to the Smart Account {domain}")

    def virtual(self, request: Request) -> VirtualAccount:
        """Returns the virtual account of the path.

        Raises:
            Denied: there is none of this name.
        """
        found = self.account(request).virtual_accounts.get(request.path_params["va"])
        if found is None:
            raise Denied(404, "there is no such virtual account")
        return found

    def home(self, request: Request) -> tuple[SmartAccount, VirtualAccount]:
        """Returns the account that the X-CSW headers name by number.

        Raises:
            Denied: they name none.
        """
        ids = tuple(
            request.headers.get(f"x-csw-{kind}-account-id", "") for kind in ("smart", "virtual")
        )
        for account, virtual in self._accounts.virtual_accounts():
            if (str(account.id), str(virtual.id)) == ids:
                return account, virtual
        raise Denied(403, "X-CSW-SMART-ACCOUNT-ID or X-CSW-VIRTUAL-ACCOUNT-ID names no account")
