import asyncio
import weakref

from tests.cluster import eventually
from tui.engine.background import Background
from tui.engine.bus import Bus


async def test_nothing_is_kept_of_what_is_done() -> None:
    background, done = Background(Bus()), asyncio.Event()

    async def work() -> None:
        done.set()

    background.begin("working", work())
    (task,) = (weakref.ref(one) for one in asyncio.all_tasks() if one.get_name() == "working")
    await done.wait()
    await eventually(lambda: task() is None)
    await background.close()
