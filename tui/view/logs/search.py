"""Search: the next line that matches, at any distance, within what the filter lets through."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tui.logs.finding import Search, search_for
from tui.model.frozen import frozen
from tui.model.loglines import LogFilter
from tui.view.logs.reading import Reading

SLICE = 32_000
CHECKED = 64
"""Lines read together to be checked against the filter."""


@frozen
class Quest:
    """What is searched, from where, and which way."""

    pattern: str
    wanted: LogFilter
    line: int
    """The id to start from; it is itself looked at last."""
    down: bool


@frozen
class Hit:
    """A line that matches."""

    line: int
    went_round: bool
    """Whether the search passed the end and went on from the other one."""


def compiled(pattern: str) -> Search:
    """Return the pattern as the store understands it; raises FaultError when it is none."""
    return search_for(pattern)


def find(reader: Reading, quest: Quest, stopped: Callable[[], bool]) -> Hit | None:
    """Return the next match, going round at the end; blocks, so it runs in a thread.

    Raises FaultError when the pattern is none or the store cannot be read.
    """
    oldest, newest = reader.bounds()
    above, below = (oldest, quest.line), (quest.line + 1, newest + 1)
    here = (quest.line, quest.line + 1)
    legs = (below, above, here) if quest.down else (above, below, here)
    for number, (start, stop) in enumerate(legs):
        for line in _matches(reader, quest, start, stop, stopped):
            return Hit(line, went_round=number > 0)
    return None


def _matches(
    reader: Reading, quest: Quest, start: int, stop: int, stopped: Callable[[], bool]
) -> Iterator[int]:
    searched = replace(quest.wanted, include=quest.pattern)
    include = compiled(quest.wanted.include) if quest.wanted.include else None
    for first, last in _slices(start, stop, down=quest.down):
        if stopped():
            return
        for ids in reader.matching(searched, first, last, newest_first=not quest.down):
            yield from _passing(reader, include, ids.tolist())


def _passing(reader: Reading, include: Search | None, ids: list[int]) -> Iterator[int]:
    if include is None:
        yield from ids
        return
    for at in range(0, len(ids), CHECKED):
        lines = reader.lines(ids[at : at + CHECKED])
        found = include.found_in([line.message for line in lines])
        yield from (line.id for line, is_found in zip(lines, found, strict=True) if is_found)


def _slices(start: int, stop: int, *, down: bool) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range of ids, so that a search can be stopped between two."""
    starts = range(start, stop, SLICE)
    if down:
        yield from ((at, min(at + SLICE, stop)) for at in starts)
    else:
        yield from ((max(start, at - SLICE), at) for at in range(stop, start, -SLICE))
