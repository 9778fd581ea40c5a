"""Means: what the iterations of an environment work with."""

from tui.engine.tasks import Tasks
from tui.model.frozen import frozen
from tui.ports.backend import Backend
from tui.ports.locking import Lock


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
    wait: bool = True
    """Whether an iteration lasts until the verdict on its rollout, or ends with the deploy."""
