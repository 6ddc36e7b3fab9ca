"""``slp plans``: the plans in the store, and which runs carried them out."""

from __future__ import annotations

from nornir_slp.view import Answer
from slp_cli.options import command
from slp_cli.ui import Ui


@command
def plans(ui: Ui) -> int:
    """Lists the plans in the store, the latest first; slp apply HASH carries one out."""
    from nornir_slp.kept import plans_of
    from nornir_slp.sheet import Sheet

    kept = plans_of(ui)
    runs = _runs(ui)
    applied = {p.hash: tuple(run for run, marks in runs if p.hash in marks) for p in kept}
    sheet = Sheet(
        ("hash", "made", "routers", "blocked", "target", "applied by"),
        [
            (
                p.short,
                f"{p.made:%Y-%m-%d %H:%M:%S}",
                str(p.routers),
                str(p.blocked),
                p.target,
                ", ".join(applied[p.hash]),
            )
            for p in kept
        ],
    )
    ui.answer(
        Answer(
            sheet,
            data=lambda: {"plans": [{**p.to_json(), "applied_by": applied[p.hash]} for p in kept]},
        )
    )
    return 0


def _runs(ui: Ui) -> list[tuple[str, str]]:
    """Returns each run with what its plan is known by: a part of it (--limit) by its file."""
    from nornir_slp.store import open_fleet

    if not (ui.store_path / "runs.sqlite").exists():
        return []
    with open_fleet(ui) as fleet:
        return [
            (run.id, f"{run.plan_hash} {run.plan_file}")
            for run in fleet.runs()
            if not run.options.dry_run
        ]
