"""Access tokens: had for a client id and secret, renewed before they expire, shown to nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from slp_core.secrets import REDACTOR
from slp_exchange.errors import Refusal
from slp_exchange.web import Call, Web

_MARGIN = timedelta(seconds=60)
_LIFE_S = 3599.0

Form = Callable[[], Mapping[str, str]]
"""Returns what is sent for an access token; secrets are resolved inside, at the moment of use."""


@dataclass(frozen=True)
class _Grant:
    token: str = field(repr=False)
    until: datetime


class Access:
    """Gives calls the right to be answered.

    Args:
        url: of the token service.
        form: client id, client secret and the kind of grant.
        as_json: SSM On-Prem takes them as JSON, Cisco's own service as a form.
    """

    def __init__(self, web: Web, url: str, form: Form, *, as_json: bool = False) -> None:
        self.url = url
        self._web = web
        self._form = form
        self._as_json = as_json
        self._grant: _Grant | None = None
        self._lock = threading.Lock()

    def send(self, call: Call) -> Any:
        """Returns the JSON of an answer; with a new access token where the old one is refused.

        Raises:
            Refusal: as ``Web.send``; ``unauthorized`` where the credentials are not accepted.
        """
        token = self._token()
        try:
            return self._web.send(_bearing(call, token))
        except Refusal as refusal:
            if refusal.cause != "unauthorized":
                raise
        return self._web.send(_bearing(call, self._token(instead_of=token)))

    def check(self) -> None:
        """Asks for an access token, to see that the credentials are good."""
        self._token()

    def _token(self, *, instead_of: str | None = None) -> str:
        with self._lock:
            held = self._grant
            now = self._web.clock.now()
            if held is not None and now < held.until and held.token != instead_of:
                return held.token
            self._grant = self._ask(now)
            return self._grant.token

    def _ask(self, now: datetime) -> _Grant:
        asked = Call("POST", self.url)
        form = dict(self._form())
        call = replace(asked, body=form) if self._as_json else replace(asked, form=form)
        try:
            answer = self._web.send(call)
        except Refusal as refusal:
            if refusal.status in (400, 401, 403):
                raise Refusal(
                    "unauthorized",
                    f"the credentials are not accepted (HTTP {refusal.status})",
                    where=refusal.where or self.url,
                    remedy="check client id and secret; a new API client takes about 30 minutes",
                    status=refusal.status,
                ) from refusal
            raise
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise Refusal("malformed", "the answer holds no access token", where=self.url)
        REDACTOR.add(token)
        life = answer.get("expires_in")
        seconds = float(life) if isinstance(life, int | float) and life > 0 else _LIFE_S
        return _Grant(token, now + max(timedelta(seconds=seconds) - _MARGIN, _MARGIN))


def _bearing(call: Call, token: str) -> Call:
    return replace(call, headers={**call.headers, "authorization": f"Bearer {token}"})
