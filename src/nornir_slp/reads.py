"""``Read``: one router as it was read, live or from saved outputs; a state or an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nornir_slp.inert import inert
from slp_core.errors import InputError, SlpError

if TYPE_CHECKING:
    from nornir.core.inventory import Host

    from slp_core.captures import Capture
    from slp_core.plan import Notice
    from slp_core.state import RouterState
    from slp_tasks.session import Session


@dataclass(frozen=True)
class Trouble:
    """Why a router could not be read: an error as a value."""

    code: str
    what: str
    remedy: str = ""

    @classmethod
    def of(cls, error: SlpError) -> Self:
        """Returns the error as a value."""
        what = (
            f"{error.where}: {error.what}"
            if isinstance(error, InputError) and error.where
            else error.what
        )
        return cls(error.code, inert(what), inert(error.remedy or ""))

    @classmethod
    def unforeseen(cls, error: Exception) -> Self:
        """Returns an error of our own as a value; its traceback goes to the log."""
        logging.getLogger(__name__).error("while a router was read", exc_info=error)
        return cls(
            SlpError.code,
            f"it could not be understood ({type(error).__name__})",
            "run again with -vv for the details, and report it with them",
        )


NOTHING = Trouble("SLP-E200", "nothing was read")


@dataclass(frozen=True)
class Read:
    """One router as it was read.

    Attributes:
        target: where inventory or captures say that it should go.
        base: folder that the target's relative paths start from.
        group: inventory data that runs are ordered by.
        capture: the saved outputs that it was read from.
        findings: what a look beyond the outputs found (``--probe``).
    """

    name: str
    state: RouterState | None = None
    error: Trouble | None = None
    target: Mapping[str, Any] | None = None
    where: str = ""
    base: Path = field(default_factory=Path)
    group: Mapping[str, Any] = field(default_factory=dict)
    capture: Capture | None = None
    findings: tuple[Notice, ...] = ()


Look = Callable[["Host", "Session", Read], "tuple[Notice, ...]"]
"""A further look at one router that has just been read, in the session that read it."""
