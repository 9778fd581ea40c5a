"""Running a command in a container without a terminal, its lines told as they come.

Closing the websocket does not end the command. So it is started by a `sh` that first says its
process number; the container runtime made that one the leader of a session, and when the command is
cancelled the whole group is killed by another exec, once that number is known. Who cancels it again
meanwhile waits for that too.
"""

import asyncio
from collections import deque
from contextlib import aclosing, suppress

from tui.clients.kube.channels import OUTCOME, exit_code, messages
from tui.clients.kube.resources import segment
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError
from tui.ports.enduring import to_its_end
from tui.ports.running import CommandEnd, TellLines

STARTER = 'echo "$$" && exec "$@"'
KEPT = 30
"""Lines kept of what it printed."""
LONGEST = 64 << 10
"""Bytes of a line that are waited for; then it is told in parts."""
ENDING = 10.0
"""Seconds that killing a cancelled command may take."""


async def execute(
    session: KubeSession,
    namespace: str,
    pod: str,
    container: str,
    argv: tuple[str, ...],
    tell: TellLines,
) -> CommandEnd:
    """Run the command to its end; when cancelled nothing of it is left running.

    Raises `FaultError`: `exec-failed` where it could not be started, and as requests do.
    """
    path = f"/api/v1/namespaces/{segment(namespace)}/pods/{segment(pod)}/exec"
    command = _Command(session, path, container, tell)
    running = asyncio.create_task(command.run(argv))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await to_its_end(_ended(command, running))
        raise


async def _ended(command: "_Command", running: "asyncio.Task[CommandEnd]") -> None:
    await command.kill()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class _Command:
    """One command under way."""

    def __init__(self, session: KubeSession, path: str, container: str, tell: TellLines) -> None:
        self._session = session
        self._path = path
        self._container = container
        self._tell = tell
        self._process = ""
        self._begun = asyncio.Event()
        self._last: deque[str] = deque(maxlen=KEPT)

    async def run(self, argv: tuple[str, ...]) -> CommandEnd:
        try:
            return await self._run(argv)
        finally:
            self._begun.set()

    async def _run(self, argv: tuple[str, ...]) -> CommandEnd:
        rests: dict[int, bytes] = {}
        query = self._query("sh", "-c", STARTER, "sh", *argv)
        async with (
            self._session.websocket(self._path, query) as websocket,
            aclosing(messages(websocket)) as found,
        ):
            async for channel, content in found:
                if channel == OUTCOME:
                    self._print([rest for rest in rests.values() if rest])
                    return self._end(content)
                *lines, rest = (rests.get(channel, b"") + content).split(b"\n")
                long = len(rest) > LONGEST
                rests[channel] = b"" if long else rest
                self._print([*lines, rest] if long else lines)
        raise FaultError(_failed(self._container, "the connection broke"))

    async def kill(self) -> None:
        """Kill what was started, as far as the container can still be reached."""
        with suppress(FaultError, TimeoutError):
            async with asyncio.timeout(ENDING):
                await self._begun.wait()
                if self._process:
                    await self._kill()

    async def _kill(self) -> None:
        query = self._query("sh", "-c", 'kill -KILL -- "-$1"', "sh", self._process)
        async with self._session.websocket(self._path, query) as websocket:
            async for _ in messages(websocket):
                pass

    def _query(self, *argv: str) -> list[tuple[str, str]]:
        wanted = [("container", self._container), ("stdout", "true"), ("stderr", "true")]
        return wanted + [("command", argument) for argument in argv]

    def _print(self, raw: list[bytes]) -> None:
        """Tell lines; the very first is the process's number."""
        lines = [line.decode(errors="replace").removesuffix("\r") for line in raw]
        if lines and not self._process and lines[0].isdecimal():
            self._process = lines.pop(0)
            self._begun.set()
        if lines:
            self._last.extend(lines)
            self._tell(tuple(lines))

    def _end(self, outcome: bytes) -> CommandEnd:
        try:
            code = exit_code(outcome)
        except ValueError as error:
            raise FaultError(_failed(self._container, str(error))) from error
        if not self._process:
            raise FaultError(_failed(self._container, *self._last))
        return CommandEnd(code, tuple(self._last))


def _failed(container: str, *evidence: str) -> Fault:
    return Fault(
        "exec-failed",
        f"the command could not be run in the container {container}",
        evidence=evidence,
        remedy="build the image on a base that has `sh`, and see that the pod runs",
    )
