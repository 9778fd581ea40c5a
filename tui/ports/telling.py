"""Telling steps: what every verb tells of a step, whatever happens in it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tui.model import events as e
from tui.model.frozen import frozen
from tui.model.stages import StageName, StepOutcome
from tui.ports.backend import Tell


@dataclass(slots=True)
class Note:
    """What a step says of itself when it ends."""

    text: str = ""


@frozen
class Steps:
    """Tells the steps of one stage of one iteration."""

    iteration: int
    stage: StageName
    tell: Tell

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[Note]:
        """Tell the begin and the end of what is done inside."""
        began = time.monotonic()
        self.started(name)
        note = Note()
        outcome: StepOutcome = "failed"
        try:
            yield note
            outcome = "done"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self.finished(name, time.monotonic() - began, outcome, note.text)

    def cached(self, name: str) -> None:
        """Tell a step that need not be done."""
        self.started(name)
        self.finished(name, 0.0, "cached")

    def started(self, name: str) -> None:
        """Tell that a step began whose end is told by `finished`."""
        self.tell(e.StepStarted(self.iteration, self.stage, name))

    def progressed(
        self, name: str, done: int, total: int, unit: str = "", speed: float = 0.0
    ) -> None:
        """Tell how far a step is; `speed` in units a second."""
        self.tell(e.StepProgressed(self.iteration, self.stage, name, done, total, unit, speed))

    def printed(self, name: str, lines: tuple[str, ...]) -> None:
        """Tell what a step printed."""
        self.tell(e.StepPrinted(self.iteration, self.stage, name, lines))

    def finished(self, name: str, seconds: float, outcome: StepOutcome, note: str = "") -> None:
        """Tell how a step ended."""
        self.tell(e.StepFinished(self.iteration, self.stage, name, seconds, outcome, note))
