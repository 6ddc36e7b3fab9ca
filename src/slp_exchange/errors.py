"""What a licensing service can say no with, each by a name of its own (F36)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from slp_core.errors import ServiceError
from slp_core.secrets import REDACTOR

Cause = Literal[
    "unauthorized", "forbidden", "not-found", "moved", "throttled", "unavailable", "rejected",
    "failed", "duplicate", "pending", "malformed", "unreachable", "tls", "unanswered",
    "unsupported",
]  # fmt: skip

_SAID = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class Refusal(ServiceError):
    """A licensing service said no, or nothing that helps.

    Attributes:
        cause: which of the known kinds of no it is.
        status: HTTP status, where there was an answer.
    """

    def __init__(
        self,
        cause: Cause,
        what: str,
        *,
        where: str,
        remedy: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.cause = cause
        self.status = status


_BY_STATUS: Mapping[int, tuple[Cause, str, str]] = {
    400: ("rejected", "the service does not understand the request", "report it, with -vv"),
    401: (
        "unauthorized",
        "the credentials are not accepted",
        "check client id and secret; a new API client takes about 30 minutes to work",
    ),
    403: (
        "forbidden",
        "the API client may not do this",
        "request access to the API for it, and make its owner an administrator of the account",
    ),
    404: ("not-found", "there is no such thing", "check the names of the accounts"),
    405: ("moved", "the address does not take this", "give --api or --url of the other generation"),
    409: ("rejected", "it contradicts what the service holds", "look at it in CSSM"),
    410: (
        "moved",
        "the address is no longer served",
        "give --api or --url of the other generation",
    ),
    413: ("rejected", "the file is too large for the service", "upload it in CSSM's web page"),
    422: ("rejected", "the service does not accept the values", "look at them"),
    429: ("throttled", "the service is asked too often", "wait, then run it again"),
}


def refusal_of(status: int, said: str, *, where: str, asked: str = "") -> Refusal:
    """Returns the error that an HTTP status stands for.

    Args:
        said: what the service said of it; shown masked and cut.
        asked: after how long it wants to be asked again.
    """
    if 300 <= status < 400:
        row: tuple[Cause, str, str] = (
            "moved",
            "the address has moved",
            "give the new address with --url, or the other generation with --api",
        )
    elif status >= 500:
        row = ("unavailable", "the service is out of order", "wait, then run it again")
    else:
        row = _BY_STATUS.get(status, ("rejected", "the service says no", "look at it in CSSM"))
    cause, what, remedy = row
    text = f"{what} (HTTP {status})"
    if told := spoken(said):
        text += f": {told}"
    if asked:
        text += f"; it asks to come back after {asked}"
    return Refusal(cause, text, where=where, remedy=remedy, status=status)


def spoken(text: Any) -> str:
    """Returns what a service said as harmless words: masked, on one line, and not too many."""
    flat = _CONTROL.sub(" ", REDACTOR.mask(str(text or ""))).strip()
    return flat if len(flat) <= _SAID else flat[:_SAID].rstrip() + "…"
