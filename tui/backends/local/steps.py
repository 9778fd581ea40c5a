"""Steps: telling when one begins, what it prints and how it ends, whatever happens in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tui.clients.process.steps import StepEnd, run_step
from tui.model import events as e
from tui.model.faults import Fault, FaultError
from tui.model.stages import StageName, StepOutcome
from tui.ports.backend import Tell


@dataclass(slots=True)
class Note:
    """What a step says of itself when it ends."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Tells the steps of one stage of one iteration."""

    iteration: int
    stage: StageName
    tell: Tell

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[Note]:
        """Tell the begin and the end of what is done inside."""
        began = time.monotonic()
        self.tell(e.StepStarted(self.iteration, self.stage, name))
        note = Note()
        outcome: StepOutcome = "failed"
        try:
            yield note
            outcome = "done"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self._finished(name, time.monotonic() - began, outcome, note.text)

    def cached(self, name: str) -> None:
        """Tell a step that need not be done."""
        self.tell(e.StepStarted(self.iteration, self.stage, name))
        self._finished(name, 0.0, "cached", "")

    async def run(
        self, name: str, argv: tuple[str, ...], cwd: Path, env: Mapping[str, str]
    ) -> None:
        """Run a command as a step; raises FaultError when it fails."""
        async with self.step(name):
            try:
                end = await run_step(argv, cwd, env, lambda lines: self._printed(name, lines))
            except (OSError, ValueError) as error:
                raise FaultError(not_started(name, argv[0], str(error))) from error
            if end.code:
                raise FaultError(step_failed(name, end))

    def _printed(self, name: str, lines: tuple[str, ...]) -> None:
        self.tell(e.StepPrinted(self.iteration, self.stage, name, lines))

    def _finished(self, name: str, seconds: float, outcome: StepOutcome, note: str) -> None:
        self.tell(e.StepFinished(self.iteration, self.stage, name, seconds, outcome, note))


def step_failed(name: str, end: StepEnd) -> Fault:
    """Return the fault of a step that ended badly."""
    how = f"was ended by signal {-end.code}" if end.code < 0 else f"exited with code {end.code}"
    return Fault(
        "build-step-failed",
        f"the build step `{name}` {how}",
        evidence=end.last_lines,
        remedy="read its last lines, correct the cause and save",
    )


def not_started(name: str, program: str, why: str) -> Fault:
    """Return the fault of a step whose program cannot be run."""
    return Fault(
        "build-step-failed",
        f"the build step `{name}` could not be started",
        evidence=(why,),
        remedy=f"install {program}, or correct its name",
    )
