"""What CSSM asks of a router before it trusts it (READY)."""

from __future__ import annotations

import re

SKEW_LIMIT_S = 3600.0
"""CSSM refuses trust where the clock is off by an hour or more (READY-2)."""


def named_like_pid(name: str, pid: str) -> bool:
    """Tells whether a host name equals the PID, with or without its suffix. Source: READY-1."""
    return _plain(name) in (_plain(pid), _plain(pid.partition("/")[0]))


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
