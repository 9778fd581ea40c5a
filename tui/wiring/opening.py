"""Opening an environment: from draft.toml to a running engine.

What only some commands need (reading logs, watching files) is imported when it is needed: an `up`
that finds nothing changed takes about as long as its imports.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.clients.git import Git
from tui.clients.lock import FileLock
from tui.clients.process.commands import ProjectCommands
from tui.config.deployed import deployed_by
from tui.config.draft_toml import load_environment
from tui.config.environment import Environment
from tui.engine.engine import Engine
from tui.engine.locking import PATIENCE, held
from tui.engine.means import Environs, Means
from tui.engine.tasks import Tasks
from tui.logs.store import LogStore
from tui.model.events import EnvironmentDeleted, ProjectOpened
from tui.ports.backend import Backend, Tell
from tui.ports.watching import Watcher
from tui.wiring.authoring import author_here
from tui.wiring.backends import backend_of
from tui.wiring.logfile import logging_to
from tui.wiring.places import LOCK, make_private, state_folder
from tui.wiring.removal import forgetting, remove_unless_released
from tui.wiring.staying import DraftToml, home_of

if TYPE_CHECKING:
    from tui.logs.reader import LogReader


@dataclass(frozen=True)
class Opened:
    """A running engine and what belongs to it."""

    engine: Engine
    means: Means
    environment: Environment
    state: Path
    store: LogStore

    @cached_property
    def logs(self) -> "LogReader":
        """A reader of the log lines, which is told when the store has written some."""
        reader = _reader(self.state)
        self.store.on_written = reader.written
        return reader


@asynccontextmanager
async def open_backend(project: Path, environment: str) -> AsyncIterator[Backend]:
    """Give the backend of an environment as draft.toml has it; raises FaultError."""
    loaded = await asyncio.to_thread(load_environment, project, environment)
    home = await asyncio.to_thread(home_of, project, loaded)
    backend = await asyncio.to_thread(backend_of, home)
    try:
        yield backend
    finally:
        await backend.close()


async def delete_environment(
    project: Path, environment: str, backend: Backend, tell: Tell, purge: bool
) -> None:
    """Remove all of an environment without an engine, then run its `cleanup`; raises FaultError."""
    state = state_folder(project, environment)
    make_private(state)
    async with held(FileLock(state / LOCK), PATIENCE, tell):
        await backend.delete(tell, purge=purge)
        try:
            await _tasks(project, environment, backend).after_delete(tell)
        finally:
            await asyncio.to_thread(remove_unless_released, project, environment)
            tell(EnvironmentDeleted())


def open_logs(project: Path, environment: str) -> "LogReader":
    """Return a reader of the environment's log lines."""
    return _reader(state_folder(project, environment))


def _reader(state: Path) -> "LogReader":
    from tui.logs.reader import LogReader

    return LogReader(state / "logs.db")


def _watcher(project: Path, environment: Environment, state: Path) -> Watcher:
    from tui.clients.files.watching import FileWatcher

    watcher = FileWatcher(project, environment.watch_delay, (state,))
    watcher.beside = deployed_by(environment)
    return watcher


@asynccontextmanager
async def open_engine(project: Path, environment: str, *, watch: bool) -> AsyncIterator[Opened]:
    """Run an engine for the environment while the `async with` lasts; raises FaultError."""
    loaded = load_environment(project, environment)
    state = state_folder(project, environment)
    make_private(state)
    with logging_to(state):
        home = home_of(project, loaded)
        backend = backend_of(home)
        store = LogStore(state / "logs.db")
        means = Means(
            backend,
            _tasks(project, environment, backend),
            FileLock(state / LOCK),
            author_here(),
            DraftToml(home),
        )
        engine = Engine(
            Environs(
                opened=_opened(project, means),
                means=means,
                watcher=_watcher(project, loaded, state) if watch else None,
                repository=Git(project),
                sink=store,
                collector_lock=FileLock(state / "collector.lock"),
            )
        )
        loop = asyncio.get_running_loop()
        store.on_fault = lambda fault: loop.call_soon_threadsafe(engine.report, fault)
        await asyncio.to_thread(store.start)
        try:
            async with engine, forgetting(engine, store):
                yield Opened(engine, means, loaded, state, store)
        finally:
            await store.close()
            await backend.close()


def _tasks(project: Path, environment: str, backend: Backend) -> Tasks:
    return Tasks(lambda: load_environment(project, environment), ProjectCommands(project), backend)


def _opened(project: Path, means: Means) -> ProjectOpened:
    settings, backend = means.settings.now, means.backend
    environment, place = settings.environment, backend.place
    return ProjectOpened(
        project=str(project),
        name=environment.name,
        environment=environment.environment,
        backend=environment.backend,
        context=place.context,
        namespace=place.namespace,
        capabilities=tuple(sorted(backend.capabilities)),
        environments=settings.environments,
        pack=environment.pack,
        protection=place.protection,
    )
