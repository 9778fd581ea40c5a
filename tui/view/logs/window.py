"""The window: which rows are on screen, where the cursor is and whether the end is followed. Pure.

A *row* is one log line in the order shown; rows have numbers that never shift (`rows.py`), so that
lines pruned at the old end or arriving at the new one cannot move what is read. A row takes one
screen line, or several when lines are wrapped; how many is asked through `Heights`, and only for
rows near the window, so that nothing here grows with the number of rows.
"""

from collections.abc import Callable
from dataclasses import replace

from tui.model.frozen import frozen

Heights = Callable[[int], int]
"""Screen lines a row takes, at least one."""


@frozen
class Window:
    """Where the reader is."""

    first: int = 0
    """The oldest row there is."""
    stop: int = 0
    """One beyond the newest row."""
    height: int = 0
    """Screen lines of the window."""
    top: int = 0
    """The row at the upper edge."""
    skip: int = 0
    """How many screen lines of it are above the edge."""
    cursor: int = 0
    following: bool = True
    seen: int = 0
    """`stop` when following ended."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.stop <= self.first

    @property
    def unseen(self) -> int:
        """How many rows arrived since following ended."""
        return 0 if self.following else max(0, self.stop - self.seen)


def visible(window: Window, heights: Heights) -> list[tuple[int, int]]:
    """Return for each screen line its row and which of the row's lines it is."""
    shown: list[tuple[int, int]] = []
    row, line = window.top, window.skip
    while len(shown) < window.height and row < window.stop:
        shown.extend((row, at) for at in range(line, heights(row)))
        row, line = row + 1, 0
    return shown[: window.height]


def at_end(window: Window, heights: Heights) -> Window:
    """Show the newest rows and follow."""
    top, skip = _ending_with(window, window.stop, heights)
    last = max(window.first, window.stop - 1)
    return replace(window, top=top, skip=skip, cursor=last, following=True, seen=window.stop)


def at_start(window: Window, heights: Heights) -> Window:
    """Show the oldest rows."""
    return _settled(replace(held(window), top=window.first, skip=0, cursor=window.first), heights)


def held(window: Window) -> Window:
    """Follow no longer; what is shown stays."""
    return replace(window, following=False, seen=window.stop) if window.following else window


def grown(window: Window, first: int, stop: int, heights: Heights) -> Window:
    """Take in that there are other rows now; what is shown stays unless it was pruned."""
    window = replace(window, first=first, stop=stop)
    if window.following:
        return at_end(window, heights)
    if window.top < first:
        window = replace(window, top=first, skip=0)
    cursor = max(first, min(window.cursor, stop - 1))
    return _settled(replace(window, cursor=cursor), heights)


def resized(window: Window, height: int, heights: Heights) -> Window:
    """Take in another height, or other heights of rows; the cursor stays on screen."""
    window = replace(window, height=height)
    if window.following:
        return at_end(window, heights)
    skip = min(window.skip, heights(window.top) - 1) if window.top < window.stop else 0
    return revealed(_settled(replace(window, skip=skip), heights), window.cursor, heights)


def scrolled(window: Window, by: int, heights: Heights) -> Window:
    """Scroll by screen lines, down when positive; arriving at the end follows again."""
    top, skip = _stepped(window, by, heights)
    if by < 0:
        up = replace(window, top=top, skip=skip)
        return window if (top, skip) == (window.top, window.skip) else _carried(held(up), heights)
    return _put(window, top, skip, heights)


def dragged(window: Window, row: int, heights: Heights) -> Window:
    """Put a row at the upper edge, as the scrollbar asks; the end follows again."""
    return _put(window, max(window.first, min(row, window.stop - 1)), 0, heights)


def moved(window: Window, by: int, heights: Heights) -> Window:
    """Move the cursor by rows; onto the last one going down follows again."""
    row = max(window.first, min(window.cursor + by, window.stop - 1))
    if by > 0 and row >= window.stop - 1:
        return at_end(window, heights)
    return revealed(held(window), row, heights)


def revealed(window: Window, row: int, heights: Heights) -> Window:
    """Put the cursor on a row, scrolling no more than needed."""
    if window.empty:
        return window
    window = replace(window, cursor=row)
    if (row, 0) < (window.top, window.skip) or heights(row) >= window.height:
        return _settled(replace(window, top=row, skip=0), heights)
    ending = _ending_with(window, row + 1, heights)
    if ending > (window.top, window.skip):
        return replace(window, top=ending[0], skip=ending[1])
    return window


def centred(window: Window, row: int, heights: Heights) -> Window:
    """Put the cursor on a row; when it was off screen, a third of the window above it."""
    if any(shown == row for shown, _ in visible(window, heights)):
        return revealed(held(window), row, heights)
    window = replace(held(window), top=row, skip=0, cursor=row)
    top, skip = _stepped(window, -(window.height // 3), heights)
    return _settled(replace(window, top=top, skip=skip), heights)


def _put(window: Window, top: int, skip: int, heights: Heights) -> Window:
    if (top, skip) >= _ending_with(window, window.stop, heights):
        return at_end(window, heights)
    return _carried(replace(held(window), top=top, skip=skip), heights)


def _carried(window: Window, heights: Heights) -> Window:
    """Take the cursor along with the text that was scrolled."""
    shown = visible(window, heights)
    if not shown:
        return window
    return replace(window, cursor=max(shown[0][0], min(window.cursor, shown[-1][0])))


def _settled(window: Window, heights: Heights) -> Window:
    """Leave no empty lines below the last row while there are rows above the first shown."""
    end = _ending_with(window, window.stop, heights)
    if (window.top, window.skip) <= end:
        return window
    return replace(window, top=end[0], skip=end[1])


def _ending_with(window: Window, stop: int, heights: Heights) -> tuple[int, int]:
    """Return the top and skip that put the row before `stop` at the lower edge."""
    row, left = stop, window.height
    while left > 0 and row > window.first:
        row -= 1
        left -= heights(row)
    return row, max(0, -left)


def _stepped(window: Window, by: int, heights: Heights) -> tuple[int, int]:
    """Return the top and skip `by` screen lines away, within the rows."""
    row, skip = window.top, window.skip + by
    while skip < 0 and row > window.first:
        row -= 1
        skip += heights(row)
    while row < window.stop - 1 and skip >= heights(row):
        skip -= heights(row)
        row += 1
    return row, max(0, skip)
