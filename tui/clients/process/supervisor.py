"""Talking to the supervisor of an environment; the protocol is `tui.supervisor.protocol`."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.clients.process.launcher import launch_supervisor
from tui.model.faults import Fault, FaultError
from tui.model.plain import from_plain
from tui.model.rollouts import Rollout
from tui.ports.capabilities import Testimony
from tui.supervisor.lock import held
from tui.supervisor.places import private_folder, socket_path
from tui.supervisor.protocol import LONGEST, App, decode, encode, raise_fault, request
from tui.supervisor.record import read_record

LAUNCH_PATIENCE = 10.0
"""Seconds a new supervisor may take until it answers."""
STOP_PATIENCE = 60.0
"""Seconds in which an app and its supervisor end: ten of them are the app's, to end by itself."""
ANOTHER = 1.0
"""Seconds after which another is started: one ends at once where one before it is just ending."""


class SupervisorLostError(Exception):
    """No supervisor answers, or it went away in the middle."""


class SupervisorClient:
    """Asks the supervisor of one environment, a connection for each request."""

    def __init__(self, state: Path, launch: Callable[[Path], bool] = launch_supervisor) -> None:
        self._state = state
        self._launch = launch

    async def ensure(self) -> None:
        """Start a supervisor unless one answers; raises FaultError when it does not come up."""
        if await self.answers():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAUNCH_PATIENCE):
                while await asyncio.to_thread(self._launch, self._state):
                    if await self._answers_soon():
                        return
        raise FaultError(self._fault("supervisor-start", "the supervisor does not start"))

    async def _answers_soon(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANOTHER):
                while not await self.answers():  # noqa: ASYNC110 - another process begins
                    await asyncio.sleep(0.005)
                return True
        return False

    async def answers(self) -> bool:
        """Whether a supervisor runs."""
        return await self._answering() > 0

    async def _answering(self) -> int:
        """Return the process id of the supervisor that runs; 0 where none answers."""
        try:
            answer = await self._ask("ping")
        except SupervisorLostError:
            return 0
        pid: int = answer["pid"]
        return pid

    async def run(self, app: App) -> None:
        """Have this revision brought up, by a supervisor that is started unless one answers.

        Raises FaultError, also when that one goes away as well.
        """
        try:
            await self.apply(app)
        except SupervisorLostError:
            await self.ensure()
            await self._apply_at_last(app)

    async def _apply_at_last(self, app: App) -> None:
        try:
            await self.apply(app)
        except SupervisorLostError as error:
            sentence = f"the supervisor ended when it was to start revision {app.revision}"
            raise FaultError(self._fault("supervisor-lost", sentence)) from error

    async def apply(self, app: App) -> None:
        """Have this revision brought up; raises FaultError, SupervisorLostError."""
        await self._ask("apply", **dataclasses.asdict(app))

    async def stop(self) -> None:
        """End the app and the supervisor; returns when both are gone.

        Another redraft may have started one in their place by then. Raises FaultError when they do
        not end in time.
        """
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self._stop()
        except TimeoutError as error:
            raise FaultError(self._hangs()) from error

    async def _stop(self) -> None:
        ending = await self._answering()
        with contextlib.suppress(SupervisorLostError):
            await self._ask("stop")
        while held(self._state) and await self._answering() in {0, ending}:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)

    async def watch(self) -> AsyncGenerator[Rollout, None]:
        """Yield what runs now and at each change; raises SupervisorLostError when it goes away."""
        async with contextlib.aclosing(self._stream("watch")) as messages:
            async for message in messages:
                yield from_plain(Rollout, message["rollout"])

    async def picture(self) -> Rollout:
        """Return what runs now; an empty picture when no supervisor does."""
        with contextlib.suppress(SupervisorLostError):
            message = await self._ask("watch")
            rollout: Rollout = from_plain(Rollout, message["rollout"])
            return rollout
        return Rollout(0)

    async def witness(self, folders: Sequence[str], files: Sequence[str]) -> int:
        """Have these watched; return the number to attest under, 0 where it is not possible."""
        answer = await self._ask("witness", folders=folders, files=files)
        turn: int = answer["turn"]
        return turn

    async def attest(self, turn: int, revision: int, testimony: Testimony) -> bool:
        """Have the witness tell these lines; False when something happened since it watches."""
        fields = testimony._asdict()
        answer = await self._ask("attest", turn=turn, revision=revision, **fields)
        return bool(answer["attested"])

    async def follow(self) -> AsyncGenerator[None, None]:
        """Yield now and whenever the spool grew; raises SupervisorLostError when it goes away."""
        async with contextlib.aclosing(self._stream("follow")) as messages:
            async for _ in messages:
                yield

    async def _ask(self, op: str, **fields: Any) -> Mapping[str, Any]:
        async with contextlib.aclosing(self._stream(op, **fields)) as messages:
            async for message in messages:
                return message
        raise SupervisorLostError

    async def _stream(self, op: str, **fields: Any) -> AsyncGenerator[Mapping[str, Any], None]:
        reader, writer = await self._connect()
        try:
            writer.write(encode(request(op, **fields)))
            await writer.drain()
            while line := await reader.readline():
                message = decode(line)
                raise_fault(message)
                yield message
        except (ConnectionError, ValueError) as error:
            raise SupervisorLostError from error
        finally:
            writer.close()
        raise SupervisorLostError

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        path = self._socket()
        if not path.exists():
            raise SupervisorLostError
        private_folder(path.parent)
        try:
            return await asyncio.open_unix_connection(path, limit=LONGEST)
        except OSError as error:
            raise SupervisorLostError from error

    def _socket(self) -> Path:
        """Return the recorded socket, else where it would be."""
        record = read_record(self._state) or {}
        recorded = Path(str(record.get("socket", "")) or "/nowhere")
        return recorded if recorded.exists() else socket_path(self._state)

    def _fault(self, code: str, sentence: str) -> Fault:
        log = self._state / "supervisor.log"
        try:
            said = tuple(log.read_text(errors="replace").splitlines()[-10:])
        except OSError:
            said = ()
        return Fault(code, sentence, evidence=said, remedy=f"look into {log}")

    def _hangs(self) -> Fault:
        sentence = f"the supervisor has not ended within {STOP_PATIENCE:.0f} s"
        fault = self._fault("supervisor-hangs", sentence)
        pid = (read_record(self._state) or {}).get("pid", "PID")
        evidence = f"process {pid}", *fault.evidence
        remedy = f"`kill -KILL {pid}`, then delete again: that ends what it leaves running"
        return dataclasses.replace(fault, evidence=evidence, remedy=remedy)
