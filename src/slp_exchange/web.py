"""All that the clients know of HTTP: TLS, proxies, bounded repetition, and errors that become ours.

The only module that imports httpx. Nothing here shows a body, a header or a query (F31).
"""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from slp_core.clock import Clock, SystemClock
from slp_core.errors import InputError, UsageError
from slp_core.secrets import guard_loggers
from slp_exchange.address import is_local
from slp_exchange.deadline import ANSWER_S, Deadline, guard
from slp_exchange.errors import Refusal, refusal_of, spoken

MAX_ANSWER = 64 * 1024 * 1024
_TRIES = 5
_LONGEST_S = 120.0
_BUSY = {429, 503}
"""The request was turned away before anything was done with it."""
_LATER = {*_BUSY, 500, 502, 504}


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        repeatable: doing it twice does no harm, so that a lost answer may be asked for again.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    repeatable: bool = True

    @property
    def where(self) -> str:
        """Method and address, without query: what an error names."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.scheme}://{parts.hostname}{_port(parts.port)}{parts.path}"


class Web:
    """Sends requests to one service.

    Args:
        url: any address of the service; decides about TLS and proxies.
        ca: file of certificates that are trusted instead of the system's.
        certificate: our own certificate and its key, where the service asks for one.
        timeout: for one read of the network.
        answer_s: for one request as a whole.
        transport: takes the place of the network in tests.
        sleep: waits for so many machine seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        ca: str | None = None,
        certificate: tuple[str, str | None] | None = None,
        timeout: float = 60.0,
        answer_s: float = ANSWER_S,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        guard_loggers()
        self.clock = clock or SystemClock()
        self.sleep = sleep
        local = is_local(url)
        self._client = httpx.Client(
            verify=_tls(ca, certificate),
            timeout=httpx.Timeout(timeout, connect=min(timeout, 20.0)),
            trust_env=not local,  # a laboratory on this machine is never behind a proxy
            follow_redirects=False,
            transport=transport,
            headers={"accept": "application/json", "user-agent": "nornir-slp"},
        )
        self._deadline = Deadline(answer_s)
        guard(self._client, self._deadline)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def pause(self, seconds: float) -> None:
        """Waits for so many seconds of the service's clock."""
        self.sleep(self.clock.real_seconds(seconds))

    def send(self, call: Call) -> Any:
        """Returns the JSON of an answer; asks again, a few times, where that can help.

        Raises:
            Refusal: the service says no, cannot be reached, or answers with something else.
        """
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                status, headers, data = self._once(call)
            except _Lost as lost:
                if last or lost.final or not (call.repeatable or lost.unsent):
                    raise lost.refusal from lost
                self.pause(_delay(attempt))
                continue
            if status < 300:
                return _json(data, call.where)
            wait = _asked(headers, self.clock)
            again = status in (_LATER if call.repeatable else _BUSY)
            if last or not again or (wait or 0) > _LONGEST_S:
                raise _refused(status, headers, data, call.where, wait)
            self.pause(_delay(attempt) if wait is None else wait)
        raise AssertionError("the loop ends by itself")

    def _once(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        content = None if call.body is None else json.dumps(call.body).encode("ascii")
        headers = dict(call.headers)
        if content is not None:
            headers["content-type"] = "application/json"
        form = None if call.form is None else dict(call.form)
        params = dict(call.params) or None
        try:
            with (
                self._deadline.running(),
                self._client.stream(
                    call.method,
                    call.url,
                    params=params,
                    content=content,
                    data=form,
                    headers=headers,
                ) as answer,
            ):
                return answer.status_code, answer.headers, _bounded(answer, call.where)
        except httpx.HTTPError as error:
            raise _lost(error, call.where) from None  # its text and its request may hold secrets
        except (httpx.InvalidURL, ValueError, UnicodeError):
            raise UsageError(
                "the address of the service cannot be used", where=call.where
            ) from None


class _Lost(Exception):
    """There is no answer.

    Attributes:
        unsent: the request did not even arrive.
        final: asking again would not help.
    """

    def __init__(self, refusal: Refusal, *, unsent: bool = False, final: bool = False) -> None:
        super().__init__(refusal.what)
        self.refusal = refusal
        self.unsent = unsent
        self.final = final


def _lost(error: httpx.HTTPError, where: str) -> _Lost:
    told = str(error).lower()
    if "certificate" in told or "ssl" in told or "tls" in told:
        why = spoken(error)
        return _Lost(
            Refusal(
                "tls",
                f"its certificate is not trusted ({why})",
                where=where,
                remedy="name the certificates of your own authority with --ca",
            ),
            final=True,
        )
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return _Lost(
            Refusal(
                "unreachable",
                f"the service cannot be reached ({type(error).__name__}: {spoken(error)})",
                where=where,
                remedy="check address, DNS and proxy (HTTPS_PROXY)",
            ),
            unsent=True,
        )
    if isinstance(error, httpx.UnsupportedProtocol):
        return _Lost(
            Refusal("unreachable", "this is no address of a service", where=where), final=True
        )
    return _Lost(
        Refusal(
            "unanswered",
            f"no answer came ({type(error).__name__}); whether it was done is not known",
            where=where,
            remedy="look at it in CSSM, then run it again",
        )
    )


def _bounded(answer: httpx.Response, where: str) -> bytes:
    data = bytearray()
    for piece in answer.iter_bytes():
        data += piece
        if len(data) > MAX_ANSWER:
            raise Refusal("malformed", "the answer has no end", where=where)
    return bytes(data)


def _refused(
    status: int, headers: Mapping[str, str], data: bytes, where: str, wait: float | None
) -> Refusal:
    said: Any = ""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, dict):
        keys = ("statusMessage", "message", "error_description", "errorMessage", "error")
        said = next((body[k] for k in keys if body.get(k)), "")
    if 300 <= status < 400:
        place = urlsplit(headers.get("location", ""))
        said = f"to {place.scheme}://{place.netloc}{place.path}" if place.netloc else ""
    asked = f"{wait:.0f} s" if wait is not None else ""
    if status == 404 and not said:  # no service speaks: nothing lives at this address
        return Refusal(
            "moved",
            "there is no such service at this address (HTTP 404)",
            where=where,
            remedy="give --api or --url of the other generation",
            status=status,
        )
    return refusal_of(status, spoken(said), where=where, asked=asked)


def _json(data: bytes, where: str) -> Any:
    try:
        return json.loads(data) if data.strip() else {}
    except (ValueError, RecursionError):
        raise Refusal(
            "malformed",
            "the answer is not JSON: something else lives at this address",
            where=where,
            remedy="check --url and the proxy",
        ) from None


def _asked(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Returns after how many seconds the service wants to be asked again."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    if at is None:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    now: datetime = clock.now()
    return max((at - now).total_seconds(), 0.0)


def _delay(attempt: int) -> float:
    return float(2**attempt) + random.random()  # noqa: S311 - no secret: it spreads the load


def _tls(ca: str | None, certificate: tuple[str, str | None] | None) -> ssl.SSLContext | bool:
    if ca is None and certificate is None:
        return True
    try:
        context = ssl.create_default_context(cafile=ca)
        if certificate is not None:
            context.load_cert_chain(certificate[0], certificate[1])
    except (OSError, ssl.SSLError) as error:
        named = ca or (certificate[0] if certificate else "")
        raise InputError(
            f"the certificate cannot be read: {error.strerror or 'not PEM'}", where=named
        ) from error
    return context


def _port(port: int | None) -> str:
    return f":{port}" if port else ""
