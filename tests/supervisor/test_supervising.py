"""Looking round, where the disk is in the way."""

import asyncio
from pathlib import Path

import pytest

from tests.cluster import eventually
from tui.supervisor import supervising
from tui.supervisor.processes import Processes
from tui.supervisor.supervising import Supervisor


async def test_a_socket_that_cannot_be_made_again_does_not_end_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def no_room(folder: Path) -> None:
        nonlocal tries
        tries += 1
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr(supervising, "LOOK_ROUND", 0.01)
    monkeypatch.setattr(supervising, "IDLE_ROUNDS", 1_000_000)
    monkeypatch.setattr(supervising, "private_folder", no_room)
    supervisor = Supervisor(tmp_path, Processes(tmp_path))
    looking = asyncio.create_task(supervisor._look_round())
    await eventually(lambda: tries > 1 or looking.done())
    assert not looking.done()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
