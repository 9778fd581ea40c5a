"""Which engine: found as the `docker` command finds it, so that both always mean the same one.

The order is the command's own: a context that is asked for, DOCKER_HOST, DOCKER_CONTEXT, the
current context of docker's config file, the default socket; and where nothing listens there, the
sockets of rootless Docker, Docker Desktop and Podman. Contexts are read from docker's config
folder (`contexts/meta/<sha256 of the name>/meta.json`, TLS files beside them). Where TLS is spoken
it is always verified, also where a context asks not to.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

DEFAULT = "default"
DEFAULT_SOCKET = "/var/run/docker.sock"


@frozen
class Tls:
    """Files to speak TLS with: the engine's authority, and who we are; empty where not given."""

    ca: str = ""
    certificate: str = ""
    key: str = ""


@frozen
class Endpoint:
    """Where an engine is."""

    host: str
    """`unix:///path`, `tcp://host:port` or `ssh://user@host`."""
    context: str = ""
    """The docker context that named it; empty for any other source."""
    tls: Tls | None = None


def find_endpoint(environ: Mapping[str, str], context: str = "") -> Endpoint:
    """Return the engine that `context` or else the environment names; raises FaultError."""
    if not context and environ.get("DOCKER_HOST"):
        return _from_host(environ)
    name = context or environ.get("DOCKER_CONTEXT") or _current_context(environ)
    if name and name != DEFAULT:
        return _from_context(name, environ)
    return Endpoint(_default_host(environ))


def config_folder(environ: Mapping[str, str]) -> Path:
    """Return docker's config folder."""
    named = environ.get("DOCKER_CONFIG")
    return Path(named) if named else Path(environ.get("HOME", "/")) / ".docker"


def docker_config(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return docker's config file; empty where there is none or it cannot be read."""
    try:
        read = json.loads((config_folder(environ) / "config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def command_environment(environ: Mapping[str, str], endpoint: Endpoint) -> dict[str, str]:
    """Return the environment in which docker's own programs mean this engine."""
    env = {k: v for k, v in environ.items() if k not in {"DOCKER_HOST", "DOCKER_CONTEXT"}}
    if endpoint.context:
        return env | {"DOCKER_CONTEXT": endpoint.context}
    verified = {"DOCKER_TLS_VERIFY": "1"} if endpoint.tls else {}
    return env | {"DOCKER_HOST": endpoint.host} | verified


def _from_host(environ: Mapping[str, str]) -> Endpoint:
    host = environ["DOCKER_HOST"]
    wanted = environ.get("DOCKER_TLS_VERIFY") or environ.get("DOCKER_TLS")
    if not wanted or not host.startswith("tcp://"):
        return Endpoint(host)
    named = environ.get("DOCKER_CERT_PATH")
    return Endpoint(host, tls=_tls_in(Path(named) if named else config_folder(environ)))


def _from_context(name: str, environ: Mapping[str, str]) -> Endpoint:
    contexts = config_folder(environ) / "contexts"
    place = hashlib.sha256(name.encode()).hexdigest()
    try:
        meta = json.loads((contexts / "meta" / place / "meta.json").read_bytes())
        host = meta["Endpoints"]["docker"]["Host"]
    except FileNotFoundError as error:
        raise FaultError(_no_context(name, contexts)) from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise FaultError(_broken_context(name, str(error))) from error
    material = contexts / "tls" / place / "docker"
    return Endpoint(str(host), name, _tls_in(material) if material.is_dir() else None)


def _tls_in(folder: Path) -> Tls:
    files = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    return Tls(*(str(file) if file.is_file() else "" for file in files))


def _current_context(environ: Mapping[str, str]) -> str:
    current = docker_config(environ).get("currentContext")
    return current if isinstance(current, str) else ""


def _default_host(environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "/")
    runtime = environ.get("XDG_RUNTIME_DIR", "/nonexistent")
    sockets = (
        DEFAULT_SOCKET,
        f"{runtime}/docker.sock",
        f"{home}/.docker/run/docker.sock",
        f"{home}/.docker/desktop/docker.sock",
        f"{runtime}/podman/podman.sock",
        "/run/podman/podman.sock",
    )
    there = next((path for path in sockets if Path(path).exists()), DEFAULT_SOCKET)
    return f"unix://{there}"


def _no_context(name: str, contexts: Path) -> Fault:
    return Fault(
        "engine-context-missing",
        f"there is no docker context {name!r}",
        "usage",
        (f"looked in {contexts}",),
        remedy="see `docker context ls`, and name one of them",
    )


def _broken_context(name: str, why: str) -> Fault:
    return Fault(
        "engine-context-broken",
        f"the docker context {name!r} cannot be read",
        "usage",
        (why,),
        remedy=f"make it anew: `docker context rm {name}`, then `docker context create {name}`",
    )
