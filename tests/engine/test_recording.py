import asyncio

from tests.cluster import eventually
from tests.engine.scripted import Scene, ScriptedBackend, until
from tui.model import events as e
from tui.model.commands import Cancel, Up
from tui.model.releases import Release


class Slow(ScriptedBackend):
    """Records nothing before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.recording, self.hold_record = asyncio.Event(), asyncio.Event()

    async def record(self, release: Release) -> None:
        self.recording.set()
        await self.hold_record.wait()
        await super().record(release)


async def test_the_lock_is_held_until_an_outcome_is_recorded_also_where_that_is_cancelled() -> None:
    scene = Scene(backend=(backend := Slow()))
    async with scene.engine() as engine:
        engine.submit(Up())
        await backend.recording.wait()
        engine.submit(Cancel())
        ended = asyncio.create_task(until(engine, e.IterationFinished))
        await asyncio.wait([ended], timeout=0.05)
        assert scene.lock.held
        backend.hold_record.set()
        await ended
        await eventually(lambda: not scene.lock.held)
    assert backend.recorded[1].outcome == "ready"
