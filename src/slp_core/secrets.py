"""References to secrets, their resolution, and the redaction of their values everywhere else."""

from __future__ import annotations

import base64
import getpass
import importlib
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

from slp_core.errors import InputError, SecretError
from slp_core.reading import MAX_WORD, read_text
from slp_core.secret_lines import MASK, mask_lines

_MIN_LENGTH = 4
SCHEMES = ("env", "file", "keyring", "prompt")


def is_reference(text: str) -> bool:
    """Tells whether ``text`` is a reference such as ``env:SLP_TOKEN``."""
    return text.partition(":")[0] in SCHEMES and ":" in text


class SecretStore:
    """Resolves references and remembers their values, so that they can be masked.

    Args:
        base: folder that relative ``file:`` references start from.
        ask: asks a person for ``prompt:`` references.
    """

    def __init__(
        self, base: Path | None = None, ask: Callable[[str], str] = getpass.getpass
    ) -> None:
        self._base = base or Path.cwd()
        self._ask = ask
        self._prompted: dict[str, str] = {}
        self._token_source: Callable[[str], str] | None = None
        self._token_judge: Callable[[str], str | None] | None = None

    def with_tokens(
        self,
        source: Callable[[str], str],
        judge: Callable[[str], str | None] | None = None,
    ) -> SecretStore:
        """Returns this store with someone to ask for tokens that a service gives out on demand.

        Args:
            source: returns the token that a ``cssm:`` reference means.
            judge: see ``token_trouble``.
        """
        other = SecretStore(self._base, self._ask)
        other._prompted = self._prompted
        other._token_source = source
        other._token_judge = judge
        return other

    def token_trouble(self, reference: str) -> str | None:
        """Returns why the service would not take a token; ``None``: nothing is known against it.

        Raises:
            SlpError: the service could not be asked.
        """
        return self._token_judge(reference) if self._token_judge is not None else None

    def resolve_token(self, reference: str) -> str:
        """Returns a registration token, and has it masked from now on.

        Args:
            reference: as ``resolve`` takes it, or ``cssm:…`` (``slp_core.token_reference``).

        Raises:
            SecretError: as ``resolve``, or nobody is there to be asked.
            ServiceError: the service that was asked gave none.
        """
        if reference.partition(":")[0] != "cssm":
            return self.resolve(reference)
        if self._token_source is None:
            raise SecretError(
                f"{reference}: CSSM cannot be asked from here",
                remedy="name the token by env:NAME, file:PATH, keyring:SERVICE/USER or prompt:",
            )
        value = self._token_source(reference)
        REDACTOR.add(value)
        return value

    def resolve(self, reference: str) -> str:
        """Returns the secret that ``reference`` names, and has it masked from now on.

        Args:
            reference: ``env:NAME``, ``file:PATH``, ``keyring:SERVICE/USER`` or ``prompt:LABEL``.

        Raises:
            SecretError: no such scheme, variable, file or entry; the message names the reference.
        """
        scheme, _, rest = reference.partition(":")
        if scheme == "env":
            value = os.environ.get(rest)
        elif scheme == "file":
            value = self._from_file(rest)
        elif scheme == "keyring":
            value = self._from_keyring(rest)
        elif scheme == "prompt":
            value = self._from_person(rest)
        else:
            raise SecretError(
                "a secret was given as a value or in an unknown form",
                remedy="use env:NAME, file:PATH, keyring:SERVICE/USER or prompt:LABEL",
            )
        if not value:
            raise SecretError(f"nothing is found at {reference}", remedy="set it, then run again")
        REDACTOR.add(value)
        return value

    def _from_file(self, rest: str) -> str | None:
        path = Path(rest).expanduser()
        path = path if path.is_absolute() else self._base / path
        try:
            return read_text(path, limit=MAX_WORD).strip()
        except InputError as error:
            raise SecretError(f"{path} {error.what}", remedy="check the file: reference") from error

    def _from_keyring(self, rest: str) -> str | None:
        try:
            keyring = importlib.import_module("keyring")
        except ImportError as error:
            raise SecretError(
                "keyring: references need the extra nornir-slp[keyring]",
                remedy="pip install 'nornir-slp[keyring]'",
            ) from error
        service, _, user = rest.partition("/")
        value = keyring.get_password(service, user)
        return value if isinstance(value, str) else None

    def _from_person(self, rest: str) -> str:
        if rest not in self._prompted:
            self._prompted[rest] = self._ask(f"{rest or 'secret'}: ")
        return self._prompted[rest]


class Redactor:
    """Masks every secret that was ever resolved, in plain, base64, URL and JSON form."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def add(self, value: str) -> None:
        """Has ``value`` masked from now on; values under four characters are left alone."""
        if len(value) < _MIN_LENGTH:
            return
        forms = set(_forms(value))
        with self._lock:
            if forms <= self._forms:
                return
            self._forms |= forms
            ordered = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(f) for f in ordered))

    def mask(self, text: str) -> str:
        """Returns ``text`` without known secrets and without what looks like one."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return mask_lines(text)


def _forms(value: str) -> Iterable[str]:
    raw = value.encode()
    yield value
    yield json.dumps(value)[1:-1]
    yield quote(value, safe="")
    yield quote_plus(value)
    for shift in range(3):  # base64 of the value at any offset in a longer text
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        core = encoded[(shift * 8 + 5) // 6 :]
        yield core[: max(len(core) - 1, _MIN_LENGTH)]


REDACTOR = Redactor()


class RedactingFilter(logging.Filter):
    """Masks secrets in whatever passes a logger (F31)."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = REDACTOR.mask(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info:
            record.exc_text = REDACTOR.mask(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


def guard_loggers(
    names: Iterable[str] = (
        "scrapli",
        "netmiko",
        "nornir",
        "paramiko",
        "asyncssh",
        "httpx",
        "httpcore",
    ),
) -> None:
    """Puts a redacting filter on loggers and on every handler that they end in.

    A logger's own filter does not see what its children log, so handlers of the root and of
    each named logger carry the filter too.
    """
    guard = RedactingFilter()
    for name in ("", *names):
        logger = logging.getLogger(name)
        for holder in (logger, *logger.handlers):
            if not any(isinstance(f, RedactingFilter) for f in holder.filters):
                holder.addFilter(guard)
