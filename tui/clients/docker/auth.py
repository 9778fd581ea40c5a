"""Credentials of registries: from docker's config file and its credential helpers.

They are asked for each time, since helpers give out tokens that expire, and go nowhere but into the
call that needs them.
"""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from tui.clients.docker.credential_stores import registries_stored, stored_credentials
from tui.clients.docker.endpoint import config_folder
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from docker.auth import AuthConfig

Settings = Mapping[str, Any]
"""Of one registry, as the SDK takes them."""


@frozen
class Credentials:
    """What one registry takes; empty where docker knows none for it."""

    registry: str
    """The registry's host, `docker.io` for the hub."""
    settings: Settings = field(default_factory=dict, repr=False)


async def credentials_for(repository: str, environ: Mapping[str, str]) -> Credentials:
    """Return the credentials for an image's registry; raises FaultError."""
    try:
        config = await asyncio.to_thread(_read_config, repository, environ)
        if config.store:
            found = await stored_credentials(config.store, config.registry, environ)
            return Credentials(config.registry, found or config.settings)
    except (OSError, ValueError) as error:
        raise FaultError(_unreadable(repository, error)) from error
    return Credentials(config.registry, config.settings)


async def all_credentials(environ: Mapping[str, str]) -> dict[str, Settings]:
    """Return the credentials for every registry that docker knows; raises FaultError.

    A build by the engine's own builder may need any of them, and the engine cannot ask back.
    """
    try:
        config = await asyncio.to_thread(_load, environ)
        found: dict[str, Settings] = dict(config.auths)
        stores: dict[str, str] = {}
        if store := config.creds_store:
            stores = dict.fromkeys(await registries_stored(store, environ), store)
        for registry, its_store in {**stores, **config.cred_helpers}.items():
            if settings := await stored_credentials(its_store, registry, environ):
                found[registry] = settings
    except (OSError, ValueError) as error:
        raise FaultError(_unreadable("the build's base images", error)) from error
    return found


@frozen
class _Config:
    """What docker's config file says of one registry."""

    registry: str
    store: str
    """The credential store that is asked first; empty for none."""
    settings: Settings = field(repr=False)


def _load(environ: Mapping[str, str]) -> "AuthConfig":
    """Read docker's config file; raises OSError and ValueError. Blocking."""
    from docker import auth
    from docker.errors import DockerException

    try:
        return auth.load_config(str(config_folder(environ) / "config.json"))
    except DockerException as error:
        raise ValueError(str(error)) from error


def _read_config(repository: str, environ: Mapping[str, str]) -> _Config:
    """Read what docker's config file says of an image's registry; raises as `_load`. Blocking."""
    from docker import auth
    from docker.errors import DockerException

    config = _load(environ)
    try:
        registry, _ = auth.resolve_repository_name(repository)
        written = auth.AuthConfig({"auths": config.auths}).resolve_authconfig(registry)
    except DockerException as error:
        raise ValueError(str(error)) from error
    return _Config(registry, config.get_credential_store(registry) or "", written or {})


def pull_secret(credentials: Credentials) -> bytes:
    """Return a `.dockerconfigjson` with which a cluster may pull; raises FaultError.

    An identity token is not one: kubelets take names with passwords only.
    """
    name, password = (credentials.settings.get(key) for key in ("Username", "Password"))
    name = name or credentials.settings.get("username")
    password = password or credentials.settings.get("password")
    if not name or not password:
        raise FaultError(_no_password(credentials.registry))
    auth = base64.b64encode(f"{name}:{password}".encode()).decode()
    entry = {"username": name, "password": password, "auth": auth}
    return json.dumps({"auths": {credentials.registry: entry}}).encode()


def _unreadable(repository: str, error: Exception) -> Fault:
    return Fault(
        "registry-credentials",
        f"the credentials for {repository} could not be read",
        "usage",
        (str(error),),
        remedy="correct `credsStore` and `credHelpers` in docker's config.json, or log in anew",
    )


def _no_password(registry: str) -> Fault:
    return Fault(
        "registry-no-password",
        f"docker knows no name and password for {registry}",
        "usage",
        remedy=f"run `docker login {registry}` with a name and an access token",
    )
