"""What a value may look like that ends in a line for a router: one judgement for every way in.

Targets, options, parameters of steps and what a person hands over are held against the forms here,
so that no value becomes a command of its own. What leaves in the end is looked at once more, by
``untypeable``, where it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, ip_address
from typing import Any, Final

_BREAKS: Final = frozenset("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def unprintable(text: str) -> str | None:
    """Returns what in ``text`` is not printable, in words; ``None``: it is one printable line."""
    odd = next((c for c in text if not c.isprintable()), None)
    if odd is None:
        return None
    kind = "a line break" if odd in _BREAKS else "a character that is not printable"
    return f"{kind} (U+{ord(odd):04X})"


def untypeable(text: str) -> str | None:
    """Returns what in ``text`` a router's line does not take as it stands; ``None``: nothing.

    A line of seven bits, IOS-XE's default, makes a return of the second byte of some letters.
    """
    odd = unprintable(text) or next(
        (f"a letter beyond ASCII (U+{ord(c):04X})" for c in text if c > "~"), None
    )
    return odd or ("a question mark, which asks for help" if "?" in text else None)


@dataclass(frozen=True)
class Form:
    """How a kind of value is written.

    Attributes:
        called: its name in a sentence.
        pattern: the whole of it.
        such_as: an example.
    """

    called: str
    pattern: re.Pattern[str] = field(repr=False)
    such_as: str

    def refusal(self, text: str) -> str | None:
        """Returns why ``text`` is not of this form; ``None`` where it is. The text is not told."""
        odd = untypeable(text)
        if odd is not None:
            return f"holds {odd}"
        if self.pattern.fullmatch(text) and _is_sound(self, text):
            return None
        blank = "holds a blank and " if " " in text and " " not in self.such_as else ""
        return f"{blank}is no {self.called}, such as {self.such_as}"

    def fits(self, text: str) -> bool:
        """Tells whether ``text`` is of this form."""
        return self.refusal(text) is None


def _form(called: str, pattern: str, such_as: str) -> Form:
    return Form(called, re.compile(pattern), such_as)


_HOST: Final = (
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?)"
)
_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_.:@#&+/=-]*"
_FILE: Final = r"(?!\.\.?(?:/|$))[A-Za-z0-9_.][A-Za-z0-9_.+@=,()~%-]*"
_PORT: Final = r"[A-Za-z][A-Za-z0-9-]*[0-9](?:[/.:][0-9]+)*"
_V4: Final = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_IN_URL: Final = r"[A-Za-z0-9_.~:/\[\]@!$&'()*+,;=%#-]"

WORD = _form("single word", r"[!-~]+", "local")
RELEASE = _form("release", r"[0-9A-Za-z][0-9A-Za-z.()_-]*", "17.9.4a")
NAME = _form("name", _NAME, "SLA-TrustPoint")
VRF = _form("name of a VRF", _NAME, "Mgmt-intf")
INTERFACE = _form("interface", _PORT, "GigabitEthernet0/0/0")
HOST = _form("host name or address", _HOST, "proxy.example.net")
ADDRESS = _form("address", r"[0-9A-Fa-f.:]+", "192.0.2.53")
URL = _form("URL", rf"[A-Za-z][A-Za-z0-9+.-]*://{_IN_URL}+", "http://images.example.net/c1100.bin")
WEB_URL = _form(
    "URL",
    rf"(?:[Hh][Tt][Tt][Pp][Ss]?://)?{_HOST}(?::[0-9]{{1,5}})?(?:/{_IN_URL}*)?",
    "http://cslu.example.net:8182/cslu/v1/pi",
)
PROXY = _form("proxy", rf"(?:https?://)?{_HOST}(?::[0-9]{{1,5}})?/?", "proxy.example.net:8080")
INTERFACE_ADDRESS = _form("address and mask", rf"{_V4} {_V4}", "192.0.2.1 255.255.255.0")
ROUTE = _form(
    "route",
    rf"{_V4} {_V4}(?: (?:{_V4}|{_PORT}|global|permanent|[0-9]{{1,10}}"
    rf"|(?:tag|track) [0-9]{{1,10}}|name {_NAME})){{1,8}}",
    "0.0.0.0 0.0.0.0 192.0.2.254",
)
REVOCATION = _form("revocation check", r"(?:none|crl|ocsp)(?: (?:none|crl|ocsp)){0,2}", "crl none")
MAIL = _form("e-mail address", r"[A-Za-z0-9_.+%-]+@[A-Za-z0-9_.-]+", "noc@example.net")
LEVEL = _form("level", r"[A-Za-z0-9_.|/-]+(?: [A-Za-z0-9_.|/-]+){0,3}", "250M")
BOOT_LEVEL = _form(
    "boot level", r"[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+){0,7}", "network-advantage addon dna-advantage"
)
HASH = _form("hash", r"[0-9A-Fa-f]{32,128}", "d41d8cd98f00b204e9800998ecf8427e")
FILE_NAME = _form("name of a file", _FILE, "c1100-universalk9.17.09.04a.SPA.bin")
FILESYSTEM = _form("file system", r"[A-Za-z][A-Za-z0-9_-]*:", "bootflash:")
FLASH_PATH = _form(
    "file on a router",
    rf"[A-Za-z][A-Za-z0-9_-]*:/?{_FILE}(?:/{_FILE})*",
    "bootflash:packages.conf",
)
BOOT_FILE = _form(
    "boot file",
    rf"(?:boot system )?(?:(?:flash|bootflash|tftp|ftp|rcp|switch all) )?[!-~]+(?: {_NAME})?",
    "bootflash:packages.conf",
)
TOKEN = _form("token", r"[!-~]+", "the one that CSSM shows, in one piece")


def _is_sound(form: Form, text: str) -> bool:
    """Tells whether the addresses in a text are addresses."""
    try:
        if form is ADDRESS:
            ip_address(text)
        if form in (INTERFACE_ADDRESS, ROUTE):
            for word in text.split():
                if re.fullmatch(_V4, word):
                    IPv4Address(word)
    except (AddressValueError, ValueError):
        return False
    return True


# --- one line of anything ---------------------------------------------------------------------


def odd_text(value: Any, at: str = "") -> tuple[str, str] | None:
    """Returns where in a nested value a text is no printable line, and why; ``None``: nowhere."""
    for place, text in texts_in(value, at):
        odd = unprintable(text)
        if odd is not None:
            return place, f"holds {odd}"
    return None


def texts_in(value: Any, at: str = "") -> Iterable[tuple[str, str]]:
    """Yields every text within a nested value, keys too, with the place where it stands."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield at, str(key)
            yield from texts_in(inner, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list | tuple | set | frozenset):
        for number, inner in enumerate(value):
            yield from texts_in(inner, f"{at}.{number}" if at else str(number))
