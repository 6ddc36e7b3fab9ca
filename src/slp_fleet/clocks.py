"""The clock by which a run's times are kept, read back from the store."""

from __future__ import annotations

import json
import sqlite3

from slp_core.clock import Clock, clock_from_inventory


def run_clock(row: sqlite3.Row) -> Clock:
    """Returns the clock by which a run's times are kept."""
    return clock_from_inventory(json.loads(row["clock"]) if row["clock"] else None)
