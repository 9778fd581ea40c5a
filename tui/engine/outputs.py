"""Outputs: telling what `pre-up` tasks wrote from what the user saved.

A task that writes into the build context would start itself for ever. What it wrote is in the build
that follows it, so it needs no other. But who wrote a file nobody can tell: so the first time that
a file changes while the tasks run it counts as saved, and the loop goes round once more. When the
tasks change it again it is theirs, until it is changed while they do not run.
"""

import math
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tui.model.changes import Change

TICK = 0.01
"""Seconds by which a file system's clock may lag behind ours."""
REMEMBERED = 8
"""Runs of the tasks whose late file events are still told apart."""


class Outputs:
    """Remembers when the tasks ran and which files changed meanwhile."""

    def __init__(self) -> None:
        self._runs: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)
        self._outputs: set[str] = set()

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Run tasks inside."""
        began = time.time() - TICK
        self._runs.append((began, math.inf))
        try:
            yield
        finally:
            self._runs[-1] = (began, time.time())

    def mark(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Return the changes, those that the tasks made marked as ignored."""
        if not self._runs:
            return changes
        return tuple(self._marked(change) for change in changes)

    def _marked(self, change: Change) -> Change:
        if change.ignored_by:
            return change
        if not any(began <= change.written <= ended for began, ended in self._runs):
            self._outputs.discard(change.path)
            return change
        if change.path in self._outputs:
            return replace(change, ignored_by="pre-up task", in_context=False)
        self._outputs.add(change.path)
        return change
