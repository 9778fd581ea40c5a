import pytest

from tests.cluster import eventually
from tests.engine.scripted import ListSink, Scene, gather, until
from tui.model import events as e
from tui.model.commands import Delete
from tui.model.state import Disk


class ChangingSink(ListSink):
    """Takes another size at each look, the last one from then on."""

    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.sizes = list(sizes)

    def size(self) -> int:
        return self.sizes.pop(0) if len(self.sizes) > 1 else self.sizes[0]


async def test_what_the_log_takes_is_told_again_when_it_changed_notably(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.housekeeping.LOOK", 0.01)
    sink = ChangingSink(0, 1000, 1050, 950, 1100, 1101, 1000, 990, 4_000_000, 5)
    async with Scene(sink=sink).engine() as engine:
        told = await gather(engine, e.DiskMeasured, 6)
    assert told == [e.DiskMeasured(1, 2, logs) for logs in (0, 1000, 1101, 990, 4_000_000, 5)]


async def test_what_was_deleted_is_not_told_again_with_what_the_log_takes_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.engine.housekeeping.LOOK", 0.01)
    sink = ChangingSink(1000)
    async with Scene(sink=sink).engine() as engine:
        await until(engine, e.DiskMeasured)
        engine.submit(Delete())
        await until(engine, e.EnvironmentDeleted)
        sink.sizes = [5]
        await eventually(lambda: engine.state.disk.logs == 5)
        assert engine.state.disk == Disk(logs=5)
