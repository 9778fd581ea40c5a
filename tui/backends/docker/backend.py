"""The docker backend: an image is built by the engine, a pod is a container, the keeper switches.

What lives on is with the engine (containers and images, found by label and name), in the keeper and
in the state folder; this object only asks and remembers. When the keeper died before its time,
whoever observes brings it back, and it takes over the containers it finds.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from tui.backends.differing import settings_difference
from tui.backends.docker.checking import check_project, check_where
from tui.backends.docker.collecting import Collector
from tui.backends.docker.deploying import app_for, release_spec
from tui.backends.docker.executing import execute
from tui.backends.docker.launching import launch_keeper
from tui.backends.docker.leftovers import Leftovers
from tui.backends.docker.naming import container_name, environment_label
from tui.backends.docker.pinning import check_pin, pin, place_on
from tui.backends.docker.site import Site
from tui.backends.docker.standing import elsewhere, is_here
from tui.backends.history import Entry, History
from tui.backends.images.builder import ImageBuilder
from tui.backends.images.checking import check_engine
from tui.backends.images.recipe import repository
from tui.backends.legible import check_history
from tui.backends.masking import masked_files
from tui.backends.observing import observe
from tui.backends.removing import remove_kept
from tui.backends.syncing import sync_into
from tui.clients.docker.containers import Containers
from tui.clients.docker.copying import copy_into
from tui.clients.docker.engine import Engine
from tui.clients.docker.executing import Execution
from tui.clients.docker.images import ImageSettings, image_settings
from tui.clients.docker.shell import run_shell
from tui.clients.files.sync_archive import SyncArchive
from tui.clients.process.supervisor import SupervisorClient
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.images import Image, ReleaseDifference
from tui.model.loglines import LogBatch
from tui.model.places import Place
from tui.model.releases import Release
from tui.model.rollouts import Pod, Rollout
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile
from tui.ports.backend import Build, Checked, DiskUse, LoadEnvironment, Tell
from tui.ports.capabilities import Terminal
from tui.ports.running import CommandEnd, TellLines
from tui.ports.telling import Steps
from tui.supervisor.places import environment_id

OURS = ("build", "engine", "hashes", "images", "objects", "port", "releases", "snapshots")


class DockerBackend:
    """Runs an environment in containers of an engine on this machine."""

    def __init__(
        self, project: Path, state: Path, load: LoadEnvironment, environment: Environment
    ) -> None:
        self._project = project
        self._state = state
        self._load = load
        self._environment = environment
        self._engine = Engine(environment.context)
        self._id = environment_id(state)
        self._containers = Containers(self._engine, environment_label(self._id))
        self._history = History(state, Entry)
        self._builder = ImageBuilder(project, state, self._engine)
        self._leftovers = Leftovers(
            self._containers, self._builder, self._history, repository(environment)
        )
        self._supervisor = SupervisorClient(
            state, partial(launch_keeper, context=environment.context)
        )
        self._appeared = asyncio.Event()

    @property
    def capabilities(self) -> frozenset[str]:
        """What reaches into a container, beyond the verbs."""
        return frozenset({"exec", "shell", "sync"})

    @property
    def place(self) -> Place:
        """Return the engine by its docker context, or by its address."""
        endpoint = self._engine.endpoint
        return place_on(endpoint.context or endpoint.host, self._environment)

    async def check(self) -> tuple[Checked, ...]:
        """Look whether the project can be built and run on this engine."""
        running = await self._supervisor.answers()
        environment = self._environment
        project = await asyncio.to_thread(
            check_project, self._project, environment, running=running
        )
        engine = await check_engine(self._engine, environment.builder)
        history = await asyncio.to_thread(check_history, self._history)
        return (*engine, check_where(self._engine), *project, history)

    async def build(self, iteration: int, tell: Tell) -> Build:
        """Build the image of the present tree, unless the engine has it."""
        environment = await asyncio.to_thread(self._load)
        await self._check_engine()
        image = await self._builder.build(environment, Steps(iteration, "build", tell))
        return Build(image, release_spec(environment))

    async def let_go(self) -> None:
        """End what a cancelled build left going for the next one."""
        await self._builder.let_go()

    async def push(self, iteration: int, build: Build, tell: Tell) -> Build:
        """Do nothing: the image is where it is needed."""
        return build

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        """Record the release and ask the keeper to run it."""
        steps = Steps(iteration, "deploy", tell)
        await self._check_engine()
        image = await self._image(release)
        planned = replace(release, revision=self._history.next_revision(), outcome="pending")
        app = app_for(planned, image)
        async with self._history.begun(Entry(planned, app)):
            await asyncio.to_thread(pin, self._state, self._engine.endpoint)
            async with steps.step("start"):
                await self._supervisor.run(app)
        self._appeared.set()
        return planned

    async def record(self, release: Release) -> None:
        """Keep the release's outcome."""
        await asyncio.to_thread(self._history.rewrite, release)

    def observe(self) -> AsyncIterator[Rollout]:
        """Yield what the keeper runs, bringing it back when it died."""
        return observe(self._supervisor, self._state, self._history, self._appeared)

    def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        """Yield what the containers printed, as the engine kept it."""
        site = Site(self._containers, self._id)
        return Collector(site, self._supervisor, positions).collect()

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in a replica's container; raises FaultError."""
        name = container_name(pod.name, self._id)
        return await execute(Execution(self._engine, name, argv), tell)

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run a shell in a replica's container; raises FaultError."""
        return await run_shell(self._engine, container_name(pod, self._id), terminal)

    async def sync(self, into: tuple[Incarnation, ...], files: tuple[SyncFile, ...]) -> None:
        """Copy saved files into replicas' containers; raises FaultError."""
        await self._check_engine()

        async def copy(one: Incarnation, archive: SyncArchive) -> None:
            name = container_name(one.pod, self._id)
            await copy_into(self._engine, name, archive.tar, archive.removed)

        await sync_into(self._project, into, files, copy)

    async def releases(self) -> tuple[Release, ...]:
        """Return the history, oldest first."""
        return await asyncio.to_thread(self._history.releases)

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        """Return the files in which two images differ; none when a context was pruned."""
        return await self._builder.changed(old, new)

    async def difference(self, old: Release, new: Release) -> ReleaseDifference:
        """Return files and settings that differ; no files when a context was pruned."""
        settings = settings_difference(old.spec, new.spec)
        if old.image.tag == new.image.tag:
            return ReleaseDifference((), settings)
        files = await self._builder.difference(old.image.tag, new.image.tag)
        return ReleaseDifference(masked_files(files), settings)

    async def prune(self) -> tuple[tuple[str, ...], int]:
        """Delete contexts and images that no retained release needs."""
        present = await self._containers.all()
        return await self._leftovers.prune(present, await self._supervisor.picture())

    async def disk(self) -> DiskUse:
        """Measure what is kept of build contexts; images are the engine's to measure."""
        return DiskUse(await self._builder.size(), 0)

    async def belongings(self) -> tuple[str, ...]:
        """Return what `delete` would remove."""
        return (
            *(f"the container {state.name}" for state in await self._containers.all()),
            *(f"the image {name}" for name in await self._leftovers.image_names()),
            f"its history and logs in {self._state}",
        )

    async def delete(self, tell: Tell, *, purge: bool = False) -> None:
        """Remove the containers, the images, the keeper and all files made here."""
        await self._check_engine()
        await self._engine.about()  # else containers would be left on an engine that is away
        await self._supervisor.stop()
        await self._leftovers.remove()
        await asyncio.to_thread(remove_kept, self._state, OURS)

    async def close(self) -> None:
        """Let go of the engine, and let nothing go on."""
        await self.let_go()
        self._engine.close()

    async def _check_engine(self) -> None:
        """Raise FaultError for an engine elsewhere, or another than it runs on."""
        endpoint = self._engine.endpoint
        if not is_here(endpoint):
            raise FaultError(elsewhere(endpoint))
        await asyncio.to_thread(check_pin, self._state, endpoint)

    async def _image(self, release: Release) -> ImageSettings:
        found = await image_settings(self._engine, release.image.reference)
        if found is None:
            raise FaultError(_image_gone(release))
        return found


def _image_gone(release: Release) -> Fault:
    return Fault(
        "image-missing",
        f"the engine does not have the image {release.image.reference} any more",
        remedy="bring the tree itself up: `redraft up`",
    )
