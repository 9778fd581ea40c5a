"""Keys through a real pty, read by the thread that sleeps."""

import asyncio
import os
import pty
import signal
import tty
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from textual.events import Key
from textual.message import Message

from tui.view.keyboard import Keyboard

PATIENCE = 10.0
SIGNALS = (signal.SIGTSTP, signal.SIGCONT)


class Telling(Keyboard):
    """Puts what is pressed into a queue instead of an app."""

    def __init__(self, told: "asyncio.Queue[Message]") -> None:
        super().__init__(app=None)
        self._told = told

    def process_message(self, message: Message) -> None:
        self._loop.call_soon_threadsafe(self._told.put_nowait, message)


class Typing:
    """A keyboard at a pty, and what it told."""

    def __init__(self) -> None:
        self._writing, self._reading = pty.openpty()
        tty.setraw(self._reading)
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self.keyboard = Telling(self._told)
        self.keyboard.fileno = self._reading
        self.ended = asyncio.create_task(asyncio.to_thread(self.keyboard.run_input_thread))

    def press(self, keys: bytes) -> None:
        os.write(self._writing, keys)

    async def told(self) -> Message:
        return await asyncio.wait_for(self._told.get(), PATIENCE)

    async def end(self) -> None:
        if not self.keyboard.exit_event.is_set():
            self.keyboard.exit_event.set()
        with suppress(OSError):  # the terminal was closed
            await asyncio.wait_for(self.ended, PATIENCE)
        os.close(self._reading)

    def hang_up(self) -> None:
        os.close(self._writing)


@pytest.fixture
async def typing() -> AsyncIterator[Typing]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    typing = Typing()
    yield typing
    await typing.end()
    for number, handler in before.items():
        signal.signal(number, handler)


async def test_keys_are_told_as_they_are_pressed(typing: Typing) -> None:
    typing.press(b"u")
    assert isinstance(key := await typing.told(), Key)
    assert key.key == "u"
    typing.press(b"\x1b[A")
    assert isinstance(key := await typing.told(), Key)
    assert key.key == "up"


async def test_an_escape_alone_is_told_though_nothing_follows(typing: Typing) -> None:
    typing.press(b"\x1b")
    assert isinstance(key := await typing.told(), Key)
    assert key.key == "escape"
    typing.press(b"\x1b")
    assert isinstance(key := await typing.told(), Key)
    assert key.key == "escape"


async def test_a_character_in_two_parts_is_one(typing: Typing) -> None:
    typing.press(b"u\xc3")
    assert isinstance(await typing.told(), Key)
    typing.press(b"\xbc")
    assert isinstance(key := await typing.told(), Key)
    assert key.character == "ü"


async def test_the_thread_ends_though_nothing_is_pressed(typing: Typing) -> None:
    typing.press(b"u")
    await typing.told()
    assert not typing.ended.done()
    typing.keyboard.exit_event.set()
    await asyncio.wait_for(typing.ended, PATIENCE)


async def test_it_can_begin_and_end_again(typing: Typing) -> None:
    for _ in range(2):
        typing.keyboard.exit_event.set()
        await asyncio.wait_for(typing.ended, PATIENCE)
        typing.keyboard.exit_event.clear()
        typing.ended = asyncio.create_task(asyncio.to_thread(typing.keyboard.run_input_thread))
        typing.press(b"u")
        assert isinstance(await typing.told(), Key)


async def test_the_thread_ends_with_its_terminal(typing: Typing) -> None:
    typing.hang_up()
    with suppress(OSError):  # how the system tells it
        await asyncio.wait_for(typing.ended, PATIENCE)
    assert typing.ended.done()
