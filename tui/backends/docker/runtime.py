"""The runtime of containers: a supervisor's way to run replicas on an engine."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tui.backends.docker.naming import environment_label
from tui.backends.docker.replica import ContainerReplica
from tui.backends.docker.site import Site
from tui.clients.docker.containers import Containers
from tui.clients.docker.engine import Engine
from tui.supervisor.places import environment_id
from tui.supervisor.protocol import App
from tui.supervisor.pulse import Pulse


class ContainerRuntime:
    """Runs replicas as containers; implements `tui.supervisor.runtime.Runtime`."""

    def __init__(self, state: Path, engine: Engine) -> None:
        environment = environment_id(state)
        self._containers = Containers(engine, environment_label(environment))
        self._site = Site(self._containers, environment)
        self._following: asyncio.Task[None] | None = None
        self.grown = Pulse()

    @property
    def lost_since(self) -> float:
        """Unix time since which the engine does not answer."""
        return self._site.lost_since

    def begin(self, changed: Callable[[], None]) -> None:
        """Begin to follow the engine's events."""
        self._site.when_changed(changed)
        self._following = asyncio.create_task(self._site.follow())

    async def prepared(self) -> None:
        """Take apps at once."""

    def replica(self, app: App, ordinal: int, changed: Callable[[], None]) -> ContainerReplica:
        """Keep one container."""
        return ContainerReplica(app, ordinal, self._site, changed)

    def say(self, iteration: int, line: str) -> None:
        """Do nothing: lines are collected by redraft, which writes its own itself."""

    def look_round(self) -> None:
        """Do nothing: what the containers print is kept by the engine."""

    def close(self) -> None:
        """Follow no more."""
        if self._following is not None:
            self._following.cancel()

    async def remove_traces(self) -> None:
        """Remove the stopped containers."""
        for state in await self._containers.all():
            await self._containers.remove(state.id)
