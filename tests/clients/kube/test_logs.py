"""Streams that a kubelet stops feeding; others are read in tests/integration/kube/test_logs.py."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import pytest

from tui.clients.kube.logs import LogReader
from tui.clients.kube.session import KubeSession


def log(*numbers: int) -> bytes:
    return b"".join(f"2021-01-02T03:04:{n:02}.000000001Z {n}\n".encode() for n in numbers)


class Stream:
    """An answer that goes on once somebody feeds it."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = asyncio.Queue[bytes]()
        for chunk in chunks:
            self.chunks.put_nowait(chunk)

    async def readany(self) -> bytes:
        return await self.chunks.get()


class Kubelet:
    """Has a log, and a stream of it that need not keep up."""

    def __init__(self, stream: Stream, has: bytes) -> None:
        self.has = has
        self.looked = asyncio.Event()
        self.whole: Stream | None = None
        """The log itself, where it does not come at once."""
        self._stream = stream

    @asynccontextmanager
    async def stream(
        self, path: str, query: Mapping[str, str], patience: float | None
    ) -> AsyncIterator[Stream]:
        assert (patience is None) == ("follow" in query)  # what is followed may stay silent
        if "follow" in query:
            yield self._stream
            return
        at_once = Stream(self.has[:20], self.has[20:], b"") if self.has else Stream(b"")
        yield self.whole or at_once
        self.looked.set()


def reader_of(kubelet: Kubelet) -> LogReader:
    return LogReader(cast("KubeSession", kubelet), "shop", "web", "main", silence=0.01)


async def test_a_stream_that_lags_behind_its_log_is_ended() -> None:
    stream = Stream(log(1, 2))
    reader = reader_of(Kubelet(stream, log(1, 2, 3)))
    async with asyncio.timeout(20):
        said = [line async for lines in reader.read(follow=True) for line in lines.messages]
    assert said == ["1", "2"]
    assert reader.lagged
    assert not reader.heard_out


@pytest.mark.parametrize(
    ("end", "heard_out"),
    [
        (b"", True),
        (b"rpc error: code = Unknown desc = Error: No such container: 4f1c", True),
        (b'rpc error: code = NotFound desc = ... to find container "4f1c": not found', True),
        (b"failed to create fsnotify watcher: too many open files", False),
        (log(3)[:-1], False),
    ],
)
async def test_a_stream_that_the_node_ended_with_its_container_was_heard_out(
    end: bytes, heard_out: bool
) -> None:
    reader = reader_of(Kubelet(Stream(log(1, 2), end, b""), b""))
    assert [lines.messages async for lines in reader.read(follow=True)] == [["1", "2"]]
    assert reader.heard_out is heard_out


async def test_a_log_that_was_not_followed_was_not_heard_out() -> None:
    reader = reader_of(Kubelet(Stream(), log(1, 2)))
    assert [lines.messages async for lines in reader.read()]
    assert not reader.heard_out


async def test_a_stream_that_lost_a_log_that_was_rotated_is_ended() -> None:
    reader = reader_of(Kubelet(Stream(log(1, 2)), log(7, 8)))
    async with asyncio.timeout(20):
        said = [line async for lines in reader.read(follow=True) for line in lines.messages]
    assert said == ["1", "2"]


@pytest.mark.timeout(30)
async def test_a_log_that_breaks_off_without_a_word_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.clients.kube.logs.PATIENCE", 0.1)
    kubelet = Kubelet(Stream(), b"")
    kubelet.whole = Stream(log(1, 2))
    reading = reader_of(kubelet).read()
    assert (await anext(reading)).messages == ["1", "2"]
    with pytest.raises(TimeoutError):
        await anext(reading)


async def test_a_stream_whose_log_says_nothing_either_is_kept() -> None:
    stream = Stream(log(1, 2))
    kubelet = Kubelet(stream, log(1, 2))
    said: list[str] = []

    async def read() -> None:
        async for lines in reader_of(kubelet).read(follow=True):
            said.extend(lines.messages)

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(read())
        await kubelet.looked.wait()
        kubelet.has = b""  # rotated, and nothing was said since
        kubelet.looked.clear()
        await kubelet.looked.wait()
        for chunk in (log(3), b""):
            stream.chunks.put_nowait(chunk)
    assert said == ["1", "2", "3"]
