"""Supervising: the supervisor's life, from its lock to its end.

One per environment: a lock in the state folder is held as long as we live, and a socket that still
answers (the state folder was deleted under a living supervisor) counts as well. It ends by itself
when there is nothing to keep and nobody is connected, and when the state folder was deleted and
nobody is connected: then it ends the app first. While somebody is, a deleted folder is made again.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from tui.model.faults import FaultError
from tui.supervisor.controller import Controller
from tui.supervisor.lock import take
from tui.supervisor.places import private_folder, socket_path
from tui.supervisor.protocol import LONGEST
from tui.supervisor.pulse import Pulse
from tui.supervisor.record import NAME, last_served, write_record
from tui.supervisor.routing import Router
from tui.supervisor.runtime import Runtime
from tui.supervisor.server import Server
from tui.supervisor.stable_port import StablePort
from tui.supervisor.version import VERSION
from tui.supervisor.witness import Witness

log = logging.getLogger("redraft.supervisor")

LOOK_ROUND = 2.0
"""Seconds between two looks whether there is still something to do here."""
IDLE_ROUNDS = 3
OPEN_FILES = 8192


class Supervisor:
    """Everything of one environment, put together."""

    def __init__(self, state: Path, runtime: Runtime) -> None:
        self._state = state
        self._socket = socket_path(state)
        self._served = last_served(state)
        self._recorded: tuple[int, int] | None = None
        self._changed = Pulse()
        self._runtime = runtime
        self._stable = StablePort(state / "port", Router())
        self._controller = Controller(runtime, self._stable, self._tell)
        self._witness = Witness(self._socket, self._controller.picture, runtime.say)
        self._server = Server(
            self._controller, self._changed, runtime.grown, runtime.prepared, self._witness
        )
        self._listening: asyncio.Server | None = None
        self._abandoned = False

    async def run(self) -> None:
        """Serve until there is nothing to keep."""
        loop = asyncio.get_running_loop()
        ending = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, ending.set)
        self._runtime.begin(self._tell)
        await self._listen()
        self._write_record()
        done = await self._first(ending.wait(), self._server.stopped.wait(), self._look_round())
        await self._controller.stop()
        self._close(keep_record=done == 0)
        if self._abandoned:
            await self._remove_traces()

    async def _first(self, *waits: Coroutine[None, None, object]) -> int:
        """Return which of these came first."""
        tasks = [asyncio.create_task(wait) for wait in waits]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        return min(tasks.index(task) for task in done)

    async def _listen(self) -> None:
        private_folder(self._socket.parent)
        self._listening = await asyncio.start_unix_server(
            self._server.converse, self._socket, limit=LONGEST
        )

    async def _look_round(self) -> None:
        """Return when there is nothing to keep any more."""
        idle = 0
        while idle < IDLE_ROUNDS:
            await asyncio.sleep(LOOK_ROUND)
            self._runtime.look_round()
            alone = not self._server.connections
            idle = idle + 1 if alone and self._controller.empty else 0
            if not self._state.exists():
                if alone:
                    log.warning("the state folder is gone: ending the app")
                    self._abandoned = True
                    return
                self._write_record()
            if not self._socket.exists():
                await self._listen_again()

    async def _listen_again(self) -> None:
        try:
            await self._listen()
        except (OSError, FaultError) as error:  # the app goes on; the next look round tries again
            log.warning("cannot listen on %s: %s", self._socket, error)

    def _tell(self) -> None:
        self._changed.strike()
        if self._recorded != (self._stable.port, self._controller.serving):
            self._write_record()

    def _write_record(self) -> None:
        port, serving = self._stable.port, self._controller.serving
        self._served = serving or self._served
        record = {
            "version": VERSION,
            "pid": os.getpid(),
            "started": time.time(),
            "socket": str(self._socket),
            "port": port,
            "serving": self._served,
        }
        try:
            write_record(self._state, record)
            self._recorded = (port, serving)
        except OSError as error:  # a full disk must not end the app; the next change tries again
            log.warning("cannot write %s: %s", NAME, error)

    def _close(self, *, keep_record: bool) -> None:
        self._witness.forget()
        self._runtime.close()
        if self._listening is not None:
            self._listening.close()
        self._socket.unlink(missing_ok=True)
        if not keep_record:
            (self._state / NAME).unlink(missing_ok=True)

    async def _remove_traces(self) -> None:
        """Remove what ending the app wrote into a state folder that had been deleted."""
        await self._runtime.remove_traces()
        (self._state / NAME).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._state.rmdir()


def supervise(state: Path, run: Callable[[Path], Runtime]) -> None:
    """Become the supervisor of an environment, detached; return at once.

    The process that was started ends here while a child of it lives on, so that whoever started it
    has no child to wait for. The child ends at once when there is a supervisor already.
    """
    if os.fork():
        return
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    _open_many()
    if take(state) is not None and not answers(socket_path(state)):
        asyncio.run(Supervisor(state, run(state)).run())


def answers(path: Path) -> bool:
    """Whether someone listens on a unix socket."""
    with socket.socket(socket.AF_UNIX) as asked, contextlib.suppress(OSError):
        asked.connect(str(path))
        return True
    return False


def _open_many() -> None:
    """Allow as many open files as the system lets us: each proxied connection takes two."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(most, OPEN_FILES) if most != resource.RLIM_INFINITY else OPEN_FILES
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
