"""Finding the lines of a block that a filter wants. Pure.

The expression runs over the joined text of a block, not line by line. A hit there is looked at
again in its own line, since a match might reach over a line feed; after a hit that was none the
search goes on at the next line, so that no line's own match is passed over. Expressions that look
around or ask for the ends of the text could be wrong about that: they are run line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.logs.blocks import Block
from tui.model.faults import Fault, FaultError
from tui.model.loglines import Level, LogFilter

LINE_BY_LINE = re.compile(r"\\[AZBzGxuUN0-7]|\(\?(?!:|P<|P=)|\\n|\[\^|\\[DW]|[*+?}]\+")
UPPER = re.compile(r"(?<!\\)(?:\\\\)*[A-Z]")
LEADING = re.compile(r"(?:\.[*]\??)+")
NESTED = re.compile(r"\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)\s*(?:[*+]|\{\d+,)")
"""A repeat of a repeat: on a line that nearly matches it may take longer than anyone lives, and the
interpreter does nothing else meanwhile."""


@dataclass(frozen=True, slots=True)
class Search:
    """An expression, ready to be run over lines.

    Without an upper-case letter in it case does not matter: then it runs over the lower-cased text,
    many times faster than the flag would make it.
    """

    pattern: re.Pattern[str]
    line_pattern: re.Pattern[str]
    lowers: bool
    by_line: bool

    def lines(self, block: Block) -> Iterator[int]:
        """Yield the indexes of lines in which it is found, rising."""
        if self.by_line or (self.lowers and not block.text.isascii()):
            yield from (
                at for at, text in enumerate(block.messages) if self.line_pattern.search(text)
            )
            return
        text = block.text.lower() if self.lowers else block.text
        yield from self._hits(text)

    def _hits(self, text: str) -> Iterator[int]:
        position, line = 0, 0
        while (match := self.pattern.search(text, position)) is not None:
            start = text.rfind("\n", position, match.start()) + 1 or position
            line += text.count("\n", position, match.start())
            end = text.find("\n", match.start())
            end = len(text) if end < 0 else end
            if match.end() <= end or self.pattern.search(text[start:end]):
                yield line
            position, line = end + 1, line + 1
            if position > len(text):
                return


def search_for(expression: str) -> Search:
    """Compile an expression; raises FaultError when it is none."""
    if NESTED.search(expression):
        raise FaultError(_endless(expression))
    expression = expression[match.end() :] if (match := LEADING.match(expression)) else expression
    lowers = UPPER.search(expression) is None
    flags = re.MULTILINE
    try:
        line_pattern = re.compile(expression, flags | (re.IGNORECASE if lowers else 0))
        pattern = re.compile(expression, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise FaultError(_invalid(expression, error)) from error
    by_line = LINE_BY_LINE.search(expression) is not None or bool(line_pattern.search(""))
    return Search(pattern, line_pattern, lowers, by_line)


@dataclass(frozen=True, slots=True)
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
    found = [at for at in found if block.origins[at] in origins]
    if wanted.since or wanted.until:
        until = wanted.until or 1 << 62
        found = [at for at in found if wanted.since <= block.times[at] <= until]
    return found


def _endless(expression: str) -> Fault:
    return Fault(
        "log-filter-invalid",
        f"{expression!r} repeats a repeat: it could take for ever on a single line",
        kind="usage",
        remedy="leave one of the two repeats out",
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
