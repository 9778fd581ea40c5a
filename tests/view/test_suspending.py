import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

import pytest

from tui.model.faults import Fault, FaultError
from tui.ports.capabilities import Terminal
from tui.view.screens.shells import Target
from tui.view.suspending import shell_in

TARGET = Target("web-1", "app")


class Screen:
    """A screen that is given back as Textual does it: only where nothing is raised."""

    def __init__(self) -> None:
        self.away = False
        self.said: list[str] = []

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.away = True
        yield
        self.away = False

    def batch_update(self) -> AbstractContextManager[None]:
        return nullcontext()

    def refresh(self, *, layout: bool) -> None:
        assert not self.away

    def say(self, text: str, severity: str = "information") -> None:
        self.said.append(text)


class Shells:
    """Ends every shell as it is told."""

    def __init__(self, end: int | BaseException) -> None:
        self._end = end

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        if isinstance(self._end, BaseException):
            raise self._end
        return self._end


async def ended(end: int | BaseException) -> Screen:
    screen = Screen()
    try:
        await shell_in(cast(Any, screen), cast(Any, Shells(end)), TARGET)
    finally:
        assert not screen.away
    return screen


async def test_the_screen_comes_back_after_a_shell() -> None:
    assert (await ended(0)).said == []
    assert (await ended(137)).said == ["the shell in web-1 ended with code 137"]


async def test_the_screen_comes_back_where_there_is_no_shell_and_says_so() -> None:
    fault = Fault("no-shell", "there is no shell in it", remedy="put one in")
    assert (await ended(FaultError(fault))).said == ["there is no shell in it: put one in"]


async def test_the_screen_comes_back_when_the_shell_is_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await ended(asyncio.CancelledError())
