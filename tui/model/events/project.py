"""What is looked after: the project, its settings, and the end of it."""

from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.places import Protection


@frozen
class ProjectOpened:
    """An engine began to look after one environment of one project."""

    project: str
    name: str
    environment: str
    backend: str
    context: str
    namespace: str
    capabilities: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    pack: str = ""
    protection: Protection | None = None


@frozen
class SettingsChanged:
    """draft.toml was read again after a change; what it says holds from now on.

    Its backend, context and namespace are still those of `ProjectOpened`.
    """

    name: str
    environments: tuple[str, ...]
    pack: str = ""
    protection: Protection | None = None
    keys: tuple[str, ...] = ()
    """Those of this environment that have other values now; none where it was only corrected."""

    @property
    def sentence(self) -> str:
        """What is told of it; never a value, which may be a secret."""
        what = f": {', '.join(self.keys)}" if self.keys else ""
        return f"draft.toml is followed{what}"


@frozen
class SettingsRefused:
    """draft.toml was changed and is not followed: it is wrong, or names another place.

    What it said before holds on, but for the other environments that it names.
    """

    fault: Fault
    environments: tuple[str, ...] = ()
    """None where they cannot be read."""


@frozen
class NameConfirmed:
    """The name of the protected place was typed; it may be changed from now on."""


@frozen
class DeletionStarted:
    """All that this environment has is being removed."""


@frozen
class DeletionStopped:
    """It was not removed whole; a fault tells why."""


@frozen
class EnvironmentDeleted:
    """What this environment had running and stored is gone."""

    elsewhere: bool = False
    """Whether it was another redraft that deleted it."""
