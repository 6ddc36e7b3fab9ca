"""Text that nothing obeys: neither a terminal nor a page (F33)."""

from __future__ import annotations

import re

from slp_core.secrets import REDACTOR

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def inert(text: object) -> str:
    """Returns ``text`` without escapes, control characters and reversals; secrets are masked."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", REDACTOR.mask(str(text)).replace("\r\n", "\n"))
