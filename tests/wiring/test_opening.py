"""What an opened environment gives to the screen and to scripts."""

import threading
from pathlib import Path

import pytest

from tests.projects import write_server
from tui.model.loglines import LogBatch, LogRecord
from tui.wiring.opening import open_engine

pytestmark = pytest.mark.integration
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
