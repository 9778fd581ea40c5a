"""Threads that stand at a gate until a test opens it."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.cluster import eventually

T = TypeVar("T")


class Gate:
    """Holds whoever calls through it."""

    def __init__(self) -> None:
        self._reached, self._open = threading.Event(), threading.Event()

    def before(self, function: Callable[..., T]) -> Callable[..., T]:
        """Return the function with the gate in front of it."""

        def call(*arguments: Any) -> T:
            self._reached.set()
            self._open.wait()
            return function(*arguments)

        return call

    async def reached(self) -> None:
        """Wait until somebody stands at it."""
        await eventually(self._reached.is_set)

    def open(self) -> None:
        """Let everybody through from now on."""
        self._open.set()


async def cancelled_at(gate: Gate, task: "asyncio.Task[Any]") -> None:
    """Cancel a task whose thread stands at a gate, and see that it ends only after that."""
    await gate.reached()
    task.cancel()
    await asyncio.wait([task], timeout=0.05)
    over = task.done()
    gate.open()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not over
