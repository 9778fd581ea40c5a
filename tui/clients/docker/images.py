"""Images an engine has: how they are to be run, and removing their names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.clients.docker.engine import Engine
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from docker import APIClient


@frozen
class ImageSettings:
    """What an image says of the containers made from it."""

    id: str
    env: Mapping[str, str]
    exposed: tuple[int, ...]
    """TCP ports, in rising order."""


async def image_settings(engine: Engine, reference: str) -> ImageSettings | None:
    """Look at an image; None when the engine does not have it. Raises FaultError."""
    return await engine.ask(lambda client: _settings(client, reference))


async def remove_names(engine: Engine, references: set[str]) -> None:
    """Take these names from images, which go with their last name; raises FaultError.

    A name that is not there, or whose image a container of somebody else needs, is passed over.
    """

    def remove(client: "APIClient") -> None:
        there = {short(name) for image in client.images() for name in image.get("RepoTags") or ()}
        for reference in references:
            if short(reference) in there:
                _remove_name(client, reference)

    await engine.ask(remove)


def short(reference: str) -> str:
    """Return a reference without the host and owner that are understood.

    Podman lists all names with them, or with `localhost/` where it is not to take short names for
    Docker Hub's (containers/podman#12435).
    """
    for understood in ("docker.io/library/", "docker.io/", "localhost/"):
        if reference.startswith(understood):
            return reference.removeprefix(understood)
    return reference


def image_settings_from(told: Mapping[str, Any]) -> ImageSettings:
    """Read the engine's answer of `GET /images/{name}/json`."""
    config = told.get("Config") or {}
    pairs = (entry.partition("=") for entry in config.get("Env") or ())
    exposed = (port.partition("/") for port in config.get("ExposedPorts") or {})
    ports = sorted(int(number) for number, _, kind in exposed if kind in ("", "tcp"))
    return ImageSettings(told["Id"], {name: value for name, _, value in pairs}, tuple(ports))


def _settings(client: "APIClient", reference: str) -> ImageSettings | None:
    from docker.errors import NotFound

    try:
        return image_settings_from(client.inspect_image(reference))  # type: ignore[no-untyped-call]
    except NotFound:
        return None


def _remove_name(client: "APIClient", reference: str) -> None:
    from docker.errors import APIError

    try:
        client.remove_image(reference)
    except APIError as error:
        if error.status_code not in (404, 409):
            raise
