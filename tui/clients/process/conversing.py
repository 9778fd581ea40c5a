"""Conversing with a supervisor: one request a connection, answered for as long as it lives.

A supervisor may take its time over an answer (many folders to watch, an app that ends slowly), or
have nothing to tell for hours; but it answers a `ping` at once, whatever else it does. So whoever
waits asks for that now and then, on a connection of its own: one that does not answer it hangs.
"""

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tui.model.faults import Fault, FaultError
from tui.supervisor.places import private_folder, socket_path
from tui.supervisor.protocol import (
    LONGEST,
    OTHER_VERSION,
    decode,
    encode,
    fault_in,
    request,
    version_fault,
)
from tui.supervisor.record import read_record

QUIET = 3.0
"""Seconds without an answer after which it is asked whether it lives."""
ALIVE = 6.0
"""Seconds in which one that lives answers that, on a busy machine too."""
FULL = 0.05
"""Seconds between two tries to connect where too many wait to be let in."""

T = TypeVar("T")


class SupervisorLostError(Exception):
    """No supervisor answers, or it went away in the middle."""


class Conversation:
    """Requests to the supervisor of one environment; they raise FaultError where it hangs."""

    def __init__(self, state: Path, version: int) -> None:
        """Speak this version of the protocol."""
        self._state = state
        self._version = version

    async def pid(self) -> int:
        """Return the process id of the supervisor that runs; 0 where none answers."""
        try:
            async with asyncio.timeout(ALIVE):
                reader, writer = await self._connect()
                with _leaving(writer):
                    writer.write(encode(request("ping", {}, self._version)))
                    pid: int = (await self._answer(reader))["pid"]
                    return pid
        except SupervisorLostError:
            return 0
        except TimeoutError as error:
            raise FaultError(hanging(self._state, "the supervisor does not answer")) from error

    async def ask(self, op: str, **fields: Any) -> Mapping[str, Any]:
        """Return the first answer to a request; raises FaultError, SupervisorLostError."""
        async with contextlib.aclosing(self.stream(op, **fields)) as answers:
            async for answer in answers:
                return answer
        raise SupervisorLostError

    async def stream(self, op: str, **fields: Any) -> AsyncGenerator[Mapping[str, Any], None]:
        """Yield the answers to a request as they come; raises FaultError, SupervisorLostError."""
        reader, writer = await self._while_it_lives(self._connect)
        with _leaving(writer):
            writer.write(encode(request(op, fields, self._version)))
            await self._while_it_lives(writer.drain)
            while True:
                yield await self._while_it_lives(partial(self._answer, reader))

    async def _while_it_lives(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do what waits for the supervisor, begun anew as often as it was asked meanwhile."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET):
                    return await work()
            await self.pid()

    async def _answer(self, reader: asyncio.StreamReader) -> Mapping[str, Any]:
        line = await reader.readline()
        if not line:
            raise SupervisorLostError
        answer = decode(line)
        if fault := fault_in(answer):
            raise FaultError(self._in_our_words(fault))
        return answer

    def _in_our_words(self, fault: Fault) -> Fault:
        """Return a fault as it is told here: what helps against another version, it cannot know."""
        if fault.code != OTHER_VERSION:
            return fault
        record = read_record(self._state) or {}
        return version_fault(record.get("version"), self._version, record.get("pid", "PID"))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        path = self._socket()
        if not path.exists():
            raise SupervisorLostError
        private_folder(path.parent)
        try:
            return await asyncio.open_unix_connection(sock=await _reached(path), limit=LONGEST)
        except OSError as error:
            raise SupervisorLostError from error

    def _socket(self) -> Path:
        """Return the recorded socket, else where it would be."""
        record = read_record(self._state) or {}
        recorded = Path(str(record.get("socket", "")) or "/nowhere")
        return recorded if recorded.exists() else socket_path(self._state)


async def _reached(path: Path) -> socket.socket:
    """Connect; raises OSError.

    One that hangs lets nobody in, until there is no room for more who wait. asyncio takes that for
    a connection under way, and then for one that was lost.
    """
    while True:
        asking = socket.socket(socket.AF_UNIX)
        asking.setblocking(False)
        try:
            asking.connect(str(path))
        except BlockingIOError:
            asking.close()
            await asyncio.sleep(FULL)
        except OSError:
            asking.close()
            raise
        else:
            return asking


@contextlib.contextmanager
def _leaving(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Leave the connection at the end; what it did not take by then is given up."""
    try:
        yield
    except (ConnectionError, ValueError) as error:
        raise SupervisorLostError from error
    finally:
        writer.transport.abort()


def complaint(state: Path, code: str, sentence: str) -> Fault:
    """Return the fault of a supervisor, with what it said last."""
    log = state / "supervisor.log"
    try:
        said = tuple(log.read_text(errors="replace").splitlines()[-10:])
    except OSError:
        said = ()
    return Fault(code, sentence, evidence=said, remedy=f"look into {log}")


def hanging(state: Path, sentence: str) -> Fault:
    """Return the fault of a supervisor that hangs."""
    fault = complaint(state, "supervisor-hangs", sentence)
    pid = (read_record(state) or {}).get("pid", "PID")
    evidence = f"process {pid}", *fault.evidence
    remedy = f"`kill -KILL {pid}`, then the same again: that ends what it leaves running"
    return dataclasses.replace(fault, evidence=evidence, remedy=remedy)
