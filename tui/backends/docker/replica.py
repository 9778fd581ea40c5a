"""A replica as a container: the engine starts it again after a crash, we look and tell.

Level-triggered: whenever there is news, the container is looked at, and what is missing is done:
it is made, started, or probed. So it does not matter who made it or stopped it, nor how often we
were not there: a supervisor that begins anew takes over the containers it finds. The engine's own
restart policy backs crashes off and outlives everyone; only what the engine does not start again
(it was stopped or removed by hand, or could not be started at all) is started by us, with the same
pauses as a process.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tui.backends.docker.endings import container_ended, engine_pause
from tui.backends.docker.naming import APP, app_digest, container_plan, pod_name
from tui.backends.docker.reaching import Way, probe_way, way_to
from tui.backends.docker.restarts import Restarts
from tui.backends.docker.site import Site, is_lost
from tui.clients.docker.inspecting import NANO, ContainerState
from tui.model.faults import FaultError
from tui.model.rollouts import Container, Phase, Pod, Probe, Termination
from tui.supervisor.endings import restart_pause
from tui.supervisor.probing import ProbeError, losses, probe_pause
from tui.supervisor.protocol import App
from tui.supervisor.pulse import Pulse
from tui.supervisor.routing import Endpoint

CONTAINER = "app"
"""The name of the one container of a pod."""
WORKER_STEADY = 1.0
"""Seconds after which an app that opens no port counts as ready."""
LOOK_FOR_PORTS = 1.0
"""Seconds of failing probes after which we look where the app listens instead."""


class ContainerReplica:
    """One pod with its one container; implements `tui.supervisor.runtime.Replica`."""

    def __init__(self, app: App, ordinal: int, site: Site, changed: Callable[[], None]) -> None:
        self.name = pod_name(app, ordinal)
        self.endpoint: Endpoint | None = None
        self._app = app
        self._plan = container_plan(app, ordinal, site.environment)
        self._site = site
        self._changed = changed
        self._news = site.news.setdefault(self._plan.name, Pulse())
        self._seen = 0
        self._container = new_container(app)
        self._created = time.time()
        self._address = ""
        self._restarts = Restarts()
        self._incarnation = 0
        self._ended = 0
        self._starts = 0
        self._stopping = asyncio.Event()
        self._probing: asyncio.Task[None] | None = None
        self._task = asyncio.create_task(self._keep())

    @property
    def ready(self) -> bool:
        """Whether its probe passed in this incarnation."""
        return self._container.ready

    def pod(self) -> Pod:
        """Return the picture of it."""
        revision = self._app.revision
        return Pod(
            self.name, revision, self._phase(), (self._container,), self._created, self._address
        )

    async def stop(self) -> None:
        """Stop the container and leave it, since its log may not have been read to its end."""
        self._stopping.set()
        self._changed()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._until_done(
            lambda: self._site.containers.stop(self._plan.name, self._app.stop_grace)
        )
        self._end_probing()
        self._site.news.pop(self._plan.name, None)
        self._site.exit_codes.pop(self._plan.name, None)

    def _phase(self) -> Phase:
        if self._stopping.is_set():
            return "Terminating"
        return "Running" if self._container.started else "Pending"

    async def _keep(self) -> None:
        while True:
            self._seen = await self._news.after(self._seen)
            await self._until_done(self._look)

    async def _until_done(self, work: Callable[[], Any]) -> None:
        """Do something with the engine, once more when it came back after an absence."""
        while True:
            try:
                await work()
                return
            except FaultError as error:
                if not is_lost(error):
                    await self._refused(error)
                    return
            self._site.lose()
            await self._site.reached()

    async def _look(self) -> None:
        """See how the container is and do what is missing."""
        state = await self._site.containers.inspect(self._plan.name)
        if state is not None and state.labels.get(APP) != app_digest(self._app):
            await self._site.containers.remove(state.id)
            state = None
        before = self._restarts
        if state is not None:
            self._restarts = before.seen(state)
            self._show(memory_limit=state.memory_limit)
        if state is None:
            self._end_probing()
            await self._site.containers.create(self._plan)
            await self._start()
        elif state.running:
            await self._tell_missed_end(state, before)
            self._show_running(state)
        else:
            await self._show_ended(state, self._restarts.began(state, before, self._ended))

    async def _tell_missed_end(self, state: ContainerState, before: Restarts) -> None:
        """Tell an end that was over before it was looked at: only its event has the exit code.

        Podman answers no inspection while it starts a container again.
        """
        code = self._site.exit_codes.get(self._plan.name)
        if state.finished > self._ended and code is not None:
            began, until = before.present(self._ended), (state.finished + state.started) // 2
            lines = await self._site.last_lines(state.id, began, until)
            self._tell_end(container_ended(replace(state, exit_code=code), lines))
        self._ended = state.finished

    async def _start(self) -> None:
        """Start it, after a pause when it was us who started it before.

        News end the pause: Podman tells no `restarting`, it starts again what is `exited` for a
        moment only.
        """
        if self._starts:
            pause = restart_pause(self._starts)
            self._show_pause(pause)
            if await self._news_within(pause):
                return
        self._starts += 1
        await self._site.containers.start(self._plan.name)
        self._news.strike()

    async def _news_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.after(self._seen)
                return True
        return False

    def _show_running(self, state: ContainerState) -> None:
        if state.started == self._incarnation:
            return
        self._incarnation = state.started
        self._end_probing()
        way = self._way(state) if self._app.opens_port else None
        self._address = f"{state.address}:{self._app.inside}" if way is not None else ""
        self._show(
            running=True,
            waiting="",
            message="",
            retry_at=0.0,
            restarts=self._restarts.total,
            started=state.started / NANO,
        )
        self._probing = asyncio.create_task(self._become_ready(way))

    def _way(self, state: ContainerState) -> Way | None:
        engine = self._site.containers.engine
        return way_to(state, self._app.inside, rootless=engine.rootless)

    async def _show_ended(self, state: ContainerState, began: int) -> None:
        self._end_probing()
        if state.finished and state.finished != self._ended:
            lines = await self._site.last_lines(state.id, began)
            self._ended = state.finished
            self._tell_end(container_ended(state, lines))
        if state.status == "restarting":
            self._show_pause(engine_pause(state.restarts - 1))
        elif state.status != "removing":
            await self._start()

    async def _become_ready(self, way: Way | None) -> None:
        if way is None:
            await asyncio.sleep(WORKER_STEADY)
            self._show(ready=True)
            return
        await self._first_answer(way)
        endpoint = self.endpoint = Endpoint(way.host, way.port)
        now, inside = time.time(), (self._app.inside,)
        self._show(
            ready=True, probe_message="", failing_probe=None, listening=inside, first_ready=now
        )
        probes = losses(partial(probe_way, way, self._app.probe_path))
        async with contextlib.aclosing(probes):
            async for seen in probes:
                self.endpoint = None if seen else endpoint
                self._show(ready=not seen, probe_message=seen)

    async def _first_answer(self, way: Way) -> None:
        loop = asyncio.get_running_loop()
        began, look = loop.time(), LOOK_FOR_PORTS
        while True:
            try:
                await probe_way(way, self._app.probe_path)
                if way.direct or await self._site.runs(self._plan.name, self._incarnation):
                    return  # a proxy holds connections also for one that has just ended
            except ProbeError as error:
                self._show(probe_message=str(error), failing_probe="readiness")
            elapsed = loop.time() - began
            if elapsed >= look:
                look = elapsed + min(10.0, max(1.0, elapsed / 2))
                await self._look_inside()
            await asyncio.sleep(probe_pause(elapsed))

    async def _look_inside(self) -> None:
        """Tell where the app listens instead; nothing where the container cannot be asked."""
        with contextlib.suppress(FaultError):
            found = await self._site.listening(self._plan.name)
            self._show(
                listening=tuple(sorted({one.port for one in found if not one.loopback})),
                listening_locally=tuple(sorted({one.port for one in found if one.loopback})),
            )

    async def _refused(self, error: FaultError) -> None:
        """Tell what the engine will not do as a start that failed, and try again later."""
        self._end_probing()
        words = " ".join(error.fault.evidence) or error.fault.sentence
        self._tell_end(Termination(127, 0, "StartError", words, time.time()))
        self._starts = max(1, self._starts)
        if not self._stopping.is_set():
            await asyncio.sleep(restart_pause(self._starts))
            self._restarts = self._restarts.tried()
            self._news.strike()

    def _show_pause(self, seconds: float) -> None:
        why = f"restarting in {seconds:.0f} s" if seconds >= 1 else "restarting"
        self._show(waiting="CrashLoopBackOff", message=why, retry_at=time.time() + seconds)

    def _tell_end(self, last: Termination) -> None:
        self._show(
            ready=False,
            running=False,
            listening=(),
            listening_locally=(),
            probe_message="",
            failing_probe=None,
            first_ready=0.0,
            last=last,
            restarts=self._restarts.total,
        )

    def _end_probing(self) -> None:
        self.endpoint = None
        if self._probing is not None:
            self._probing.cancel()
            self._probing = None

    def _show(self, **changes: Any) -> None:
        container = replace(self._container, **changes)
        if container != self._container:
            self._container = container
            self._changed()


def new_container(app: App) -> Container:
    """Return the picture of a container that is yet to be made."""
    probes = (Probe("readiness", app.inside, app.probe_path),) if app.opens_port else ()
    return Container(
        CONTAINER,
        waiting="ContainerCreating",
        image=app.image,
        ports=(app.inside,) if app.opens_port else (),
        probes=probes,
    )
