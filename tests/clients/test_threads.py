import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from tests.cluster import eventually
from tui.clients.threads import DaemonThreads


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return a name for the threads of one test: those of the one before may not have ended."""
    return str(request.node.name)


@pytest.fixture
def threads(name: str) -> Iterator[DaemonThreads]:
    """Return two threads at most."""
    one = DaemonThreads(2, name)
    yield one
    one.close()


def alive(name: str) -> int:
    return sum(thread.name == name for thread in threading.enumerate())


async def test_what_a_call_gives_or_raises_is_given_or_raised(threads: DaemonThreads) -> None:
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(threads, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await loop.run_in_executor(threads, divmod, 7, 0)


async def test_no_more_calls_are_made_at_once_than_there_may_be_threads(
    threads: DaemonThreads, name: str
) -> None:
    gate, begun = threading.Event(), list[int]()

    def work(number: int) -> None:
        begun.append(number)
        gate.wait(60)

    working = [threads.submit(work, number) for number in range(4)]
    await eventually(lambda: len(begun) == 2)
    assert alive(name) == 2
    gate.set()
    await eventually(lambda: all(one.done() for one in working))
    assert sorted(begun) == [0, 1, 2, 3]


async def test_closed_they_make_no_more_calls_and_end(threads: DaemonThreads, name: str) -> None:
    gate = threading.Event()
    working = [threads.submit(gate.wait, 60) for _ in range(2)]
    await eventually(lambda: all(one.running() for one in working))
    waiting = threads.submit(gate.wait, 60)
    threads.close()
    with pytest.raises(CancelledError):
        waiting.result(0)
    gate.set()
    await eventually(lambda: not alive(name))
    assert all(one.result(0) for one in working)
