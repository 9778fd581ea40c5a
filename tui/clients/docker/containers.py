"""Containers on an engine: made, started, looked at, stopped and removed.

All calls raise FaultError. What a container prints is kept by the engine in json-file logs of a
bounded size, whatever driver the engine has by default: only so can lines be read again after a
break.

A call goes on in its thread when whoever made it is cancelled. So what makes or starts a container
is waited for even then: a stop that overtook it would find nothing to stop.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.clients.docker.engine import Engine
from tui.clients.docker.inspecting import ContainerState, container_state
from tui.clients.docker.logs import read_log
from tui.model.frozen import frozen
from tui.ports.enduring import to_its_end

if TYPE_CHECKING:
    from docker import APIClient

    from tui.clients.docker.logframes import LogFrame

LOG_SETTINGS = (("max-size", "64m"), ("max-file", "4"))
EVENTS = ("start", "die", "oom", "stop", "pause", "unpause", "rename", "update", "destroy")
PODMAN_EVENTS = ("died", "remove")
"""What Podman's filter calls `die` and `destroy`, which it took for unknown words before 4.4
(containers/podman#16857). Docker has no such events of containers.
"""
LOOPBACK = "127.0.0.1"


@frozen
class ContainerPlan:
    """A container to be made."""

    name: str
    image: str
    labels: Mapping[str, str]
    command: tuple[str, ...] = ()
    """Empty for the image's own."""
    env: tuple[tuple[str, str], ...] = ()
    port: int = 0
    """A TCP port of it, published on a port of 127.0.0.1 that the engine chooses; 0 for none."""
    log_settings: tuple[tuple[str, str], ...] = LOG_SETTINGS


class ContainerEvent(NamedTuple):
    """Something happened to a container."""

    name: str
    exit_code: int | None
    """Where it ended; an inspection has it no more once the container runs again."""


class Containers:
    """The containers of one engine that carry a label."""

    def __init__(self, engine: Engine, label: str) -> None:
        self.engine = engine
        self._label = label
        """`key=value`."""

    async def create(self, plan: ContainerPlan) -> None:
        """Make a container, unless there is one of its name."""
        await to_its_end(self.engine.ask(lambda client: _create(client, plan)))

    async def start(self, name: str) -> None:
        """Start it; does nothing when it runs."""
        await to_its_end(self.engine.ask(lambda client: client.start(name)))

    async def stop(self, name: str, grace: float) -> None:
        """End it: its stop signal, SIGKILL after `grace` seconds. One that is gone has ended."""
        await self.engine.ask(lambda client: _stop(client, name, round(grace)))

    async def remove(self, name: str) -> None:
        """Remove it with its anonymous volumes, killing what runs; one that is gone is removed."""
        await self.engine.ask(lambda client: _remove(client, name))

    async def inspect(self, name: str) -> ContainerState | None:
        """Look at one; None when there is none of that name or id."""
        return await self.engine.ask(lambda client: _inspect(client, name))

    async def all(self) -> tuple[ContainerState, ...]:
        """Look at all that carry the label, whether they run or not."""
        return await self.engine.ask(lambda client: _all(client, self._label))

    async def last_lines(
        self, name: str, count: int, after: int, until: int = 0
    ) -> tuple[str, ...]:
        """Return the last lines printed between two Unix times in nanoseconds, of both streams."""
        frames: list[LogFrame] = []
        since = after + 1  # not looked at here: some engines tell the time to the second only
        log = read_log(self.engine, name, since, until, follow=False, tail=0 if until else count)
        async with aclosing(log) as read:
            async for batch in read:
                frames += batch
        text = b"".join(frame.text for frame in frames)
        lines = text.decode(errors="replace").split("\n")
        return tuple(line.removesuffix("\r") for line in lines if line)[-count:]

    async def events(self, since: float) -> AsyncGenerator[ContainerEvent, None]:
        """Yield what happened to containers after a Unix time."""
        filters = {"type": "container", "label": self._label, "event": [*EVENTS, *PODMAN_EVENTS]}

        def begin(client: "APIClient") -> Any:
            return client.events(since=int(since), filters=filters, decode=True)

        async with aclosing(self.engine.stream(begin)) as events:
            async for event in events:
                told = event["Actor"]["Attributes"]
                ended = event["Action"] == "die" and told.get("exitCode", "").isdigit()
                yield ContainerEvent(told["name"], int(told["exitCode"]) if ended else None)


def _create(client: "APIClient", plan: ContainerPlan) -> None:
    from docker.errors import APIError
    from docker.types import LogConfig

    host = client.create_host_config(
        restart_policy={"Name": "unless-stopped"},
        log_config=LogConfig(type="json-file", config=dict(plan.log_settings)),
        port_bindings={plan.port: (LOOPBACK, None)} if plan.port else {},
    )
    try:
        client.create_container(
            plan.image,
            list(plan.command) or None,
            name=plan.name,
            labels=dict(plan.labels),
            environment=dict(plan.env),
            ports=[plan.port] if plan.port else [],
            host_config=host,
        )
    except APIError as error:
        if error.status_code != 409:
            raise


def _stop(client: "APIClient", name: str, grace: int) -> None:
    from docker.errors import NotFound

    try:
        client.stop(name, timeout=grace)
    except NotFound:
        return


def _remove(client: "APIClient", name: str) -> None:
    from docker.errors import APIError

    try:
        client.remove_container(name, v=True, force=True)
    except APIError as error:
        if error.status_code not in (404, 409):  # gone, or being removed by someone already
            raise


def _inspect(client: "APIClient", name: str) -> ContainerState | None:
    from docker.errors import NotFound

    try:
        return container_state(client.inspect_container(name))
    except NotFound:
        return None


def _all(client: "APIClient", label: str) -> tuple[ContainerState, ...]:
    found = client.containers(all=True, filters={"label": label})
    states = (_inspect(client, one["Id"]) for one in found)
    return tuple(state for state in states if state is not None)
