"""What a program that we start may know of our environment: never a secret (F31)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Final

_NEEDED: Final = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "TMPDIR", "LANG", "LANGUAGE",
    "SSH_AUTH_SOCK",
)  # fmt: skip
"""The agent's socket is no secret; who may use it is decided by its rights."""
_LOCALE: Final = "LC_"
OWN: Final = ("PYTHON", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "XDG_", "COLUMNS", "LINES", "NO_COLOR",
              "FORCE_COLOR", "CI", "COVERAGE_")  # fmt: skip
"""What a child of our own program needs besides, to be the same program on the same terminal."""


def child_environment(
    also: Iterable[str] = (), environment: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Returns the variables that a child gets, by a list of what is allowed.

    Args:
        also: beginnings of names that are allowed too, such as ``OWN``.
        environment: taken from; this process's own by default.
    """
    source = os.environ if environment is None else environment
    more = tuple(also)
    return {
        name: value
        for name, value in source.items()
        if name in _NEEDED or name.startswith((_LOCALE, *more))
    }
