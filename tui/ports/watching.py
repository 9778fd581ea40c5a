"""The protocols of the project's folder: watching it, and asking git about it."""

from collections.abc import AsyncIterator
from typing import Protocol

from tui.model.changes import Change, Commit, WatchMode
from tui.model.frozen import frozen


@frozen
class Group:
    """What changed in one go."""

    changes: tuple[Change, ...]
    """Ignored files come marked with their rule."""
    at_rest: bool
    """The quiet period is over; until it is, more may come, and some may turn out to be none."""
    told: bool = False
    """It was yielded before, and nothing that counts came to it since."""


class Watcher(Protocol):
    """Watches the build context, and what else counts."""

    mode: WatchMode
    reason: str
    """Why polling, in a sentence; empty for native events."""
    quiet: float
    """Seconds that must pass after a change; the next change goes by a new value."""
    beside: tuple[str, ...]
    """Paths, folders and globs that count although they are in no build."""

    def changes(self) -> AsyncIterator[Group]:
        """Yield what changed after each quiet period, until cancelled.

        The first group is empty: changes are seen from then on. A group may be yielded before it is
        at rest, and again each time that something came to it. What came and went leaves an empty
        group at rest. Changes of an ignore file take effect for the same group. Raises `FaultError`
        when watching cannot go on; it may be called again when that is `possible`, and then tells
        first what changed meanwhile.
        """

    async def possible(self) -> None:
        """Wait until watching may be begun again that ended with a fault; it may never be."""


class Repository(Protocol):
    """The project's version control."""

    async def commit(self) -> Commit:
        """Return where the checkout stands; an empty Commit without git."""

    def unmoved(self) -> Commit | None:
        """Return what `commit` told last if the checkout still stands there, None if unknown.

        Costs next to nothing. Whether files differ from the commit is as it was then.
        """
