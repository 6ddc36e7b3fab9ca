"""Where a router is and as whom one logs in: words that cannot be taken for options or commands."""

from __future__ import annotations

import re
from typing import Any, Final

from slp_core.errors import InventoryError
from slp_core.forms import HOST, unprintable

_ZONE: Final = re.compile(r"%[A-Za-z0-9_.-]+$")
_MOST: Final = 65535


def refuse_address(
    where: str, *, hostname: Any = None, port: Any = None, username: Any = None
) -> None:
    """Refuses what cannot be an address, a port or a user; what is unset is not judged.

    Raises:
        InventoryError: OpenSSH, or a router, might take it for something else.
    """
    judged = (
        ("hostname", hostname, _hostname, "write a name or an address, nothing around it"),
        ("port", port, _port, f"write a number from 1 to {_MOST}"),
        ("username", username, _username, "write the user's name alone"),
    )
    for key, value, judge, remedy in judged:
        why = judge(value) if value is not None else None
        if why is not None:
            raise InventoryError(f"{key} {why}", where=shown(where), remedy=remedy)


def refuse_name(name: str) -> None:
    """Refuses a router's name that is not one printable line.

    Raises:
        InventoryError: it would change what is read on a terminal or in a log.
    """
    odd = unprintable(name)
    if odd is not None:
        raise InventoryError(
            f"a name in the inventory holds {odd}", where=shown(name), remedy="write another one"
        )


def shown(name: str) -> str:
    """Returns a name as an error may show it."""
    return name if name.isprintable() else ascii(name)


def _hostname(value: Any) -> str | None:
    text = str(value)
    if text.startswith("-"):
        return "begins with `-`, as an option does"
    bare = _ZONE.sub("", text) if ":" in text else text
    return HOST.refusal(bare.removesuffix("."))


def _port(value: Any) -> str | None:
    text = str(value)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return None if 1 <= number <= _MOST else "is no port"


def _username(value: Any) -> str | None:
    text = str(value)
    odd = unprintable(text)
    if odd is not None:
        return f"holds {odd}"
    if text.startswith("-"):
        return "begins with `-`, as an option does"
    return "holds a blank" if " " in text else None
