"""``show crypto key mypubkey rsa``: the RSA keys of the router and how long they are (C06)."""

import re
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Pattern, Prose
from slp_core.parsing.printed import Printed

_DER = re.compile(r"30(?:82(?P<two>[0-9A-F]{4})|81(?P<one>[0-9A-F]{2})|(?P<none>[0-7][0-9A-F]))")
_AROUND = {"two": 34, "one": 31, "none": 28}
"""Bytes of a public RSA key in DER beside its modulus, by the form of its length (RFC 3279)."""


class RsaKey(Printed):
    """One key pair; ``data`` is its public half in DER, in hexadecimal."""

    name: str | None = None
    kind: Annotated[str | None, Label("Key type")] = None
    size: Annotated[
        int | None,
        Pattern(r"Key [Ss]ize\s*:\s*(\d+)", hint="Key"),
        Pattern(r"Modulus [Ss]ize\s*:\s*(\d+)", hint="Modulus"),
    ] = None
    storage: Annotated[str | None, Label("Storage Device")] = None
    usage: Annotated[str | None, Label("Usage")] = None
    temporary: Annotated[bool | None, Pattern(r"Temporary key$", value=True)] = None
    exportable: Annotated[
        str | None, Pattern(r"(Key is (?:not )?exportable\..*)$", hint="exportable")
    ] = None
    data: Annotated[tuple[str, ...] | None, Pattern(r"([0-9A-F]{2,8}(?: [0-9A-F]{2,8})*)$")] = None


class Keys(Printed):
    """All RSA keys."""

    generated: Annotated[
        tuple[str, ...] | None,
        Pattern(r"% Key pair was generated at: (.+)$", hint="generated at"),
    ] = None
    keys: Annotated[
        tuple[RsaKey, ...] | None,
        Blocks(r"^Key name: ?(?P<name>\S+)$", key="name", hint="Key name"),
    ] = None


def bits(key: RsaKey) -> int | None:
    """Returns the length of a key's modulus: as printed, or from the length of its public half."""
    if key.size is not None:
        return key.size
    match = _DER.match("".join(key.data or ()).replace(" ", ""))
    if match is None or match.lastgroup is None:
        return None
    return (int(match[match.lastgroup], 16) - _AROUND[match.lastgroup]) * 8


COMMANDS = (
    Command(
        "show crypto key mypubkey rsa",
        Keys,
        signature=r"% Key pair was generated at|Key name:",
        prose=Prose("Key Data:"),
    ),
)
