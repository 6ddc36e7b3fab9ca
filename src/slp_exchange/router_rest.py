"""``/smartlic-service``: a router's own REST interface for usage reports and imports.

The other way beside the CLI, from 17.3.2 on, where the router's web server is configured. HTTP
Basic carries the password, so that TLS is verified unless the inventory says otherwise.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from slp_core.errors import AuthFailed, CommandRejected, ConnectFailed, StepFailed, UsageError
from slp_core.secrets import REDACTOR, guard_loggers
from slp_exchange.deadline import ANSWER_S, Deadline, guard

BASE = "/smartlic-service"
_LARGEST = 64 * 1024 * 1024
_LOGIN = "check the login of data.slp.rest; it is not tried again by itself"
_ABSENT = "it needs SLP, 17.3.2 or newer, and `ip http secure-server`"


@dataclass(frozen=True)
class RestLogin:
    """How a router's web server is reached. The password is not shown by ``repr``.

    Attributes:
        url: scheme, host and port.
        verify: false where neither certificate nor encryption is asked for: the opt-out.
        ca: file of certificates that are trusted instead of the system's.
    """

    url: str
    username: str
    password: str = field(repr=False)
    where: str
    verify: bool = True
    ca: str | None = None
    timeout: float = 60.0


class RouterRest:
    """One router's ``/smartlic-service``.

    Args:
        answer_s: for one request as a whole.
        transport: takes the place of the network in tests.
    """

    def __init__(
        self,
        login: RestLogin,
        *,
        answer_s: float | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        guard_loggers()
        if login.url.startswith("http://") and login.verify:
            raise UsageError(
                "the password would cross the network in clear",
                where=login.where,
                remedy="use https, or set data.slp.rest.verify: false where that is accepted",
            )
        self._where = login.where
        self._client = httpx.Client(
            base_url=login.url,
            auth=(login.username, login.password),
            verify=login.ca or login.verify,
            timeout=httpx.Timeout(login.timeout, connect=min(login.timeout, 20.0)),
            trust_env=False,  # a router's own address is behind no proxy of this machine
            transport=transport,
        )
        self._deadline = Deadline(max(ANSWER_S, login.timeout) if answer_s is None else answer_s)
        guard(self._client, self._deadline)

    def __enter__(self) -> RouterRest:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def close_reports(self) -> None:
        """Closes open reports, so that usage up to now can be fetched."""
        self._ask("POST", "/close-reports", b"")

    def reports(self, days: int | None = None) -> tuple[Mapping[str, Any], ...]:
        """Returns the closed reports, all of them or those of so many days."""
        data = self._ask("GET", "/all-reports" if days is None else f"/days/{days}")
        rows = data.get("usage") or []
        if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
            raise self._odd()
        return tuple(rows)

    def import_file(self, data: bytes) -> None:
        """Hands over an acknowledgement, a SLAC or a policy.

        Raises:
            StepFailed: the router does not accept it.
        """
        self._ask("POST", "/import", base64.b64encode(data))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Mapping[str, Any]:
        try:
            with (
                self._deadline.running(),
                self._client.stream(method, f"{BASE}{path}", content=body) as answer,
            ):
                data = bytearray()
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > _LARGEST:
                        raise self._odd()
                status = answer.status_code
        except httpx.HTTPError as error:
            raise self._lost(error) from None  # its request holds the password
        if status == 401:
            raise AuthFailed(
                "the router's web server refused the login", where=self._where, remedy=_LOGIN
            )
        if status == 404:
            raise CommandRejected(
                f"the router has no {BASE}{path}", where=self._where, remedy=_ABSENT
            )
        found = self._json(bytes(data)) if data.strip() else {}
        if status >= 300:
            said = REDACTOR.mask(str(found.get("error") or f"HTTP {status}"))[:160]
            raise StepFailed(f"the router did not accept it: {said}", where=self._where)
        return found

    def _json(self, data: bytes) -> Mapping[str, Any]:
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            raise self._odd() from None
        if not isinstance(found, Mapping):
            raise self._odd()
        return found

    def _odd(self) -> StepFailed:
        return StepFailed("the router's web server answers with something else", where=self._where)

    def _lost(self, error: httpx.HTTPError) -> ConnectFailed:
        told = str(error).lower()
        if "certificate" in told or "ssl" in told:
            return ConnectFailed(
                "the certificate of the router's web server is not trusted",
                where=self._where,
                remedy="name it with data.slp.rest.ca, or set data.slp.rest.verify: false",
            )
        return ConnectFailed(
            f"the router's web server is not reached ({type(error).__name__})",
            where=self._where,
            remedy="check `ip http secure-server`, data.slp.rest and the way there",
        )


def usage_file(reports: Sequence[Mapping[str, Any]]) -> bytes:
    """Returns reports as the file that CSSM takes; what is signed stays as the router sent it."""
    rows = (
        json.dumps(report, ensure_ascii=False).replace("]]>", "]]]]><![CDATA[>")
        for report in reports
    )
    parts = "".join(f"<RUMReport><![CDATA[{row}]]></RUMReport>" for row in rows)
    return f"<smartLicense>{parts}</smartLicense>".encode()
