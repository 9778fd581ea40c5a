"""Commands inside a container that runs.

The engine has no call that ends a command it started in a container. So each is started through the
container's `sh`, which first tells the process id that the command will have; when ours is left
before its end, a second command kills the group of that process. So nobody leaves it before that is
told, nor once it cannot be told any more.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tui.clients.docker.engine import Engine
from tui.clients.docker.sockets import TABLES, Listening, listening_sockets
from tui.model.faults import Fault, FaultError
from tui.model.loglines import LogStream
from tui.ports.enduring import to_its_end

if TYPE_CHECKING:
    from docker import APIClient

ANNOUNCE = 'echo $$; exec "$@"'
BEGINNING = 10.0
"""Seconds in which a command that is cancelled should begin, to be killed then."""
END = 'kill -9 "-$1" || kill -9 "$1"'


async def listening(engine: Engine, name: str) -> tuple[Listening, ...]:
    """Return who listens inside a container, nothing where it has no `cat`; raises FaultError."""

    def look(client: "APIClient") -> bytes:
        return run_shortly(client, name, ["cat", *TABLES])

    return listening_sockets((await engine.ask(look)).decode(errors="replace"))


def run_shortly(client: "APIClient", name: str, command: list[str]) -> bytes:
    """Run a command to its end and return what it said."""
    begun = client.exec_create(name, command)["Id"]
    with closing_connections(client):
        said: bytes = client.exec_start(begun)
    return said


@contextmanager
def closing_connections(client: "APIClient") -> Iterator[None]:
    """Close the connections made inside, which the SDK leaves open once they were upgraded."""
    responses: list[Any] = []
    client.hooks["response"].append(lambda response, **_: responses.append(response))
    try:
        yield
    finally:
        for response in responses:
            response.close()


class Execution:
    """One command inside a container, run once."""

    def __init__(self, engine: Engine, name: str, argv: tuple[str, ...]) -> None:
        self._engine = engine
        self._name = name
        self._command = ["sh", "-c", ANNOUNCE, "sh", *argv]
        self._id = ""
        self._pid = b""
        self._said = b""
        self.code = 0
        """Its exit code, once it has ended."""

    async def output(self) -> AsyncGenerator[tuple[LogStream, bytes], None]:
        """Yield what it prints, and to which stream, to its end; raises FaultError.

        Left before that it is killed with its group.
        """
        ended = False
        try:
            async with aclosing(self._engine.stream(self._begin)) as chunks:
                for begun in await to_its_end(self._begun(chunks), BEGINNING):
                    yield begun
                async for stdout, stderr in chunks:
                    if stdout:
                        yield "stdout", stdout
                    if stderr:
                        yield "stderr", stderr
            ended = True
            self.code = await self._engine.ask(self._exit_code)
        finally:
            if not ended and self._pid:
                await asyncio.shield(self._kill())
        if not self._pid:
            raise FaultError(self._not_started())

    async def _begun(
        self, chunks: AsyncGenerator[tuple[bytes | None, bytes | None], None]
    ) -> list[tuple[LogStream, bytes]]:
        """Read until the process id is told, or the end; return what came besides."""
        besides: list[tuple[LogStream, bytes]] = []
        while not self._pid:
            try:
                stdout, stderr = await anext(chunks)
            except StopAsyncIteration:
                break
            if stdout and (said := self._after_pid(stdout)):
                besides.append(("stdout", said))
            if stderr:
                besides.append(("stderr", stderr))
        return besides

    def _begin(self, client: "APIClient") -> Iterator[tuple[bytes | None, bytes | None]]:
        client.timeout = None  # type: ignore[assignment]  # it may be silent for as long as it likes
        self._id = client.exec_create(self._name, self._command)["Id"]
        with closing_connections(client):
            yield from client.exec_start(self._id, stream=True, demux=True)

    def _after_pid(self, chunk: bytes) -> bytes:
        """Take the first line, which is ours, out of the output."""
        self._said += chunk
        first, end, rest = self._said.partition(b"\n")
        if not end or not first.isdigit():
            return b""
        self._pid = first
        return rest

    def _exit_code(self, client: "APIClient") -> int:
        return int(client.exec_inspect(self._id)["ExitCode"] or 0)

    async def _kill(self) -> None:
        command = ["sh", "-c", END, "sh", self._pid.decode()]
        with suppress(FaultError):  # a container that is gone has ended everything in it
            await self._engine.ask(lambda client: run_shortly(client, self._name, command))

    def _not_started(self) -> Fault:
        return Fault(
            "exec-failed",
            f"no command can be run in {self._name}",
            evidence=tuple(self._said.decode(errors="replace").splitlines()),
            remedy="put a shell (`sh`) into the image",
        )
