"""Deploying: from a release to the app the keeper is asked to run in containers. Pure.

Which port the app opens inside its container is found in this order: PORT in draft.toml's `env`;
the lowest port that the Dockerfile EXPOSEs; PORT in the image; the `port` of draft.toml, where that
or a `probe-path` says that there is one. Without any of them the app opens none: it is a worker.
PORT is always set to it.
"""

from collections.abc import Mapping

from tui.clients.docker.images import ImageSettings
from tui.config.environment import Environment
from tui.model.releases import Release, ReleaseSpec
from tui.supervisor.protocol import App

PORT = "PORT"
USUAL = 8080


def release_spec(environment: Environment) -> ReleaseSpec:
    """Return how a build would be run."""
    return ReleaseSpec(
        replicas=environment.replicas or 1,
        env=tuple(sorted(environment.env.items())),
        command=environment.command,
        port=environment.port,
        probe_path=environment.probe_path,
    )


def app_for(release: Release, image: ImageSettings) -> App:
    """Return a release as the keeper runs it, named as its image is without the registry."""
    spec = release.spec
    inside = port_inside(spec, image)
    env = {PORT: str(inside), **dict(spec.env)} if inside else dict(spec.env)
    return App(
        revision=release.revision,
        name=release.image.name.rpartition("/")[2],
        argv=spec.command,
        env=tuple(sorted(env.items())),
        cwd="",
        replicas=spec.replicas,
        port=spec.port,
        opens_port=bool(inside),
        probe_path=spec.probe_path if inside else "",
        stop_grace=spec.stop_grace,
        deadline=spec.deadline,
        image=image.id,
        inside=inside,
    )


def port_inside(spec: ReleaseSpec, image: ImageSettings) -> int:
    """Return the port the app opens inside its container; 0 for a worker."""
    told = _port(dict(spec.env)) or next(iter(image.exposed), 0) or _port(image.env)
    if told:
        return told
    return spec.port or (USUAL if spec.probe_path else 0)


def _port(env: Mapping[str, str]) -> int:
    value = env.get(PORT, "")
    number = int(value) if value.isascii() and value.isdecimal() else 0
    return number if number < 65_536 else 0
