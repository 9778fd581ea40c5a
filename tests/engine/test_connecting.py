"""Connections: opened by a command, told at each change, closed with the engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.engine.scripted import FAULT, Scene, ScriptedBackend, refusal_of, until
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Connect, Disconnect
from tui.model.connections import Connection

OPEN = Connection(8080, 80, "app-1", "open")


@dataclass
class ConnectingBackend(ScriptedBackend):
    """A backend that offers connections under the test's control."""

    capabilities: frozenset[str] = frozenset({"connect"})
    told: asyncio.Queue[Connection | Exception] = field(default_factory=asyncio.Queue)
    hold_close: asyncio.Event | None = None
    opened: int = 0
    closed: int = 0

    async def connect(self) -> AsyncIterator[tuple[Connection, ...]]:
        self.opened += 1
        try:
            while True:
                one = await self.told.get()
                if isinstance(one, Exception):
                    raise one
                yield (one,)
        finally:
            if self.hold_close is not None:
                await self.hold_close.wait()
            self.closed += 1


@asynccontextmanager
async def connected(backend: ConnectingBackend) -> AsyncIterator[Engine]:
    """Run an engine whose connection is told as open."""
    backend.told.put_nowait(OPEN)
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Connect())
        await until(engine, e.ConnectionsChanged)
        yield engine


async def test_a_connection_is_told_and_gives_the_address() -> None:
    backend = ConnectingBackend()
    async with connected(backend) as engine:
        assert engine.state.connections == (OPEN,)
        assert engine.state.url == "http://127.0.0.1:8080"
        engine.submit(Disconnect())
        gone = await until(engine, e.ConnectionsChanged)
        assert gone == e.ConnectionsChanged(())
    assert backend.closed == 1


async def test_what_is_connected_right_after_it_was_disconnected_is_open() -> None:
    backend = ConnectingBackend()
    async with connected(backend) as engine:
        engine.submit(Disconnect())
        engine.submit(Connect())
        assert await until(engine, e.ConnectionsChanged) == e.ConnectionsChanged(())
        backend.told.put_nowait(OPEN)
        await until(engine, e.ConnectionsChanged)
        assert engine.state.connections == (OPEN,)
    assert (backend.opened, backend.closed) == (2, 2)


async def test_what_is_connected_while_ports_are_closed_opens_them_afterwards() -> None:
    closing = asyncio.Event()
    backend = ConnectingBackend(hold_close=closing)
    async with connected(backend) as engine:
        for _ in range(3):
            engine.submit(Disconnect())
            engine.submit(Connect())
            await asyncio.sleep(0)  # closing has begun
        assert (backend.opened, backend.closed) == (1, 0)
        closing.set()
        assert await until(engine, e.ConnectionsChanged) == e.ConnectionsChanged(())
        backend.told.put_nowait(OPEN)
        await until(engine, e.ConnectionsChanged)
        assert engine.state.connections == (OPEN,)
    assert (backend.opened, backend.closed) == (2, 2)


async def test_leaving_closes_what_was_open() -> None:
    backend = ConnectingBackend()
    async with connected(backend):
        pass
    assert backend.closed == 1


async def test_a_port_that_cannot_be_had_is_a_fault_and_nothing_stays_open() -> None:
    backend = ConnectingBackend()
    backend.told.put_nowait(FAULT)
    async with Scene(backend=backend).engine() as engine:
        engine.submit(Connect())
        raised = await until(engine, e.FaultRaised)
        assert raised == e.FaultRaised(FAULT.fault)
        assert engine.state.connections == ()


async def test_a_backend_without_the_capability_refuses() -> None:
    async with Scene().engine() as engine:
        assert refusal_of(engine, Connect()) == "the local backend does not offer it"
