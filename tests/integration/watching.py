"""A redraft that watches, as `redraft up --watch` does, and what it told so far."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.integration.redraft import Redraft

PATIENCE = 90.0
PAUSE = 0.02
"""Seconds between two looks at another process."""


class Told:
    """The events told so far, as JSON has them."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return those of these kinds, in order."""
        return [event for event in self.events if event["event"] in kinds]

    def until(self, kind: str, count: int = 1) -> dict[str, Any]:
        """Wait for the `count`-th event of a kind and return it."""
        until(lambda: len(self.of(kind)) >= count, lambda: f"no {count}. {kind} in {self}")
        return self.of(kind)[count - 1]

    def __str__(self) -> str:
        return "\n".join(json.dumps(event)[:300] for event in self.events[-30:])


@contextmanager
def watching(redraft: Redraft) -> Iterator[Told]:
    """Have one watch inside, from a first iteration that ended."""
    told = Told()
    with redraft.start("up", "--watch", "--output", "json") as process:

        def read() -> None:
            for line in process.stdout or ():
                told.events.append(json.loads(line))

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        try:
            until(lambda: told.of("IterationFinished") or process.poll() is not None, told.__str__)
            told.until("WatchStarted")
            yield told
        finally:
            process.send_signal(signal.SIGINT)
            reading.join(PATIENCE)  # to the end of what it tells: leaving closes the pipe


def until(condition: Callable[[], object], said: Callable[[], str]) -> None:
    """Wait for a condition; `said` tells what there was when it did not come."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, said()
        time.sleep(PAUSE)  # noqa: TID251 - a look at another process
