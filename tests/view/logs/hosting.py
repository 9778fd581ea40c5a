"""A real store with lines in it, and a small app around the pane."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.pilot import Pilot

from tui.logs.reader import LogReader
from tui.logs.retention import Limits
from tui.logs.store import LogStore
from tui.model.loglines import LogBatch, LogRecord, LogStream
from tui.view.logs.histogram.widget import Histogram
from tui.view.logs.pane import LogPane
from tui.view.logs.reading import Reading

NOON = 1_767_268_800_000_000_000
"""2026-01-01 12:00 UTC in nanoseconds."""
PATIENCE = 10.0


class PaneApp(App[None]):
    """Nothing but the log pane, with the cockpit's key for the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [("slash", "filter", "Filter"), ("escape", "outer", "")]

    def __init__(self, reader: Reading | None) -> None:
        super().__init__()
        self.pane = LogPane(reader, id="logs")
        self.escaped = 0

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def action_filter(self) -> None:
        self.pane.action_filter()

    def action_outer(self) -> None:
        self.escaped += 1


def record(
    message: str, at: int = 0, stream: LogStream = "stdout", pod: str = "app-1", revision: int = 1
) -> LogRecord:
    """A line said `at` milliseconds after noon."""
    return LogRecord(NOON + at * 1_000_000, revision, pod, "app", 0, stream, message)


def numbered(count: int, first: int = 0) -> list[LogRecord]:
    return [record(f"INFO line {n}", n) for n in range(first, first + count)]


@asynccontextmanager
async def writing(path: Path, records: Iterable[LogRecord] = ()) -> AsyncIterator[LogStore]:
    store = LogStore(path, Limits(days=36_500))
    store.start()
    try:
        await add(store, records)
        yield store
    finally:
        await store.close()


async def add(store: LogStore, records: Iterable[LogRecord]) -> None:
    store.put(LogBatch("", "", list(records)))
    await store.flush()


async def stored(path: Path, records: Iterable[LogRecord]) -> LogReader:
    async with writing(path, records):
        pass
    return LogReader(path)


@asynccontextmanager
async def shown(
    reader: Reading | None, size: tuple[int, int] = (100, 22)
) -> AsyncIterator[tuple[LogPane, Pilot[None]]]:
    app = PaneApp(reader)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.focused is app.pane.lines)
        above = 3 if size[0] >= 60 and size[1] >= 19 else 1
        await until(pilot, lambda: app.pane.lines.size.height == size[1] - above)
        yield app.pane, pilot


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("\n".join(texts(pilot.app.query_one(LogPane))))
        await asyncio.sleep(0.005)
        await pilot.pause()


def counted(pane: LogPane) -> bool:
    """Whether the histogram, where there is room for it, shows the lines there are."""
    histogram, rows = pane.query_one(Histogram), pane.lines.excerpt.rows
    if not histogram.display or rows.stop == rows.first:
        return True
    count = histogram._counter.count
    return count is not None and (count.aim.epoch, count.first, count.stop) == (
        pane.lines.excerpt.epoch,
        rows.first,
        rows.stop,
    )


def texts(pane: LogPane) -> list[str]:
    """What is on the screen lines of the log, without trailing spaces."""
    region = pane.lines.region
    strips = pane.screen._compositor.render_strips(pane.app.size)
    rows = strips[region.y : region.bottom]
    return [row.crop(region.x, region.right).text.rstrip() for row in rows]


def messages(pane: LogPane) -> list[str]:
    """The messages on screen, without gutter and badge; empty lines left out."""
    indent = pane.lines.look.columns.width
    rows = (text.partition("▼")[0] for text in texts(pane))
    said = (text if text.startswith("──") else text[indent:] for text in rows)
    return [text.rstrip("› ─") for text in said if text.strip()]


def heading(pane: LogPane) -> str:
    from tui.view.logs.heading import Heading, present_heading

    return present_heading(pane.query_one(Heading).facts, 120).plain


def cut_out(path: Path, first: int, last: int) -> None:
    """Take blocks of lines out of a database, as pruning does with the oldest."""
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM blocks WHERE first >= ? AND last <= ?", (first, last))
    connection.close()
