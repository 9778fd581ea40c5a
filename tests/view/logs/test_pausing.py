"""How often the feed looks: briskly while lines come, rarely in a flood, in a lull when told."""

from pathlib import Path

import pytest

from tests.view.logs.hosting import add, messages, numbered, shown, until, writing
from tui.logs.reader import LogReader
from tui.view.logs import feed
from tui.view.logs.feed import (
    FLOOD,
    FLOOD_POLL,
    LULL,
    LULL_POLL,
    PATIENCE,
    POLL,
    SLOW_POLL,
    pause_after,
)

NEVER = 3600.0


def test_looks_become_rarer_the_longer_nothing_comes() -> None:
    pauses = [pause_after(quiet, 1) for quiet in range(LULL + 10)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[PATIENCE], pauses[-1]) == (POLL, SLOW_POLL, LULL_POLL)


def test_a_flood_is_looked_at_more_rarely() -> None:
    assert pause_after(0, FLOOD) == FLOOD_POLL
    assert pause_after(0, FLOOD - 1) == POLL


async def test_after_a_lull_lines_of_this_process_are_shown_as_soon_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "pause_after", lambda *_: NEVER)
    monkeypatch.setattr(feed, "PATIENCE", 0)
    reader = LogReader(tmp_path / "logs.db")
    async with writing(tmp_path / "logs.db", numbered(3)) as store, shown(reader) as (pane, pilot):
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 2"])
        store.on_written = reader.written
        await add(store, numbered(2, 3))
        await until(pilot, lambda: messages(pane)[-1:] == ["INFO line 4"])
