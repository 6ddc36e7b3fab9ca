"""How many log in at a time: a drowning AAA server looks like a bad password (F28)."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext

from slp_tasks.settings import HostSettings

_SLOTS: dict[int, threading.BoundedSemaphore] = {}
_LOCK = threading.Lock()


def login_slot(limit: int) -> AbstractContextManager[object]:
    """Returns one of ``limit`` places for logging in, held while logging in; 0 means no limit."""
    if limit <= 0:
        return nullcontext()
    with _LOCK:
        return _SLOTS.setdefault(limit, threading.BoundedSemaphore(limit))


def login_slot_of(settings: HostSettings) -> AbstractContextManager[object]:
    """Returns the place that ``data.slp.logins`` provides."""
    return login_slot(settings.logins)
