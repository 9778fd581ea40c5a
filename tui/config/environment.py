"""An environment: one table of draft.toml, checked, with every default filled in."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from tui.model.frozen import frozen

BackendName = Literal["local", "docker", "kubernetes"]
PushPolicy = Literal["auto", "always", "never"]
TaskName = Literal["pre-up", "post-up", "post-deploy", "cleanup"]
DEFAULT_ENVIRONMENT = "development"

Nothing: Mapping[str, str] = MappingProxyType({})


@frozen
class Sync:
    """Files that are copied into what runs instead of being built into an image."""

    source: str
    """A glob relative to the project, in Docker's words."""
    target: str
    """The folder inside the container: an absolute path without `..`."""


@frozen
class BuildSecret:
    """A secret that a `RUN --mount=type=secret` may read; its value goes to the builder alone."""

    id: str
    source: Literal["file", "variable"]
    name: str
    """The file's path, relative to the project, or the variable's name."""


@frozen
class Environment:
    """What draft.toml says of one environment; field names follow its keys."""

    environment: str
    """The table's name, such as `development`."""
    name: str
    """The app's (and Helm release's) name: a DNS label."""
    backend: BackendName = "kubernetes"
    namespace: str = ""
    """Empty for the context's own, pinned at the first `up`."""
    create_namespace: bool = False
    registry: str = ""
    context: str = ""
    pack: str = ""
    """The pack that builds it locally; empty to detect it at each build."""
    command: tuple[str, ...] = ()
    """How the local backend starts it; empty for the pack's own way. A string in the file becomes
    `sh -c`.
    """
    port: int = 0
    """The stable port on 127.0.0.1; 0 lets redraft choose one and keep it."""
    probe_path: str = ""
    replicas: int = 0
    """0 where the file does not say: what the chart or the manifests say, and one elsewhere."""
    env: Mapping[str, str] = field(default_factory=lambda: Nothing)
    set: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    chart: str = ""
    image_keys: tuple[str, ...] = ()
    """Where the chart's values have the app's image, such as `web.image`; empty for `image`."""
    pull_secret: bool = False
    """Whether docker's credentials for the registry are put into the namespace for the pods."""
    dockerfile: str = "Dockerfile"
    image_build_args: Mapping[str, str] = field(default_factory=lambda: Nothing)
    custom_tags: tuple[str, ...] = ()
    target: str = ""
    """The Dockerfile's stage to build; empty for its last one."""
    platforms: tuple[str, ...] = ()
    """Such as `linux/arm64`; empty for the engine's own."""
    build_secrets: tuple[BuildSecret, ...] = ()
    cache_from: tuple[str, ...] = ()
    """Caches to read, in the words of `docker buildx build --cache-from`."""
    cache_to: tuple[str, ...] = ()
    builder: str = ""
    """The buildx builder, remote ones included; empty for the engine's own."""
    push: PushPolicy = "auto"
    wait: bool = True
    watch: bool = True
    watch_delay: float = 0.3
    """Quiet period in seconds."""
    override_ports: tuple[str, ...] = ()
    auto_connect: bool = False
    rollback_on_failure: bool = False
    protected: bool = False
    sync: tuple[Sync, ...] = ()
    """The first that matches a file counts."""
    tasks: Mapping[TaskName, tuple[str, ...]] = field(default_factory=dict)
