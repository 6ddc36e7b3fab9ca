"""How a run that will not go on lets go of its routers."""

from __future__ import annotations

from datetime import datetime

from slp_fleet.ledger import Ledger


def cancel_rest(ledger: Ledger, run: str, now: datetime) -> None:
    """Cancels every router of a run that has not ended, and lets go of all that the run held."""
    with ledger.store.write() as db:
        db.execute(
            "UPDATE router_runs SET state='cancelled', ended=?, parked=1, wake=0, "
            "reason=CASE WHEN started IS NULL THEN 'cancelled before it started' "
            "ELSE 'cancelled before ' || coalesce(current_step, 'its end') END "
            "WHERE run=? AND state IN ('queued', 'running', 'waiting', 'person')",
            (now.isoformat(), run),
        )
        db.execute("DELETE FROM leases WHERE run=?", (run,))
