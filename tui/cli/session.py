"""Sessions without a screen: an engine whose events become narration or JSON lines."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from tui.cli.narration import present_event
from tui.cli.options import Call
from tui.cli.outlet import STDERR, STDOUT, Outlet, open_outlet
from tui.cli.troubles import telling_troubles
from tui.engine.bus import Subscription
from tui.engine.engine import Engine
from tui.engine.means import Means
from tui.model import events as e
from tui.model.codec import event_to_json
from tui.model.commands import Command
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.printing import printable
from tui.model.state import State
from tui.wiring.opening import open_engine

OBSERVATION_PATIENCE = 2.0
"""Seconds to wait for the first picture of what runs."""

Show = Callable[[e.Stamped], None]
Put = Callable[[str, int], None]
"""Takes a line and the descriptor it is for."""


@frozen
class Session:
    """An open environment and who reads what is told of it."""

    engine: Engine
    means: Means
    outlet: Outlet


@asynccontextmanager
async def session(call: Call, *, watch: bool, record: str | None = None) -> AsyncIterator[Session]:
    """Open the environment and tell its events while the `async with` lasts.

    A reader that stops reading stops nothing but the telling.
    """
    async with (
        open_outlet() as outlet,
        open_engine(call.project, call.environment, watch=watch) as opened,
        telling(opened.engine, partial(show_json if call.json else show_plain, outlet.put)),
        record_into(record, opened.engine),
        _telling_troubles(call, opened.engine, outlet.put),
    ):
        yield Session(opened.engine, opened.means, outlet)


async def carry_out(engine: Engine, command: Command) -> e.IterationFinished:
    """Submit a command and return how its iteration ended."""
    subscription = engine.subscribe()
    engine.submit(command)
    try:
        while True:
            for stamped in await subscription.wait():
                if isinstance(stamped.event, e.IterationFinished):
                    return stamped.event
    finally:
        subscription.close()


async def until_observed(engine: Engine) -> None:
    """Wait for the first picture of what runs, though not for long: it may be out of reach."""
    subscription = engine.subscribe()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(OBSERVATION_PATIENCE):
            while engine.state.rollout is None:
                await subscription.wait()
    subscription.close()


@asynccontextmanager
async def record_into(path: str | None, engine: Engine) -> AsyncIterator[None]:
    """Write the engine's events as JSON lines to the user's file; nothing without a path.

    Raises FaultError when the file cannot be written.
    """
    if path is None:
        yield
        return
    with _recording(path) as file:

        def write(stamped: e.Stamped) -> None:
            print(event_to_json(stamped), file=file, flush=True)

        async with telling(engine, write):
            yield


def _recording(path: str) -> TextIO:
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise FaultError(
            Fault(
                "recording-unwritable",
                f"the recording cannot be written: {error.strerror}",
                kind="usage",
                place=path,
                remedy="give --record a file that you may write",
            )
        ) from error


@asynccontextmanager
async def telling(engine: Engine, show: Show) -> AsyncIterator[None]:
    """Hand every event to `show` while the `async with` lasts, to the last one."""
    subscription = engine.subscribe()
    teller = asyncio.create_task(_tell(subscription, show))
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.gather(teller, return_exceptions=True)
        for stamped in subscription.drain():
            show(stamped)
        subscription.close()


@asynccontextmanager
async def _telling_troubles(call: Call, engine: Engine, put: Put) -> AsyncIterator[None]:
    """Tell people what holds a rollout up; readers of JSON have it in the events."""
    if call.json:
        yield
        return
    async with telling_troubles(lambda: engine.state, lambda line: put(line, STDERR)):
        yield


def show_json(put: Put, stamped: e.Stamped) -> None:
    """Write the event to stdout as a JSON line."""
    put(event_to_json(stamped), STDOUT)


def show_plain(put: Put, stamped: e.Stamped) -> None:
    """Tell the event on stderr."""
    for line in present_event(stamped.event):
        put(printable(line), STDERR)


def answer_url(put: Put, state: State, ended: e.IterationFinished) -> None:
    """Write the URL to stdout when something answers there."""
    rollout = state.rollout
    if rollout is None or not rollout.url or ended.fault is not None:
        return
    put(printable(rollout.url), STDOUT)


async def _tell(subscription: Subscription, show: Show) -> None:
    while True:
        for stamped in await subscription.wait():
            show(stamped)
