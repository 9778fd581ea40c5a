"""Positions: how far each source was read, by what of it is committed."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from tui.logs.schema import open_for_reading
from tui.model.loglines import LogBatch


def committed_positions(path: Path) -> dict[str, str]:
    """Return how far each source was read, as the file has it; raises sqlite3.Error."""
    with contextlib.closing(open_for_reading(path)) as connection:
        return dict(connection.execute("SELECT * FROM positions").fetchall())


def positions_after(batches: Sequence[LogBatch]) -> dict[str, str]:
    """Return where reading goes on, by source, once these batches are committed."""
    positions = dict[str, str]()
    for batch in batches:
        positions |= batch.positions
        if batch.source:
            positions[batch.source] = batch.position
    return positions
