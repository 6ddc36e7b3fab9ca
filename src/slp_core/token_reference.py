"""``cssm:…``: a token that CSSM is asked for at the moment of use, instead of one that lies ready.

``cssm:SMART ACCOUNT/VIRTUAL ACCOUNT``, or ``cssm:`` alone for the account that the inventory names
under ``data.slp.cssm.account``. Then, if wanted, ``?name=…&days=…&export=no``.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from slp_core.errors import SecretError
from slp_core.secrets import is_reference

SCHEME = "cssm"
NAME = "nornir-slp"
DAYS = 30
_FORM = "write cssm:SMART ACCOUNT/VIRTUAL ACCOUNT, and ?name=…&days=30&export=no where wanted"


@dataclass(frozen=True)
class TokenReference:
    """Which token is meant.

    Attributes:
        account: ``Smart Account/virtual account``; None: the inventory says which.
        name: the description under which CSSM lists the token; a valid one is used again.
        days: how long a new one is valid, 1 to 365.
        export: whether it allows export-controlled functionality.

    Source: TOKEN-1, TOKEN-2.
    """

    account: str | None = None
    name: str = NAME
    days: int = DAYS
    export: bool = True


def is_token_reference(text: str) -> bool:
    """Tells whether ``text`` names a token instead of being one."""
    return is_reference(text) or is_asked_of_cssm(text)


def is_asked_of_cssm(text: str) -> bool:
    """Tells whether the token is to be had from CSSM when it is needed."""
    return text.partition(":")[0] == SCHEME and ":" in text


def parse_token_reference(text: str) -> TokenReference:
    """Returns what a ``cssm:`` reference says.

    Raises:
        SecretError: it says something else; the text is a reference and no secret.
    """
    place, _, wishes = text.partition(":")[2].partition("?")
    account = unquote(place).strip() or None
    if account is not None and not all(part.strip() for part in _halves(account)):
        raise SecretError(f"{text} names no virtual account", remedy=_FORM)
    given = dict(parse_qsl(wishes, keep_blank_values=True))
    name, days = given.pop("name", NAME).strip(), given.pop("days", str(DAYS))
    export = given.pop("export", "yes").lower()
    if given:
        raise SecretError(f"{text}: {next(iter(given))!r} is not known here", remedy=_FORM)
    if not name or not name.isprintable():
        raise SecretError(f"{text}: a token needs a name", remedy=_FORM)
    if not days.isdecimal() or not 1 <= int(days) <= 365:
        raise SecretError(f"{text}: a token is valid for 1 to 365 days (TOKEN-1)", remedy=_FORM)
    if export not in ("yes", "no"):
        raise SecretError(f"{text}: export is yes or no", remedy=_FORM)
    return TokenReference(account, name, int(days), export == "yes")


def _halves(account: str) -> tuple[str, str]:
    smart, _, virtual = account.partition("/")
    return smart, virtual
