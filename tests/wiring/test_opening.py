"""What an opened environment gives to the screen and to scripts."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.projects import write_server
from tui.cli.session import carry_out
from tui.model.commands import Delete, Up
from tui.model.events import EnvironmentDeleted
from tui.model.loglines import LogBatch, LogFilter, LogRecord
from tui.wiring.opening import Opened, open_engine

pytestmark = pytest.mark.integration
PATIENCE = 20.0
LINE = LogRecord(1, 1, "app-1", "app", 0, "stdout", "INFO hello")


async def test_who_reads_its_log_is_told_when_lines_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    heard = threading.Event()
    project = write_server(tmp_path / "greeter")
    async with open_engine(project, "development", watch=False) as opened:
        opened.logs.listen(heard.set)
        opened.store.put(LogBatch("", "", [LINE]))
        await opened.store.flush()
        assert heard.is_set()


async def test_an_environment_brought_up_after_its_deletion_has_its_own_log_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    project = write_server(tmp_path / "greeter")
    async with open_engine(project, "development", watch=False) as opened:
        try:
            await carry_out(opened.engine, Up())
            await logged(opened, "listening")
            await deleted(opened)
            await carry_out(opened.engine, Up())
            await logged(opened, "listening")
            assert not found(opened, "iteration 1 ")
            assert not opened.engine.state.deleted
        finally:
            await deleted(opened)


async def deleted(opened: Opened) -> None:
    subscription = opened.engine.subscribe()
    opened.engine.submit(Delete())
    async with asyncio.timeout(PATIENCE):
        while not any(isinstance(s.event, EnvironmentDeleted) for s in await subscription.wait()):
            pass
    subscription.close()


async def logged(opened: Opened, text: str) -> None:
    """Wait for the app's line in the store."""
    loop, wrote = asyncio.get_running_loop(), asyncio.Event()
    opened.logs.listen(lambda: loop.call_soon_threadsafe(wrote.set))
    async with asyncio.timeout(PATIENCE):
        while not found(opened, text):
            await wrote.wait()
            wrote.clear()


def found(opened: Opened, text: str) -> list[str]:
    blocks = opened.logs.found(LogFilter(include=text), 1, 10_000)
    return [line.message for block in blocks for line in block.lines()]
