"""The one key sequence that is no printable line."""

from __future__ import annotations

from typing import Final

ESCAPE: Final = "\x1ex"
"""Ctrl-Shift-6 and x: leaves a session from the router to another host. It is never part of a line;
``Terminal`` alone types it, after such a session has opened."""
