"""Presenting the histogram: a row of bars, and an axis with what is to be found there. Pure.

Colour repeats what the axis says: `✖` under bars with errors, a heavy line under those whose lines
are on the screen, `┊` and its number where a revision was begun.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from rich.cells import set_cell_size
from textual.content import Content

from tui.logs.tally import Bar
from tui.model.frozen import frozen
from tui.model.printing import SPARKS
from tui.view.logs.gutter import present_time
from tui.view.logs.histogram.scale import DAY, MINUTE, SECOND, Scale, present_width
from tui.view.present import clock

LEFT, RIGHT = 16, 14
"""Cells beside the bars, one of each a space."""
LOUDEST = 4
"""Lines up to which no bar is full."""
MUTED, LINES, WARNINGS, ERRORS = "$foreground 60%", "$primary", "$text-warning", "bold $text-error"
AXIS, ON_SCREEN, RELEASE = "$foreground 30%", "$foreground", "bold $text-accent"

Cell = tuple[str, str]
"""A character and its style."""


@frozen
class Picture:
    """What the histogram shows."""

    scale: Scale
    bars: tuple[Bar, ...]
    newest: int
    """The time of the newest line there is."""
    on_screen: tuple[int, int] = (-1, -1)
    """The first and the last bar whose lines are on the screen; there may be no such bars."""
    releases: tuple[tuple[int, int], ...] = ()
    """At which bar which revision was begun, in that order."""
    scanning: int | None = None
    """How many per cent of the store were looked at, while a filter is at it."""


def present_histogram(picture: Picture) -> Content:
    """Return the two rows."""
    left = present_progress(picture)
    begin, end = present_ends(picture)
    return Content.assemble(
        *_beside(left, bar_cells(picture.bars), present_counts(picture.bars)),
        "\n",
        *_beside(begin, axis_cells(picture), [(end, MUTED)]),
    )


def bar_cells(bars: Iterable[Bar]) -> list[Cell]:
    """Return a bar for each, the tallest the highest; one with lines is never invisible."""
    bars = list(bars)
    peak = max(LOUDEST, *(bar.lines for bar in bars))
    return [(_bar(bar.lines, peak), _style(bar)) for bar in bars]


def axis_cells(picture: Picture) -> list[Cell]:
    """Return what stands below each bar; errors go before all else."""
    cells: list[Cell] = [("─", AXIS)] * len(picture.bars)
    first, last = picture.on_screen
    for bar in range(max(0, first), min(last + 1, len(cells))):
        cells[bar] = ("━", ON_SCREEN)
    errors = {bar for bar, counted in enumerate(picture.bars) if counted.errors}
    taken = set(errors)
    for bar, revision in reversed(picture.releases):
        for at, character in list(_release(bar, str(revision), taken, cells)):
            cells[at] = (character, RELEASE)
            taken.add(at)
    for bar in errors:
        cells[bar] = ("✖", f"{ERRORS} reverse" if first <= bar <= last else ERRORS)
    return cells


def present_bar(picture: Picture, bar: int) -> str:
    """Return in words what a bar stands for."""
    counted, (begin, end) = picture.bars[bar], picture.scale.times_of(bar)
    width, dated = picture.scale.width, day(begin) != day(picture.newest)
    kinds = (("error", counted.errors), ("warning", counted.warnings))
    of = [f"{count:,} {kind}{'s' * (count != 1)}" for kind, count in kinds if count]
    return "\n".join(
        [
            f"{present_moment(begin, width, dated)} to {present_moment(end, width, dated)}",
            f"{counted.lines:,} line{'s' * (counted.lines != 1)}",
            *of,
            *(f"revision {number} was begun" for at, number in picture.releases if at == bar),
        ]
    )


def present_progress(picture: Picture) -> str:
    """Return how many lines the tallest bar stands for, or how far they are found."""
    if picture.scanning is not None:
        return f"scanning {picture.scanning} %"
    peak = max(bar.lines for bar in picture.bars)
    return f"max {short(peak)}/{present_width(picture.scale.width)}"


def present_counts(bars: Iterable[Bar]) -> list[Cell]:
    """Return how many errors and warnings there are in all."""
    warnings, errors = (sum(counts) for counts in list(zip(*bars, strict=True))[1:])
    said = ((f"✖ {short(errors)} ", ERRORS), (f"! {short(warnings)}", WARNINGS))
    return [part for part, count in zip(said, (errors, warnings), strict=True) if count]


def present_ends(picture: Picture) -> tuple[str, str]:
    """Return when the bars begin and end; the last one ends with the newest line."""
    scale = picture.scale
    end = min(picture.newest, scale.end) if scale.holds(picture.newest) else scale.end
    dated = day(scale.begin) != day(picture.newest)
    return present_moment(scale.begin, scale.width, dated), present_moment(end, scale.width, dated)


def present_moment(time: int, width: int, dated: bool) -> str:
    """Return a time as exactly as bars of this width ask for."""
    if width >= DAY:
        return clock(time / SECOND, "%Y-%m-%d")
    if dated:
        return clock(time / SECOND, "%b %d %H:%M")
    if width >= MINUTE:
        return clock(time / SECOND, "%H:%M")
    return clock(time / SECOND) if width >= SECOND // 50 else present_time(time)


def short(count: int) -> str:
    """Return a number in four characters at most: `950`, `1.2k`, `12k`, `3.4M`."""
    for unit, size in (("", 1), ("k", 1_000), ("M", 1_000_000)):
        if count < 1000 * size:
            whole, rest = divmod(count * 10 // size, 10)
            return f"{whole}.{rest}{unit}" if unit and whole < 10 else f"{whole}{unit}"
    return f"{count // 10**9}G"


def day(time: int) -> str:
    """Return the local day of a time."""
    return clock(time / SECOND, "%Y-%m-%d")


def _bar(lines: int, peak: int) -> str:
    return SPARKS[-(-lines * len(SPARKS) // peak) - 1] if lines else " "


def _style(bar: Bar) -> str:
    return ERRORS if bar.errors else WARNINGS if bar.warnings else LINES


def _release(
    bar: int, number: str, taken: set[int], cells: Sequence[Cell]
) -> Iterator[tuple[int, str]]:
    """Yield the characters of a revision's mark and their places: those that are not taken.

    Two numbers side by side would read as one.
    """
    free = range(len(cells))
    if bar not in free:
        return
    if bar not in taken:
        yield bar, "┊"
    for first in (bar + 1, bar - len(number)):
        places = range(first, first + len(number))
        beside = (at for at in (places.start - 1, places.stop) if at in free)
        if any(cells[at][0].isdigit() for at in beside):
            continue
        if all(at in free and at not in taken for at in places):
            yield from zip(places, number, strict=True)
            return


def _beside(left: str, cells: list[Cell], right: list[Cell]) -> Iterator[Cell]:
    """Yield the parts of a row: texts beside what stands for each bar."""
    yield set_cell_size(left, LEFT - 1) + " ", MUTED
    for style, run in groupby(cells, itemgetter(1)):
        yield "".join(character for character, _ in run), style
    yield " ", MUTED
    yield from right
