"""Talking to the supervisor of an environment; the protocol is `tui.supervisor.protocol`."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

from tui.clients.process.conversing import (
    Conversation,
    SupervisorLostError,
    complaint,
    hanging,
)
from tui.clients.process.launcher import launch_supervisor
from tui.model.faults import FaultError
from tui.model.plain import from_plain
from tui.model.rollouts import Rollout
from tui.ports.capabilities import Testimony
from tui.supervisor.lock import held
from tui.supervisor.protocol import App
from tui.supervisor.record import read_record
from tui.supervisor.version import VERSION

LAUNCH_PATIENCE = 10.0
"""Seconds a new supervisor may take until it answers."""
STOP_PATIENCE = 60.0
"""Seconds in which an app and its supervisor end: ten of them are the app's, to end by itself."""
ANOTHER = 1.0
"""Seconds after which another is started: one ends at once where one before it is just ending."""


class SupervisorClient:
    """Asks the supervisor of one environment; whatever is asked raises FaultError if it hangs."""

    def __init__(self, state: Path, launch: Callable[[Path], bool] = launch_supervisor) -> None:
        self._state = state
        self._conversation = Conversation(state, VERSION)
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
        raise FaultError(
            complaint(self._state, "supervisor-start", "the supervisor does not start")
        )

    async def _answers_soon(self) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANOTHER):
                while not await self.answers():  # noqa: ASYNC110 - another process begins
                    await asyncio.sleep(0.005)
                return True
        return False

    async def answers(self) -> bool:
        """Whether a supervisor runs; raises FaultError where it hangs."""
        return await self._conversation.pid() > 0

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
            raise FaultError(complaint(self._state, "supervisor-lost", sentence)) from error

    async def apply(self, app: App) -> None:
        """Have this revision brought up; raises FaultError, SupervisorLostError."""
        await self._conversation.ask("apply", **dataclasses.asdict(app))

    async def stop(self) -> None:
        """End the app and the supervisor, of any version; returns when both are gone.

        Another redraft may have started one in their place by then. Raises FaultError when they do
        not end in time.
        """
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await self._stop()
        except TimeoutError as error:
            sentence = f"the supervisor has not ended within {STOP_PATIENCE:.0f} s"
            raise FaultError(hanging(self._state, sentence)) from error

    async def _stop(self) -> None:
        theirs = Conversation(self._state, spoken_by(self._state))
        ending = await theirs.pid()
        with contextlib.suppress(SupervisorLostError):
            await theirs.ask("stop")
        while held(self._state) and await theirs.pid() in {0, ending}:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)

    async def watch(self) -> AsyncGenerator[Rollout, None]:
        """Yield what runs now and at each change; raises SupervisorLostError when it goes away."""
        async with contextlib.aclosing(self._conversation.stream("watch")) as messages:
            async for message in messages:
                yield from_plain(Rollout, message["rollout"])

    async def picture(self) -> Rollout:
        """Return what runs now; an empty picture when no supervisor does."""
        with contextlib.suppress(SupervisorLostError):
            message = await self._conversation.ask("watch")
            rollout: Rollout = from_plain(Rollout, message["rollout"])
            return rollout
        return Rollout(0)

    async def witness(self, folders: Sequence[str], files: Sequence[str]) -> int:
        """Have these watched; return the number to attest under, 0 where it is not possible."""
        answer = await self._conversation.ask("witness", folders=folders, files=files)
        turn: int = answer["turn"]
        return turn

    async def attest(self, turn: int, revision: int, testimony: Testimony) -> bool:
        """Have the witness tell these lines; False when something happened since it watches."""
        fields = testimony._asdict()
        answer = await self._conversation.ask("attest", turn=turn, revision=revision, **fields)
        return bool(answer["attested"])

    async def follow(self) -> AsyncGenerator[None, None]:
        """Yield now and whenever the spool grew; raises SupervisorLostError when it goes away."""
        async with contextlib.aclosing(self._conversation.stream("follow")) as messages:
            async for _ in messages:
                yield


def spoken_by(state: Path) -> int:
    """Return the version of the protocol that the supervisor speaks, as far as it is on record."""
    version = (read_record(state) or {}).get("version")
    return version if isinstance(version, int) else VERSION
