"""What a builder is asked for."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from tui.config.environment import BuildSecret, Environment
from tui.model.frozen import frozen


@frozen
class BuildRequest:
    """One image to be built."""

    project: Path
    """Where relative paths of secrets and caches begin."""
    context: Path
    """A folder that does not change while it is built."""
    dockerfile: Path
    """Lies outside of the context."""
    dockerfile_name: str
    """Its path in the project."""
    references: tuple[str, ...]
    """The names it gets, `repository:tag`."""
    build_args: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    platforms: tuple[str, ...] = ()
    secrets: tuple[BuildSecret, ...] = ()
    cache_from: tuple[str, ...] = ()
    cache_to: tuple[str, ...] = ()
    builder: str = ""
    push: bool = False
    """The builder itself pushes it, so that the engine never holds it."""


def request_for(
    environment: Environment, project: Path, context: Path, dockerfile: Path, reference: str
) -> BuildRequest:
    """Return what draft.toml asks for."""
    return BuildRequest(
        project,
        context,
        dockerfile,
        environment.dockerfile,
        (reference,),
        environment.image_build_args,
        environment.target,
        environment.platforms,
        environment.build_secrets,
        environment.cache_from,
        environment.cache_to,
        environment.builder,
    )


def only_buildkit(request: BuildRequest) -> str:
    """Return a key of draft.toml that an engine's own builder cannot follow; empty for none."""
    asked = {
        "build-secrets": bool(request.secrets),
        "cache-to": bool(request.cache_to),
        "builder": bool(request.builder),
        "platforms": len(request.platforms) > 1,
    }
    return next((key for key, is_asked in asked.items() if is_asked), "")
