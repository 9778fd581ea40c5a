"""The protocols of the project's folder: watching it, and asking git about it."""

from collections.abc import AsyncIterator
from typing import Protocol

from tui.model.changes import Change, Commit, WatchMode


class Watcher(Protocol):
    """Watches the build context."""

    mode: WatchMode
    reason: str
    """Why polling, in a sentence; empty for native events."""

    def changes(self) -> AsyncIterator[tuple[Change, ...]]:
        """Yield what changed after each quiet period, until cancelled.

        The first group is empty: changes are seen from then on. Ignored files come marked with
        their rule.

        Changes of an ignore file take effect for the same group. Raises `FaultError` when watching
        cannot go on.
        """


class Repository(Protocol):
    """The project's version control."""

    async def commit(self) -> Commit:
        """Return where the checkout stands; an empty Commit without git."""
