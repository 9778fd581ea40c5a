"""Finding the lines of a block that a filter wants. Pure.

The expression runs over the joined text of a block, not line by line. A hit there is looked at
again in its own line, since a match might reach over a line feed; after a hit that was none the
search goes on at the next line, so that no line's own match is passed over. Expressions that look
around or ask for the ends of the text could be wrong about that: they are run line by line.

An expression that backtracks may take longer than anyone lives. Where that cannot be ruled out by
how often it repeats and by how long the lines are, it is run with a limit of time and with the
interpreter let go, so that the screen goes on; beyond the limit the search is given up with a
fault. (The limit costs some microseconds a call: harmless expressions run without.)
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tui.logs.blocks import Block
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.loglines import Level, LogFilter

if TYPE_CHECKING:
    import regex

LINE_BY_LINE = re.compile(r"\\[AZBzGxuUN0-7]|\(\?(?!:|P<|P=)|\\n|\[\^|\\[DW]|[*+?}]\+")
UPPER = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]")
LEADING = re.compile(r"(?:\.[*]\??)+")
REPEAT = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d*,\d*\})")
GROUP_REPEAT = re.compile(r"\)\s*[*+{]")
HARMLESS = 10_000_000
"""Steps that take no more than a moment."""
LIMIT = 1.0
"""Seconds in which a block must have been searched."""
GLANCE = 0.005
"""Seconds in which a line must be searched that is to be painted."""

Find = Callable[[str, int], "regex.Match[str] | None"]


@frozen
class Search:
    """An expression, ready to be run over lines.

    Without an upper-case letter in it case does not matter: then it runs over the lower-cased text,
    many times faster than the flag would make it.
    """

    expression: str
    pattern: "regex.Pattern[str]"
    line_pattern: "regex.Pattern[str]"
    lowers: bool
    by_line: bool

    def lines(self, block: Block) -> Iterator[int]:
        """Yield the indexes of lines in which it is found, rising.

        Raises FaultError when that takes too long.
        """
        by_line = self.by_line or (self.lowers and not block.text.isascii())
        find = self._finder(self.line_pattern if by_line else self.pattern, block.messages)
        try:
            if by_line:
                yield from (at for at, text in enumerate(block.messages) if find(text, 0))
            else:
                yield from _hits(block.text.lower() if self.lowers else block.text, find)
        except TimeoutError as error:
            raise FaultError(_slow(self.expression)) from error

    def found_in(self, messages: Sequence[str]) -> list[bool]:
        """Return for each line whether it is found there; raises FaultError as `lines` does."""
        find = self._finder(self.line_pattern, messages)
        try:
            return [find(text, 0) is not None for text in messages]
        except TimeoutError as error:
            raise FaultError(_slow(self.expression)) from error

    def spans(self, text: str, start: int = 0) -> Iterator[tuple[int, int]]:
        """Yield where it is found in a line to be painted, as far as a glance tells."""
        with contextlib.suppress(TimeoutError):
            for match in self.line_pattern.finditer(text, start, timeout=GLANCE):
                yield match.span()

    def may_hang(self, longest: int) -> bool:
        """Whether it may take more than a moment on a line of so many characters."""
        if GROUP_REPEAT.search(self.expression):
            return True
        repeats = len(REPEAT.findall(self.expression))
        return repeats > 0 and longest ** (repeats + 1) > HARMLESS

    def _finder(self, pattern: "regex.Pattern[str]", messages: Sequence[str]) -> Find:
        """Return how to search these lines: as fast as it goes, or with an eye on the clock."""
        if not self.may_hang(max(map(len, messages), default=0)):
            return pattern.search
        until = time.monotonic() + LIMIT

        def find(text: str, position: int) -> "regex.Match[str] | None":
            left = max(until - time.monotonic(), 0.001)
            return pattern.search(text, position, timeout=left, concurrent=True)

        return find


def _hits(text: str, find: Find) -> Iterator[int]:
    """Yield the indexes of the lines of a joined text in which something is found."""
    position, line = 0, 0
    while (match := find(text, position)) is not None:
        start = text.rfind("\n", position, match.start()) + 1 or position
        line += text.count("\n", position, match.start())
        end = text.find("\n", match.start())
        end = len(text) if end < 0 else end
        if match.end() <= end or find(text[start:end], 0):
            yield line
        position, line = end + 1, line + 1
        if position > len(text):
            return


def search_for(expression: str) -> Search:
    """Compile an expression; raises FaultError when it is none."""
    import regex  # takes its time, and most who open the cockpit filter nothing

    whole = expression
    expression = expression[match.end() :] if (match := LEADING.match(expression)) else expression
    lowers = UPPER.search(expression) is None
    flags = regex.MULTILINE
    try:
        line_pattern = regex.compile(expression, flags | (regex.IGNORECASE if lowers else 0))
        pattern = regex.compile(expression, flags)
    except (regex.error, OverflowError, RecursionError) as error:
        raise FaultError(_invalid(expression, error)) from error
    by_line = LINE_BY_LINE.search(expression) is not None or bool(line_pattern.search(""))
    return Search(whole, pattern, line_pattern, lowers, by_line)


@frozen
class Query:
    """A filter with its expressions compiled."""

    wanted: LogFilter
    include: Search | None
    exclude: Search | None

    @property
    def searches(self) -> bool:
        """Whether it looks into the messages."""
        return self.include is not None or self.exclude is not None


def query_for(wanted: LogFilter) -> Query:
    """Compile a filter; raises FaultError when an expression of it is none."""
    return Query(
        wanted,
        search_for(wanted.include) if wanted.include else None,
        search_for(wanted.exclude) if wanted.exclude else None,
    )


def wanted_lines(block: Block, query: Query, origins: set[int]) -> list[int]:
    """Return the indexes of the lines that pass the filter, rising.

    `origins` are the numbers of those the filter lets pass.
    """
    wanted, include, exclude = query.wanted, query.include, query.exclude
    found = list(include.lines(block)) if include else list(range(len(block)))
    if exclude is not None:
        out = set(exclude.lines(block))
        found = [at for at in found if at not in out]
    if wanted.level > Level.TRACE:
        levels, least = block.levels, wanted.level
        found = [at for at in found if levels[at] >= least or not levels[at]]
    if not origins >= block.said_by:
        found = [at for at in found if block.origins[at] in origins]
    if wanted.since or wanted.until:
        until = wanted.until or 1 << 62
        found = [at for at in found if wanted.since <= block.times[at] <= until]
    return found


def _slow(expression: str) -> Fault:
    return Fault(
        "log-filter-slow",
        f"{expression!r} takes too long on these lines: given up",
        kind="usage",
        remedy="make it simpler: every `*` and `+` less makes it much faster",
    )


def _invalid(expression: str, error: Exception) -> Fault:
    position = getattr(error, "pos", None)
    where = f" at position {position + 1}" if position is not None else ""
    return Fault(
        "log-filter-invalid",
        f"{expression!r} is no regular expression: {getattr(error, 'msg', error)}{where}",
        kind="usage",
        remedy="correct it; put a backslash before a character that is meant as it is",
    )
