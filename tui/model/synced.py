"""Synced: what was copied into the containers of a revision and is in no image."""

from tui.model.frozen import frozen


@frozen
class Incarnation:
    """A container as it was started once."""

    pod: str
    container: str
    started: float
    """Unix time in seconds."""


@frozen
class Synced:
    """The files copied into what runs since it was built."""

    revision: int = 0
    paths: tuple[str, ...] = ()
    """Oldest first, each once."""
    into: tuple[Incarnation, ...] = ()
    """The containers that hold all of them."""


NOTHING_SYNCED = Synced()
