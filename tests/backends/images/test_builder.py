import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import eventually
from tui.backends.images.builder import ImageBuilder
from tui.backends.images.contexts import Contexts
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.ports.telling import Steps


async def test_a_cancelled_build_ends_once_its_context_is_let_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go = threading.Event(), threading.Event()
    take = Contexts.take

    def take_later(*arguments: Any) -> object:
        began.set()
        go.wait()
        return take(*arguments)

    monkeypatch.setattr(Contexts, "take", take_later)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    builder = ImageBuilder(tmp_path, tmp_path / "state", Engine(environ={}))
    environment = Environment("development", "greeter")
    building = asyncio.create_task(builder.build(environment, Steps(1, "build", lambda _: None)))
    await eventually(began.is_set)
    building.cancel()
    await asyncio.wait([building], timeout=0.05)
    over = building.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert not over
    assert list((tmp_path / "state" / "images").iterdir())
