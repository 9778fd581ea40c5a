"""Scale: which time each bar of the histogram stands for. Pure.

Times are Unix times in nanoseconds. A bar is one slot of a tally: as wide as a round number of
milliseconds up to days, so that bars do not change what they stand for while lines arrive.
"""

from tui.model.frozen import frozen

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
WIDTHS = (
    *(n * SECOND // 1000 for n in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(n * SECOND for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * MINUTE for n in (1, 2, 5, 10, 15, 20, 30)),
    *(n * HOUR for n in (1, 2, 3, 4, 6, 12)),
    *(
        n * DAY
        for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
    ),
)
ALL = 1 << 64
"""A span longer than any there is."""
SPANS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, ALL)
"""What the histogram can be asked to show."""
RECENT = 15 * MINUTE

Extent = tuple[int, int]
"""The oldest and the newest time."""


@frozen
class Scale:
    """Bars of equal width, one beside the other."""

    width: int
    first: int
    """The slot of the first bar."""
    bars: int

    @property
    def begin(self) -> int:
        """When the first bar begins."""
        return self.first * self.width

    @property
    def end(self) -> int:
        """When the last bar ends, itself not in it."""
        return (self.first + self.bars) * self.width

    @property
    def slots(self) -> range:
        """The slot of each bar."""
        return range(self.first, self.first + self.bars)

    def bar_at(self, time: int) -> int:
        """Return the bar of a time, counted from 0; there may be no such bar."""
        return time // self.width - self.first

    def nearest_bar(self, time: int) -> int:
        """Return the bar of a time, -1 for all before the first, the last for all after it.

        Lines that have just come are not counted yet: the last bar is the nearest to them.
        """
        return max(-1, min(self.bar_at(time), self.bars - 1))

    def holds(self, time: int) -> bool:
        """Whether there is a bar for a time."""
        return self.begin <= time < self.end

    def times_of(self, bar: int) -> tuple[int, int]:
        """Return when a bar begins and ends, the end not in it."""
        begin = (self.first + bar) * self.width
        return begin, begin + self.width


def width_for(span: int, bars: int) -> int:
    """Return the least round width at which a span of time fits, wherever it begins."""
    return next((width for width in WIDTHS if width * (bars - 1) >= span), WIDTHS[-1])


def scale_for(extent: Extent, place: int, span: int, bars: int) -> Scale:
    """Return the scale for lines of this extent, of which the reader is at `place`.

    It ends at the newest line. Where the span does not reach back to the reader's place, or the
    clock was set back, the place is in its middle.
    """
    oldest, newest = min(extent[0], place), max(extent[1], place)
    width = width_for(min(span, newest - oldest), bars)
    end = newest if place >= newest - span else min(newest, place + span // 2)
    return Scale(width, end // width - bars + 1, bars)


def stepped(span: int, by: int) -> int:
    """Return the next longer span, or a shorter one for a negative step."""
    return SPANS[max(0, min(SPANS.index(span) + by, len(SPANS) - 1))]


def present_span(span: int) -> str:
    """Return a span in words."""
    return "all the time there is" if span == ALL else f"the last {present_width(span)}"


def present_width(width: int) -> str:
    """Return a round time in its largest unit: `500 ms`, `10 s`, `5 min`, `1 h`, `2 d`."""
    units = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (SECOND // 1000, "ms"))
    unit, name = next((unit, name) for unit, name in units if width >= unit)
    return f"{width // unit} {name}"
