import asyncio
from pathlib import Path

import pytest

from tests.gates import Gate, cancelled_at
from tui.backends.images.builder import ImageBuilder
from tui.backends.images.contexts import Contexts
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.ports.telling import Steps


async def test_a_cancelled_build_ends_once_its_context_is_let_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    monkeypatch.setattr(Contexts, "take", gate.before(Contexts.take))
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    builder = ImageBuilder(tmp_path, tmp_path / "state", Engine(environ={}))
    environment = Environment("development", "greeter")
    building = asyncio.create_task(builder.build(environment, Steps(1, "build", lambda _: None)))
    await cancelled_at(gate, building)
    assert list((tmp_path / "state" / "images").iterdir())
