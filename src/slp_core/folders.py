"""The one function that makes a folder or file name of a router's name (F33)."""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import quote

_LONGEST: Final = 200
_SAFE: Final = " ()+,@=[]{}!$&';^#"


def folder_name(router: str) -> str:
    """Returns a router's name as one harmless path component, another one for each name.

    Ordinary names stay as they are; what is no letter, digit or plain sign of ASCII is written as
    ``%XX``, and the end of a very long name is replaced by a hash.
    """
    name = quote(router, safe=_SAFE, errors="surrogatepass")
    if name.strip(".") == "":
        name = name.replace(".", "%2E") or "%"
    if len(name) > _LONGEST:  # `%+` comes of no name by itself
        digest = hashlib.sha256(router.encode(errors="surrogatepass")).hexdigest()[:32]
        name = f"{name[:_LONGEST]}%+{digest}"
    return name
