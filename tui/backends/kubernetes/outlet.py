"""The outlet of one container's log: its lines, and ours among them, to be merged."""

import time
from collections.abc import Sequence

from tui.backends.kubernetes.incarnations import Known
from tui.backends.kubernetes.merging import Merger
from tui.clients.kube.logs import Lines
from tui.model.frozen import frozen
from tui.model.loglines import LogOrigin, LogRun, LogStream


@frozen
class Origin:
    """Which container's log it is."""

    pod: str
    container: str
    source: str
    """Names its position."""


class Outlet:
    """Gives what is read of a container to the merger."""

    def __init__(self, origin: Origin, merger: Merger) -> None:
        self.revision = 0
        """Which its pod is of."""
        self._origin = origin
        self._merger = merger
        self._told = ""

    async def put(self, known: Known, lines: Lines) -> None:
        """Give lines of an incarnation."""
        run = self._run(known, lines.times, lines.messages, "stdout")
        await self._merger.put(self._origin.source, known, run)
        self._told = ""

    async def mark(self, known: Known, text: str, moment: int = 0) -> None:
        """Put a line of ours among those of an incarnation, but not twice in a row.

        It is dated by `moment`, in nanoseconds, or by now.
        """
        if text == self._told:
            return
        self._told = text
        run = self._run(known, [moment or time.time_ns()], [text], "marker")
        await self._merger.put(self._origin.source, known, run, counted=False)

    def _run(
        self, known: Known, times: Sequence[int], messages: Sequence[str], stream: LogStream
    ) -> LogRun:
        pod, container = self._origin.pod, self._origin.container
        origin = LogOrigin(self.revision, pod, container, known.restart, stream)
        return LogRun(origin, times, messages)
