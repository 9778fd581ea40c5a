"""Counting: what the histogram shows of the lines, and when it has to be counted anew. No screen.

Lines are counted in a thread: all that are chosen at first, later only those that arrived, as long
as the scale stays the same or moves on. A count never changes, so that thread and screen share
nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui.logs.moments import ALWAYS
from tui.logs.tally import Tally
from tui.model.frozen import frozen
from tui.view.logs.histogram.scale import Extent, Scale, scale_for
from tui.view.logs.reading import Reading
from tui.view.logs.rows import Rows

PRUNED = 10
"""One part in so many of the lines counted may be gone before the rest is counted anew."""


@frozen
class Aim:
    """What is to be counted for."""

    epoch: int
    """Of the rows; with another one other lines are chosen."""
    span: int
    bars: int
    following: bool
    place: int
    """The time of the line that the reader is at."""

    def agrees(self, other: "Aim") -> bool:
        """Whether a count for the other one may be gone on with."""
        return (self.epoch, self.span, self.bars) == (other.epoch, other.span, other.bars)


@frozen
class Count:
    """What was counted."""

    aim: Aim
    first: int
    """The first row counted."""
    stop: int
    """One beyond the last row counted."""
    extent: Extent
    scale: Scale
    tally: Tally
    open: bool
    """Whether all lines since the scale's beginning were counted, and not only those it holds."""


@frozen
class Order:
    """What a thread is to count."""

    aim: Aim
    stop: int
    ids: Sequence[int]
    """All there are, or with `before` those that it does not count."""
    before: Count | None = None


def order_for(count: Count | None, aim: Aim, rows: Rows) -> Order | None:
    """Return what is to be counted of the rows there are now; None when nothing is."""
    if rows.stop == rows.first:
        return None
    if count is None or not _continues(count, aim, rows.first):
        return Order(aim, rows.stop, rows.ids(rows.first, rows.stop))
    if not aim.following or rows.stop <= count.stop:
        return None  # a reader who holds the lines still holds their picture, too
    return Order(aim, rows.stop, rows.ids(max(rows.first, count.stop), rows.stop), count)


def _continues(count: Count, aim: Aim, first: int) -> bool:
    """Whether a count holds for where the reader is, but for what arrived since."""
    return (
        count.aim.agrees(aim)
        and 0 <= first - count.first <= (count.stop - count.first) // PRUNED
        and (count.open if aim.following else count.scale.holds(aim.place))
    )


def count_lines(reader: Reading, order: Order, stopped: Callable[[], bool]) -> Count | None:
    """Count; None when it was stopped, or when what was counted before is of no use any more.

    Blocks, so it runs in a thread.
    """
    if order.before is not None:
        return _go_on(reader, order, order.before, stopped)
    extent = reader.extent(order.ids)
    if extent is None:
        return None
    aim = order.aim
    scale = scale_for(extent, aim.place, aim.span, aim.bars)
    to_the_end = scale.holds(max(extent[1], aim.place))
    until = ALWAYS[1] if to_the_end else scale.end
    tally = Tally(scale.width)
    for moments in reader.moments(order.ids, scale.begin, until):
        if stopped():
            return None
        tally.add(moments)
    first = order.stop - len(order.ids)
    return Count(aim, first, order.stop, extent, scale, tally.since(scale.first), to_the_end)


def _go_on(
    reader: Reading, order: Order, before: Count, stopped: Callable[[], bool]
) -> Count | None:
    """Count what arrived, unless it asks for another scale."""
    tally, extent = before.tally.since(before.scale.first), before.extent
    for moments in reader.moments(order.ids, *ALWAYS):
        if stopped():
            return None
        tally.add(moments)
        times = (*extent, *moments.times)
        extent = min(times), max(times)
    aim = order.aim
    scale = scale_for(extent, aim.place, aim.span, aim.bars)
    if scale.width != before.scale.width or scale.first < before.scale.first:
        return None
    return replace(
        before,
        aim=aim,
        stop=order.stop,
        extent=extent,
        scale=scale,
        tally=tally.since(scale.first),
    )
