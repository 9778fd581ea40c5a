"""The protocol of writing to the log store; reading is `tui.logs.reader`."""

from collections.abc import Mapping
from typing import Protocol

from tui.model.loglines import LogBatch


class LogSink(Protocol):
    """Takes log lines; returns at once and writes them in batches on a thread of its own."""

    def put(self, batch: LogBatch) -> None:
        """Queue a batch."""

    def backlog(self) -> int:
        """Return how many lines are queued and not yet committed.

        By it sources are slowed; lines are never dropped.
        """

    async def flush(self) -> None:
        """Wait until everything put so far is committed.

        Raises `FaultError` when it cannot be (disk full).
        """

    def positions(self) -> Mapping[str, str]:
        """Return the committed position of every source."""

    def size(self) -> int:
        """Return the bytes the store takes on disk."""
