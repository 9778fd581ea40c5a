"""The runtime of processes: what all replicas of an environment on this machine share."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from tui.supervisor.places import environment_id
from tui.supervisor.protocol import App
from tui.supervisor.pulse import Pulse
from tui.supervisor.reaping import Reaper, adopt_orphans
from tui.supervisor.record import read_record
from tui.supervisor.replica import ProcessReplica, Site
from tui.supervisor.spool import SpoolWriter
from tui.supervisor.strays import end_strays


class Processes:
    """Runs replicas as processes; implements `tui.supervisor.runtime.Runtime`."""

    lost_since = 0.0

    def __init__(self, state: Path) -> None:
        self._folder = state / "spool"
        self._died_before = read_record(state) is not None
        self._environment = environment_id(state)
        self._reaper = Reaper()
        self._sweeping: asyncio.Task[int] | None = None
        self.grown = Pulse()
        self._spool = SpoolWriter(self._folder, self.grown.strike)

    def begin(self, changed: Callable[[], None]) -> None:
        """Adopt orphans; end what a supervisor that died left behind."""
        self._reaper.start()
        adopt_orphans()
        if self._died_before:
            sweep = asyncio.to_thread(end_strays, f"{self._environment}/")
            self._sweeping = asyncio.create_task(sweep)

    async def prepared(self) -> None:
        """Wait until what an earlier supervisor left behind has ended."""
        if self._sweeping is not None:
            await self._sweeping

    def replica(self, app: App, ordinal: int, changed: Callable[[], None]) -> ProcessReplica:
        """Keep one process."""
        site = Site(self._environment, self._spool, self._reaper)
        return ProcessReplica(app, ordinal, site, changed)

    def say(self, iteration: int, line: str) -> None:
        """Put a line of redraft's own into the spool."""
        self._spool.say(iteration, line)

    def look_round(self) -> None:
        """Begin another segment when the present one was deleted."""
        self._spool.look_after()

    def close(self) -> None:
        """Close the spool."""
        self._spool.close()

    async def remove_traces(self) -> None:
        """Remove the spool, which ending the app wrote into."""
        shutil.rmtree(self._folder, ignore_errors=True)
