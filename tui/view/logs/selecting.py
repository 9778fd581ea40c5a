"""Selecting: what a mouse selection, kept by line id and character, means for each line. Pure."""

import sys

from textual.geometry import Offset
from textual.selection import Selection


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


def selected_lines(selection: Selection, first: int, last: int) -> tuple[int, int]:
    """Return the first and last line selected; an open end means `first` or `last`."""
    return _line(selection.start, first), _line(selection.end, last)


def _line(offset: Offset | None, otherwise: int) -> int:
    return otherwise if offset is None else offset.y
