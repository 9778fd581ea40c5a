"""A backend, a watcher and a store under the test's control, to make the engine meet every fault.

They stand in for what a real backend cannot be made to show at a chosen moment; the same engine
runs against real processes in tests/integration.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

from tui.config.environment import Environment
from tui.engine.engine import Engine
from tui.engine.means import Author, Environs, Means
from tui.engine.tasks import Tasks
from tui.model import events as e
from tui.model.changes import Change, Commit, WatchMode
from tui.model.commands import Command
from tui.model.faults import Fault, FaultError
from tui.model.images import FileDifference, Image, ReleaseDifference
from tui.model.loglines import LogBatch, LogRecord
from tui.model.places import Place
from tui.model.releases import Release, ReleaseSpec
from tui.model.rollouts import Container, Pod, Rollout, Termination, Workload
from tui.ports.backend import Build, Checked, DiskUse, Tell
from tui.ports.running import CommandEnd, TellLines
from tui.ports.settings import Settings
from tui.ports.watching import Group

PATIENCE = 5.0
"""Seconds any awaited condition may take; generous, for it is never the thing measured."""


HERE = Place("here")


@dataclass
class ScriptedBackend:
    """Builds the tag it is told to; each verb can be made to wait or to fail."""

    tag: str = "aaa"
    fail_build: Exception | None = None
    crash: bool = False
    """Whether what is deployed crashes instead of becoming ready."""
    ready: bool = True
    hold_build: asyncio.Event | None = None
    hold_deploy: asyncio.Event | None = None
    hold_delete: asyncio.Event | None = None
    fail_delete: FaultError | None = None
    builds_begun: int = 0
    at_once: int = 0
    """Builds under way."""
    built: list[str] = field(default_factory=list)
    deployed: list[Release] = field(default_factory=list)
    recorded: dict[int, Release] = field(default_factory=dict)
    deleted: bool = False
    purged: bool = False
    executed: list[tuple[str, str]] = field(default_factory=list)
    capabilities: frozenset[str] = frozenset()
    stands: Place = HERE
    pictures: asyncio.Queue[Rollout] = field(default_factory=asyncio.Queue)
    batches: asyncio.Queue[LogBatch] = field(default_factory=asyncio.Queue)

    @property
    def place(self) -> Place:
        return self.stands

    async def check(self) -> tuple[Checked, ...]:
        return ()

    async def build(self, iteration: int, tell: Tell) -> Build:
        tag = self.tag
        self.builds_begun += 1
        self.at_once += 1
        assert self.at_once == 1, "two builds at once"
        tell(e.StepStarted(iteration, "build", "context"))
        try:
            if self.hold_build is not None:
                await self.hold_build.wait()
            if self.fail_build is not None:
                raise self.fail_build
        finally:
            self.at_once -= 1
        tell(e.StepFinished(iteration, "build", "context", 0.0, "done"))
        self.built.append(tag)
        return Build(Image("app", tag), ReleaseSpec())

    async def push(self, iteration: int, build: Build, tell: Tell) -> Build:
        return replace(build, image=replace(build.image, digest="sha256:1"))

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        if self.hold_deploy is not None:
            await self.hold_deploy.wait()
        numbered = replace(release, revision=max(self.recorded, default=0) + 1)
        self.deployed.append(numbered)
        self.recorded[numbered.revision] = numbered
        self.pictures.put_nowait(self.picture(numbered.revision))
        return numbered

    def picture(self, revision: int) -> Rollout:
        container = Container("app", running=self.ready, ready=self.ready and not self.crash)
        if self.crash:
            container = Container("app", last=Termination(1, last_lines=("boom",)), restarts=1)
        pod = Pod(f"app-{revision}", revision, "Running", (container,), address="127.0.0.1:1")
        serving = revision if container.ready else 0
        return Rollout(revision, serving, (Workload("App", "app", 1),), (pod,), url="http://x")

    async def record(self, release: Release) -> None:
        self.recorded[release.revision] = release

    async def observe(self) -> AsyncIterator[Rollout]:
        yield self.picture(max(self.recorded)) if self.recorded else Rollout(0)
        while True:
            yield await self.pictures.get()

    async def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        yield LogBatch("", "", ())
        while True:
            yield await self.batches.get()

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        self.executed.append((pod.name, argv[-1]))
        return CommandEnd(0)

    async def releases(self) -> tuple[Release, ...]:
        return tuple(self.recorded[number] for number in sorted(self.recorded))

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        return () if old.tag == new.tag else ("app.py",)

    async def difference(self, old: Release, new: Release) -> ReleaseDifference:
        same = old.image.tag == new.image.tag
        return ReleaseDifference(() if same else (FileDifference("app.py", "modified"),))

    async def prune(self) -> tuple[tuple[str, ...], int]:
        return (), 0

    async def disk(self) -> DiskUse:
        return DiskUse(1, 2)

    async def belongings(self) -> tuple[str, ...]:
        return ("the app",)

    async def delete(self, tell: Tell, *, purge: bool = False) -> None:
        if self.hold_delete is not None:
            await self.hold_delete.wait()
        if self.fail_delete is not None:
            raise self.fail_delete
        self.deleted, self.purged = True, purge

    async def close(self) -> None:
        pass


class ScriptedRunner:
    """Runs nothing; remembers commands and ends them as it is told to."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, Mapping[str, str]]] = []
        self.codes: dict[str, int] = {}
        self.hold: asyncio.Event | None = None

    async def run(
        self, argv: tuple[str, ...], env: Mapping[str, str], tell: TellLines
    ) -> CommandEnd:
        self.ran.append((argv[-1], env))
        tell((f"running {argv[-1]}",))
        if self.hold is not None:
            await self.hold.wait()
        return CommandEnd(self.codes.get(argv[-1], 0), (f"running {argv[-1]}",))


class ScriptedWatcher:
    """Yields the groups of changes the test puts in."""

    mode: WatchMode = "native"
    reason = ""

    def __init__(self) -> None:
        self.quiet = 0.3
        self.beside: tuple[str, ...] = ()
        self.again = asyncio.Event()
        self.groups: asyncio.Queue[Group | FaultError] = asyncio.Queue()

    async def changes(self) -> AsyncIterator[Group]:
        yield Group((), at_rest=True)
        while True:
            group = await self.groups.get()
            if isinstance(group, FaultError):
                raise group
            yield group

    async def possible(self) -> None:
        await self.again.wait()
        self.again.clear()

    def save(self, *paths: str, at_rest: bool = True, told: bool = False) -> None:
        changes = tuple(Change(path, "modified") for path in paths)
        self.groups.put_nowait(Group(changes, at_rest, told))


class ScriptedRepository:
    """Stands at the commit the test says."""

    def __init__(self) -> None:
        self.now = self.told = Commit("c1", "main")

    async def commit(self) -> Commit:
        self.told = self.now
        return self.now

    def unmoved(self) -> Commit | None:
        return self.now if self.now == self.told else None


class ListSink:
    """Keeps log records in a list."""

    def __init__(self) -> None:
        self.records: list[LogRecord] = []

    def put(self, batch: LogBatch) -> None:
        self.records.extend(batch.records)

    def backlog(self) -> int:
        return 0

    async def flush(self) -> None:
        return

    def positions(self) -> Mapping[str, str]:
        return {}

    def size(self) -> int:
        return 3


class OneLock:
    """A lock another process may hold."""

    def __init__(self) -> None:
        self.taken_elsewhere = False
        self.held = False

    def acquire(self) -> bool:
        taken = not (self.held or self.taken_elsewhere)
        self.held |= taken
        return taken

    def lost(self) -> bool:
        return False

    def release(self) -> None:
        self.held = False

    def holder(self) -> str:
        return "another redraft (process 1)"


@dataclass
class Scene:
    """An engine with everything around it in the test's hand."""

    backend: ScriptedBackend = field(default_factory=ScriptedBackend)
    watcher: ScriptedWatcher = field(default_factory=ScriptedWatcher)
    repository: ScriptedRepository = field(default_factory=ScriptedRepository)
    sink: ListSink = field(default_factory=ListSink)
    lock: OneLock = field(default_factory=OneLock)
    settings: Environment = field(default_factory=lambda: Environment("development", "app"))
    runner: ScriptedRunner = field(default_factory=ScriptedRunner)

    environments: tuple[str, ...] = ("development",)
    unreadable: FaultError | None = None

    def __post_init__(self) -> None:
        self.now = Settings(self.settings, self.environments, self.backend.stands.protection)

    def _load(self) -> Environment:
        if self.unreadable is not None:
            raise self.unreadable
        return self.settings

    def names(self) -> tuple[str, ...]:
        return self.environments

    def read(self) -> Settings:
        """Read the settings as the test has set them since."""
        protection = self.backend.stands.protection
        self.now = Settings(self._load(), self.environments, protection)
        return self.now

    def engine(self) -> Engine:
        return Engine(
            Environs(
                opened=e.ProjectOpened(
                    "/p",
                    "app",
                    "development",
                    "local",
                    "here",
                    "",
                    tuple(self.backend.capabilities),
                    protection=self.backend.stands.protection,
                ),
                means=Means(
                    self.backend,
                    Tasks(self._load, self.runner, self.backend),
                    self.lock,
                    Author("me", "here"),
                    self,
                ),
                watcher=self.watcher,
                repository=self.repository,
                sink=self.sink,
                collector_lock=OneLock(),
            )
        )


async def until(engine: Engine, kind: type[e.Event], count: int = 1) -> e.Event:
    """Return the `count`-th event of a kind from now on."""
    return (await gather(engine, kind, count))[-1]


async def gather(engine: Engine, kind: type[e.Event], count: int) -> list[e.Event]:
    """Return `count` events of a kind from now on."""
    subscription = engine.subscribe()
    found: list[e.Event] = []
    deadline = time.monotonic() + PATIENCE
    while len(found) < count:
        left = deadline - time.monotonic()
        told = await asyncio.wait_for(subscription.wait(), left)
        found += [stamped.event for stamped in told if isinstance(stamped.event, kind)]
    subscription.close()
    return found


def refusal_of(engine: Engine, command: Command) -> str:
    """Return why a command is refused, which is told before `submit` returns."""
    subscription = engine.subscribe()
    subscription.drain()
    engine.submit(command)
    told = [s.event for s in subscription.drain() if isinstance(s.event, e.CommandRefused)]
    subscription.close()
    return told[0].reason if told else ""


FAULT = FaultError(Fault("step-failed", "pip failed", evidence=("no such package",)))
