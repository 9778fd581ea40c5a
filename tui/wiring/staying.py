"""Staying: an open environment stays where it is, whatever draft.toml comes to say.

Its backend and, on a cluster, its context, namespace and name decide what an `up` changes. What the
header says must be true of the next one too, so that other settings are not followed but told.
"""

import os
from pathlib import Path

from tui.backends.newest import keeper
from tui.backends.protecting import marked
from tui.config.draft_toml import environment_names, load_environment, place_of_key
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.places import PLACE_CHANGED, Place
from tui.ports.settings import Settings
from tui.wiring.places import state_folder

BACKEND_CHANGED = "backend-changed"
DECIDING = ("context", "namespace", "protected")
"""Keys that decide where it runs, and what must be typed there."""
NOWHERE = Place("")
"""Before it is known where."""


@frozen
class Home:
    """An environment as it was opened."""

    project: Path
    state: Path
    opened: Environment
    place: Place

    def load(self) -> Environment:
        """Read the environment as it is now; raises FaultError, also when it would be elsewhere."""
        now = load_environment(self.project, self.opened.environment)
        if now.backend != self.opened.backend:
            check_backend(self.project, self.state, now)
            raise FaultError(self._elsewhere("backend", self.opened.backend, now.backend))
        there = self._place_by(now)
        for key, is_here, is_there in (
            ("name", self._name_there(self.opened), self._name_there(now)),
            ("context", self.place.context, there.context),
            ("namespace", self.place.namespace, there.namespace),
        ):
            if is_here != is_there:
                raise FaultError(self._elsewhere(key, is_here, is_there))
        return now

    def read(self) -> Settings:
        """Read all there is to know of it; raises FaultError as `load` does."""
        now = self.load()
        return Settings(now, environment_names(self.project), self._place_by(now).protection)

    def _place_by(self, now: Environment) -> Place:
        """Return where it would run; each build asks, and a large kubeconfig takes long to read."""
        opened = self.opened
        if all(getattr(now, key) == getattr(opened, key) for key in DECIDING):
            return self.place
        return place_by(now, self.state, self.place)

    def _name_there(self, environment: Environment) -> str:
        """Return the name if it decides what is changed: a release on a cluster goes by it."""
        return environment.name if environment.backend == "kubernetes" else ""

    def _elsewhere(self, key: str, here: str, there: str) -> Fault:
        return Fault(
            PLACE_CHANGED,
            f"draft.toml now names another {key}, {there}: what is open here is {here}",
            kind="usage",
            place=place_of_key(self.project, self.opened.environment, key),
            remedy=f"open it again (e) to work with {there}: what runs with {here} goes on; "
            "or put it back",
        )


class DraftToml:
    """draft.toml of an open environment; implements `tui.ports.settings.SettingsSource`."""

    def __init__(self, home: Home) -> None:
        self._home = home
        names = environment_names(home.project)
        self.now = Settings(home.opened, names, home.place.protection)

    def names(self) -> tuple[str, ...]:
        """Return the environments that the file names as it is; none where it is wrong."""
        try:
            return environment_names(self._home.project)
        except FaultError:
            return ()

    def read(self) -> Settings:
        """Read what it says now; raises FaultError."""
        self.now = self._home.read()
        return self.now


def home_of(project: Path, environment: Environment) -> Home:
    """Return where an environment is from now on; raises FaultError."""
    state = state_folder(project, environment.environment)
    check_backend(project, state, environment)
    return Home(project, state, environment, place_by(environment, state, NOWHERE))


def check_backend(project: Path, state: Path, environment: Environment) -> None:
    """Raise FaultError where another backend keeps releases on this machine.

    Neither could run what the other made, nor tell it from its own.
    """
    keeps, named = keeper(state), environment.backend
    if keeps in {"", named}:
        return
    raise FaultError(
        Fault(
            BACKEND_CHANGED,
            f"this environment runs on the {keeps} backend, and draft.toml names {named}",
            kind="usage",
            place=place_of_key(project, environment.environment, "backend"),
            remedy=f'put `backend = "{keeps}"` back; to move, `redraft delete` there first',
        )
    )


def place_by(environment: Environment, state: Path, here: Place) -> Place:
    """Return where an environment runs by its settings; what they leave open is as it is `here`.

    Raises FaultError.
    """
    match environment.backend:
        case "kubernetes":
            from tui.backends.kubernetes.pinning import Pin, place_of, read_pin
            from tui.clients.kube.kubeconfig import find_kubeconfig, read_kubeconfig

            pin = read_pin(state)
            pin = pin if pin.context else Pin(here.context, here.namespace)
            return place_of(environment, pin, read_kubeconfig(find_kubeconfig()))
        case "docker":
            from tui.backends.docker.pinning import place_on
            from tui.clients.docker.endpoint import find_endpoint

            if here.context and not environment.context:
                return place_on(here.context, environment)
            endpoint = find_endpoint(os.environ, environment.context)
            return place_on(endpoint.context or endpoint.host, environment)
    return Place("", protection=marked(environment))
