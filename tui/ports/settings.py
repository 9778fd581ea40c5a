"""Settings: draft.toml as an open environment goes by it, read again whenever it was changed."""

from typing import Protocol

from tui.config.environment import Environment
from tui.model.frozen import frozen
from tui.model.places import Protection


@frozen
class Settings:
    """What draft.toml says, of this environment and beside it."""

    environment: Environment
    environments: tuple[str, ...] = ()
    """All that it has a table of, in its order."""
    protection: Protection | None = None
    """What must be typed before anything is changed where this one runs."""


class SettingsSource(Protocol):
    """Where settings come from."""

    @property
    def now(self) -> Settings:
        """What was read last and was right."""

    def names(self) -> tuple[str, ...]:
        """Return the environments that the file names as it is; none where it is wrong."""

    def read(self) -> Settings:
        """Read them, and keep them as `now`. Blocking.

        Raises `FaultError` when the file is wrong, and when it would have this environment run
        elsewhere than it does: an open environment stays where it is.
        """
