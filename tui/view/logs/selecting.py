"""Selecting: what a mouse selection, kept by line id and character, means for each line. Pure."""

import sys

from textual.geometry import Offset
from textual.selection import Selection

from tui.view.logs.excerpt import Excerpt

MOST_COPIED = 100_000
"""Lines."""


def selected_span(selection: Selection, line: int) -> tuple[int, int] | None:
    """Return the first and one beyond the last character selected in a line; None for none.

    Characters below zero are the gutter's and mean the message's beginning.
    """
    start, end = selection
    if (start and line < start.y) or (end and line > end.y):
        return None
    first = start.x if start and line == start.y else 0
    last = end.x if end and line == end.y else sys.maxsize
    return max(0, first), max(0, last)


def selected_text(selection: Selection, excerpt: Excerpt, first: int, last: int) -> str:
    """Return the messages selected, exactly; an open end means the row `first` or `last`."""
    rows = excerpt.rows
    begin = rows.row_near(_line(selection.start, rows.id_at(first)))
    end = rows.row_near(_line(selection.end, rows.id_at(last)))
    lines = (excerpt.line(row) for row in range(begin, min(end + 1, begin + MOST_COPIED)))
    spans = ((line.message, selected_span(selection, line.id)) for line in lines if line)
    return "\n".join(message[slice(*span)] for message, span in spans if span)


def _line(offset: Offset | None, otherwise: int) -> int:
    return otherwise if offset is None else offset.y
