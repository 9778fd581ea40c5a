"""A replica whose start the system refuses."""

import asyncio
import errno
from pathlib import Path

import pytest

from tests.cluster import eventually
from tui.supervisor import replica
from tui.supervisor.protocol import App
from tui.supervisor.reaping import Reaper
from tui.supervisor.replica import ProcessReplica, Site
from tui.supervisor.spool import SpoolWriter


async def test_a_replica_for_which_there_is_no_port_is_started_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_files() -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(replica, "free_port", no_more_files)
    changed = asyncio.Event()
    site = Site("environment", SpoolWriter(tmp_path / "spool", lambda: None), Reaper())
    app = App(1, "greeter", ("true",), (), str(tmp_path))
    one = ProcessReplica(app, 1, site, changed.set)
    await eventually(lambda: one.pod().containers[0].waiting == "CrashLoopBackOff")
    last = one.pod().containers[0].last
    assert last is not None
    assert last.message == "true: Too many open files"
    await one.stop()
