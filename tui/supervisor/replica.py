"""A replica as a process: keeps one copy of the app running and knows how it is.

Each start is an incarnation with a port, a capture and an endpoint of its own. When its first
process ends, the incarnation ends: what it left behind is ended too, as in a container. Then it is
started again, after a pause that grows while it keeps crashing.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tui.model.evidence import LINES_KEPT
from tui.model.frozen import frozen
from tui.model.rollouts import Container, Phase, Pod, Termination
from tui.supervisor.capture import Capture
from tui.supervisor.endings import STEADY, ended, not_started, restart_pause
from tui.supervisor.frames import Origin
from tui.supervisor.launching import Process, free_port, launch, runs_shell
from tui.supervisor.listening import listening_ports, listens
from tui.supervisor.probing import ProbeError, losses, probe, probe_pause
from tui.supervisor.protocol import App
from tui.supervisor.reaping import Reaper
from tui.supervisor.routing import Endpoint
from tui.supervisor.spool import SpoolWriter

CONTAINER = "app"
"""The name of the one container of a pod."""
WORKER_STEADY = 1.0
"""Seconds after which an app that opens no port counts as ready."""
BY_ANOTHER = 2.0
"""Seconds after which an answer counts that no process of the session gives: a daemon's, or of a
container that the app started. Before that another program may have taken the port that was free a
moment ago; the app, which cannot have it then, ends within this time.
"""
LOOK_FOR_PORTS = 1.0
"""Seconds of failing probes after which we look where the app listens instead."""


@frozen
class Site:
    """What all replicas of an environment share."""

    environment: str
    """Begins the marker of every process."""
    spool: SpoolWriter
    reaper: Reaper


class ProcessReplica:
    """One pod with its one container."""

    def __init__(self, app: App, ordinal: int, site: Site, changed: Callable[[], None]) -> None:
        self.name = f"{app.name}-{app.revision}-{ordinal}"
        self.endpoint: Endpoint | None = None
        """Where it answers now; None while it does not."""
        self._app = app
        self._site = site
        self._changed = changed
        self._container = Container(CONTAINER, waiting="ContainerCreating")
        self._created = time.time()
        self._port = 0
        self._process: Process | None = None
        self._stopping = asyncio.Event()
        self._task = asyncio.create_task(self._keep())

    @property
    def ready(self) -> bool:
        """Whether its last probes passed in this incarnation."""
        return self._container.ready

    def pod(self) -> Pod:
        """Return the picture of it."""
        address = f"127.0.0.1:{self._port}" if self._port else ""
        return Pod(
            self.name,
            self._app.revision,
            self._phase(),
            (self._container,),
            self._created,
            address,
        )

    async def stop(self) -> None:
        """End it and everything it started; returns when nothing is left."""
        self._stopping.set()
        self._changed()
        if self._process is not None:
            await self._process.end(self._app.stop_grace)
        await self._task

    def _phase(self) -> Phase:
        if self._stopping.is_set():
            return "Terminating"
        return "Running" if self._container.started else "Pending"

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        crashes = 0
        while not self._stopping.is_set():
            began = loop.time()
            await self._run_once()
            crashes = 1 if loop.time() - began >= STEADY else crashes + 1
            await self._back_off(restart_pause(crashes))

    async def _run_once(self) -> None:
        app, origin = self._app, self._origin()
        capture = Capture(self._site.spool, origin)
        marker = f"{self._site.environment}/{self.name}/"
        try:
            self._port = free_port() if app.opens_port else 0
            process = launch(app, self._port, marker, capture, self._site.reaper)
        except OSError as error:
            await capture.finish(0)
            self._tell_end(not_started(error, app.argv[0], time.time()))
            return
        self._process = process
        self._mark(f"started as process {process.pid}")
        self._show(running=True, waiting="", message="", retry_at=0.0, started=time.time())
        await self._until_ended(process)
        self._process = None

    async def _until_ended(self, process: Process) -> None:
        probing = asyncio.create_task(self._become_ready(process))
        status = await process.status
        probing.cancel()
        self.endpoint = None
        await process.capture.settle(0.2)
        lines = process.capture.last_lines(LINES_KEPT)
        code = os.waitstatus_to_exitcode(status)
        by_shell = runs_shell(self._app.argv)
        self._tell_end(ended(code, lines, time.time(), by_shell=by_shell))
        if not self._stopping.is_set():
            await process.end(self._app.stop_grace)
        await process.capture.finish(0.5)

    async def _become_ready(self, process: Process) -> None:
        if not self._app.opens_port:
            await asyncio.sleep(WORKER_STEADY)
            self._show(ready=True)
            return
        host = await self._first_answer(process)
        endpoint = self.endpoint = Endpoint(host, self._port)
        now = time.time()
        self._show(ready=True, probe_message="", listening=(self._port,), first_ready=now)
        await self._stay_ready(endpoint)

    async def _stay_ready(self, endpoint: Endpoint) -> None:
        """Take it from the stable port while it does not answer; it is not started again for that.

        What hangs may hold a debugger, and what it printed last would be lost among other lines.
        """
        probes = losses(partial(probe, self._port, self._app.probe_path))
        async with contextlib.aclosing(probes):
            async for seen in probes:
                self.endpoint = None if seen else endpoint
                self._mark(f"is not ready any more: {seen}" if seen else "is ready again")
                self._show(ready=not seen, probe_message=seen)

    async def _first_answer(self, process: Process) -> str:
        loop = asyncio.get_running_loop()
        began, look = loop.time(), LOOK_FOR_PORTS
        while True:
            try:
                host = await probe(self._port, self._app.probe_path)
                if await self._is_its_own(process, loop.time() - began):
                    return host
                self._show(probe_message=f"another program answers on port {self._port}")
            except ProbeError as error:
                self._show(probe_message=str(error))
            elapsed = loop.time() - began
            if elapsed >= look:
                look = elapsed + min(10.0, max(1.0, elapsed / 2))
                self._show(listening=await asyncio.to_thread(listening_ports, process.pid))
            await asyncio.sleep(probe_pause(elapsed))

    async def _is_its_own(self, process: Process, elapsed: float) -> bool:
        """Whether what answers is the app, `elapsed` seconds after its start."""
        return elapsed >= BY_ANOTHER or await asyncio.to_thread(listens, process.pid, self._port)

    async def _back_off(self, seconds: float) -> None:
        if self._stopping.is_set():
            return
        why = f"restarting in {seconds:.0f} s"
        self._show(waiting="CrashLoopBackOff", message=why, retry_at=time.time() + seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            self._show(restarts=self._container.restarts + 1)

    def _tell_end(self, last: Termination) -> None:
        self._mark(present_end(last))
        self._show(
            ready=False, running=False, listening=(), probe_message="", first_ready=0.0, last=last
        )

    def _mark(self, what: str) -> None:
        """Write a line about it among its own."""
        self._site.spool.mark(self._origin(), f"{self.name} {what}")

    def _origin(self) -> Origin:
        return Origin(self._app.revision, self.name, self._container.restarts)

    def _show(self, **changes: Any) -> None:
        container = replace(self._container, **changes)
        if container != self._container:
            self._container = container
            self._changed()


def present_end(last: Termination) -> str:
    """Say how an incarnation ended, for the marker among its log lines."""
    if last.reason == "StartError":
        return f"could not be started: {last.message}"
    if last.signal:
        return f"was ended by signal {last.signal}"
    return f"exited with code {last.exit_code}"
