"""A redraft at work in a process of its own, and the events it has told so far."""

import asyncio
import json
import subprocess
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.cluster import eventually
from tests.integration.redraft import COMMAND, Redraft

Event = dict[str, Any]


class Running:
    """One command with `--output json`; a thread reads what it tells."""

    def __init__(self, redraft: Redraft, arguments: tuple[str, ...], errors: Path) -> None:
        self.told: list[Event] = []
        self._errors = errors
        with errors.open("w") as stderr:
            self._process = subprocess.Popen(
                [*COMMAND, *arguments, "--output", "json"],
                cwd=redraft.project,
                env=redraft.env,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def all(self, name: str) -> list[Event]:
        """Return the events of one name, in the order in which they were told."""
        return [event for event in tuple(self.told) if event.get("event") == name]

    def last(self, name: str) -> Event:
        return self.all(name)[-1]

    async def until_told(self, name: str, patience: float = 60.0, **fields: Any) -> None:
        """Wait for an event with these fields."""

        def is_wanted(event: Event) -> bool:
            return event.get("event") == name and fields.items() <= event.items()

        await self.until(lambda: any(is_wanted(event) for event in tuple(self.told)), patience)

    async def until(self, condition: Callable[[], bool], patience: float = 60.0) -> None:
        """Wait for a condition of what was told; it is an error to end before."""

        def met() -> bool:
            ended = not self._reader.is_alive()
            if condition():
                return True
            assert not ended, f"it ended: {self.told[-3:]}\n{self._errors.read_text()}"
            return False

        try:
            await eventually(met, patience)
        except TimeoutError:
            raise AssertionError(f"waited in vain; told last: {self.told[-2:]}") from None

    async def until_verdict(self, outcome: str, cause: str = "", patience: float = 60.0) -> Event:
        """Wait until the present verdict is this one; return it."""

        def met() -> bool:
            seen = self.all("RolloutObserved")
            present = seen[-1]["verdict"] if seen else {}
            return (present.get("outcome"), present.get("cause")) == (outcome, cause)

        await self.until(met, patience)
        verdict: Event = self.last("RolloutObserved")["verdict"]
        return verdict

    async def end(self, patience: float = 120.0) -> int:
        """Wait for its end; return its exit code."""
        code = await asyncio.to_thread(self._process.wait, patience)
        await asyncio.to_thread(self._reader.join, 10)
        assert "Traceback" not in self._errors.read_text()
        return code

    def fault(self) -> Event:
        """Return the fault that ended its iteration."""
        fault: Event = self.last("IterationFinished")["fault"]
        assert fault["code"]
        assert fault["sentence"]
        assert fault["remedy"], fault
        return fault

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.told.append(json.loads(line))


@asynccontextmanager
async def running(redraft: Redraft, *arguments: str) -> AsyncIterator[Running]:
    """Have a command run; it is ended in the end."""
    errors = redraft.home.with_name(f"errors-{id(arguments)}")
    one = await asyncio.to_thread(Running, redraft, arguments, errors)
    try:
        yield one
    finally:
        one.terminate()
        await one.end()
