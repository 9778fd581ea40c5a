"""The protocol of the lock that lets one redraft at a time deploy an environment."""

from typing import Protocol


class Lock(Protocol):
    """A lock held across processes, freed by the system when its holder dies."""

    def acquire(self) -> bool:
        """Take the lock if it is free, of our own tasks too, and return whether it was.

        Raises FaultError where that cannot be told.
        """

    def lost(self) -> bool:
        """Whether it is held no more, although it was not given back: its file was removed."""

    def release(self) -> None:
        """Give it back."""

    def holder(self) -> str:
        """Say who holds it, such as `redraft (process 4711)`."""
