"""The whole matrix."""

from __future__ import annotations

from tasks.matrix import (
    around_rows,
    authorization_rows,
    classic_rows,
    image_rows,
    pair_rows,
    reporting_rows,
    topology_rows,
)
from tasks.matrix.row import Row

ROWS: tuple[Row, ...] = (
    *topology_rows.ROWS,
    *reporting_rows.ROWS,
    *authorization_rows.ROWS,
    *image_rows.ROWS,
    *pair_rows.ROWS,
    *classic_rows.ROWS,
    *around_rows.ROWS,
)
