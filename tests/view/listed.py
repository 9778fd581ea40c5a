"""Log lines in a list, for pictures that do not depend on a database."""

from array import array
from collections.abc import Callable, Iterator, Sequence

from tests.view.scripted import START
from tests.view.situations import CRASH_LINES
from tui.logs.moments import Moments
from tui.model.loglines import Level, LogFilter, LogLine, LogStream


class ListedLines:
    """Reads lines from a list; every filter lets all of them through."""

    def __init__(self, lines: Sequence[LogLine]) -> None:
        self._lines = {line.id: line for line in lines}

    def bounds(self) -> tuple[int, int]:
        return (min(self._lines), max(self._lines)) if self._lines else (0, 0)

    def lines(self, ids: Sequence[int]) -> list[LogLine]:
        return [self._lines[number] for number in ids if number in self._lines]

    def matching(
        self, wanted: LogFilter, start: int, stop: int, newest_first: bool = True
    ) -> Iterator["array[int]"]:
        numbers = sorted((n for n in self._lines if start <= n < stop), reverse=newest_first)
        yield array("q", numbers)

    def moments(self, ids: Sequence[int], since: int, until: int) -> Iterator[Moments]:
        lines = self.lines(ids)
        yield Moments(
            [line.id for line in lines],
            array("q", [line.time for line in lines]),
            bytes(line.level for line in lines),
        )

    def extent(self, ids: Sequence[int]) -> tuple[int, int] | None:
        times = [line.time for line in self.lines(ids)]
        return (min(times), max(times)) if times else None

    def pods(self) -> tuple[str, ...]:
        return tuple(sorted({line.pod for line in self._lines.values()}))

    def revisions(self) -> tuple[int, ...]:
        return tuple(sorted({line.revision for line in self._lines.values()}))

    def listen(self, heard: Callable[[], object]) -> None:
        pass


SAID = (
    ("127.0.0.1 GET /orders 200 7 ms", Level.INFO),
    ("127.0.0.1 GET /orders/{i} 200 3 ms", Level.INFO),
    ("slow query: 412 ms for orders of customer {i}", Level.WARNING),
    ("cache hit orders:{i}", Level.DEBUG),
)


def line(number: int, seconds: float, revision: int, pod: str, said: str, level: Level) -> LogLine:
    """Return a line said so many seconds before START."""
    time = int((START - seconds) * 1_000_000_000)
    stream: LogStream = "stderr" if level >= Level.ERROR else "stdout"
    return LogLine(number, time, revision, pod, "app", 0, stream, level, said)


def conversation(revision: int = 15) -> ListedLines:
    """Return what a healthy app with two pods said."""
    said = []
    for i in range(60):
        text, level = SAID[i % len(SAID)]
        pod = f"greeter-{revision}-{1 + i % 2}"
        said.append(line(i + 1, 40 - i * 0.6, revision, pod, text.format(i=i), level))
    return ListedLines(said)


def crash() -> ListedLines:
    """Return what an app said whose newest revision crashes."""
    reader = conversation()
    said = reader.lines(range(1, 61))
    for i, text in enumerate(CRASH_LINES):
        level = Level.ERROR if "Error" in text or i == 0 else Level.UNKNOWN
        said.append(line(61 + i, 3.0, 16, "greeter-16-1", text, level))
    return ListedLines(said)
