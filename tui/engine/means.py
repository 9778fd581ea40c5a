"""Means and environs: what an engine and its iterations work with."""

from tui.engine.tasks import Tasks
from tui.model.events import ProjectOpened
from tui.model.frozen import frozen
from tui.ports.backend import Backend
from tui.ports.locking import Lock
from tui.ports.logstore import LogSink
from tui.ports.settings import SettingsSource
from tui.ports.watching import Repository, Watcher


@frozen
class Author:
    """Who deploys, for the history."""

    user: str
    host: str


@frozen
class Means:
    """What every iteration of an environment works with."""

    backend: Backend
    tasks: Tasks
    lock: Lock
    author: Author
    settings: SettingsSource


@frozen
class Environs:
    """What an engine works with: one implementation of each port, and who it works for."""

    opened: ProjectOpened
    means: Means
    watcher: Watcher | None
    """None for a run that does not watch."""
    repository: Repository
    sink: LogSink
    collector_lock: Lock
