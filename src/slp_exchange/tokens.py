"""Answers ``cssm:`` references: one token for a whole virtual account, used while it is valid.

Source: TOKEN-1, TOKEN-2. Whoever asks second, in another thread, after a crash or on another
machine, finds the token of the first by its description: none is made twice on purpose.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slp_core.token_reference import TokenReference
from slp_exchange.cssm import Cssm
from slp_exchange.errors import Refusal
from slp_exchange.models import Home, RegistrationToken

_LEFT_S = 6 * 3600.0
"""A token that ends sooner than this is left alone: a wave of routers may take its time."""
_NAMED = 3
_FRESH = timedelta(minutes=5)


@dataclass
class _Held:
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    token: RegistrationToken | None = None
    seen: datetime | None = None


class TokenDesk:
    """Gives out registration tokens of one CSSM; may be asked from many threads at once."""

    def __init__(self, cssm: Cssm) -> None:
        self._cssm = cssm
        self._held: dict[TokenReference, _Held] = {}
        self._lock = threading.Lock()
        self._listed: tuple[datetime, tuple[Home, ...], tuple[RegistrationToken, ...]] | None = None
        self._proven: dict[str | None, datetime] = {}
        self._listing = threading.Lock()

    def trouble(self, secret: str) -> str | None:
        """Returns why CSSM would not take a token, by what it lists; None where it lists it.

        CSSM lists tokens that can be used: one that has expired, is used up or was revoked is gone.

        Raises:
            Refusal: CSSM says no.
            UsageError: there is no such account.
        """
        with self._listing:
            now = self._cssm.web.clock.now()
            if self._listed is None or now - self._listed[0] > _FRESH:
                homes = self._cssm.homes()
                every = tuple(t for home in homes for t in self._cssm.tokens(home))
                self._listed = now, homes, every
            _, homes, tokens = self._listed
        token = next((t for t in tokens if t.secret == secret), None)
        if token is None:
            where = ", ".join(map(str, homes[:_NAMED])) + (" …" if len(homes) > _NAMED else "")
            return (
                f"it is not listed in {where or 'any virtual account'}: it has expired, is used up "
                "or revoked, or is another account's"
            )
        if token.expires is not None and token.expires <= now:
            return f"it expired at {token.expires.isoformat(timespec='minutes')}"
        return None

    def token(self, wanted: TokenReference) -> str:
        """Returns the token that a reference means: a valid one of that name, else a new one.

        Raises:
            Refusal: CSSM says no.
            UsageError: there is no such account.
        """
        with self._lock:
            held = self._held.setdefault(wanted, _Held())
        with held.lock:
            now = self._cssm.web.clock.now()
            if held.token is None or held.seen is None or now - held.seen > _FRESH:
                held.token, held.seen = self._find_or_make(wanted, now), now
            return held.token.secret

    def check(self, wanted: TokenReference) -> None:
        """Proves that the account is there and may be asked; makes nothing.

        A fleet asks for the same account again and again: what was proven just now counts.
        """
        with self._listing:
            now, proven = self._cssm.web.clock.now(), self._proven.get(wanted.account)
            if proven is None or now - proven > _FRESH:
                self._cssm.tokens(self._cssm.home(wanted.account))
                self._proven[wanted.account] = now

    def _find_or_make(self, wanted: TokenReference, now: datetime) -> RegistrationToken:
        home = self._cssm.home(wanted.account)
        found = self._usable(self._cssm.tokens(home), wanted, now)
        if found is not None:
            return found
        made, lost = self._make(home, wanted)
        # another machine may have made one in the same moment: all then use the same of the two
        found = self._usable(self._cssm.tokens(home), wanted, now) or made
        if found is None:
            assert lost is not None
            raise lost
        return found

    def _make(
        self, home: Home, wanted: TokenReference
    ) -> tuple[RegistrationToken | None, Refusal | None]:
        """Has a token made; an answer that is lost says nothing, CSSM's list will."""
        try:
            made = self._cssm.create_token(
                home, description=wanted.name, days=wanted.days, export=wanted.export
            )
        except Refusal as refusal:
            if refusal.cause != "unanswered":
                raise
            return None, refusal
        return made, None

    def _usable(
        self, tokens: tuple[RegistrationToken, ...], wanted: TokenReference, now: datetime
    ) -> RegistrationToken | None:
        least = min(_LEFT_S, wanted.days * 86_400 / 4)
        fitting = [
            t
            for t in tokens
            if t.description == wanted.name
            and t.serves(now, longer_than_s=least, export=wanted.export)
        ]
        return max(fitting, key=_order, default=None)


def _order(token: RegistrationToken) -> tuple[float, str]:
    return token.expires.timestamp() if token.expires else float("inf"), token.secret
