"""Credential stores: the programs `docker-credential-NAME` that docker's config names.

The SDK asks them too, but waits for ever for one that does not answer, such as one whose keyring is
locked while nobody sees its question. Protocol: docker/docker-credential-helpers, README.
"""

import json
import shutil
from collections.abc import Mapping

from tui.clients.programs import ask_program

PATIENCE = 60.0
"""Seconds a store may take: some ask their user to unlock something."""
NOT_FOUND = "credentials not found in native keychain"
"""What a store says that has none (docker-credential-helpers, credentials/error.go)."""
TOKEN_USER = "<token>"
"""The user name that comes with an identity token."""
HUB, HUB_URL = "docker.io", "https://index.docker.io/v1/"
"""Stores know the hub by its full address."""


async def stored_credentials(
    store: str, registry: str, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return what a store has for a registry, as the SDK takes it; empty where it has nothing.

    Raises OSError where there is no such program, or no answer in time, and ValueError with its
    own words.
    """
    server = HUB_URL if registry == HUB else registry
    told = await _ask(store, "get", server, environ)
    user, secret = str(told.get("Username", "")), str(told.get("Secret", ""))
    if not user and not secret:
        return {}
    if user == TOKEN_USER:
        return {"ServerAddress": server, "IdentityToken": secret}
    return {"ServerAddress": server, "Username": user, "Password": secret}


async def registries_stored(store: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the registries for which a store has something; raises as `stored_credentials`."""
    return tuple(await _ask(store, "list", "", environ))


async def _ask(
    store: str, verb: str, stdin: str, environ: Mapping[str, str]
) -> Mapping[str, object]:
    """Return a store's answer, an empty one where it has nothing."""
    name = f"docker-credential-{store}"
    program = shutil.which(name, path=environ.get("PATH")) or name
    try:
        answer = await ask_program((program, verb), env=environ, stdin=stdin, patience=PATIENCE)
    except TimeoutError:
        raise TimeoutError(f"{name} gave no answer in {PATIENCE:.0f} s") from None
    if answer.code and NOT_FOUND in answer.stdout:
        return {}
    if answer.code:
        said = (answer.stdout or answer.stderr).strip()
        raise ValueError(f"{name} ended with {answer.code}: {said}")
    told = json.loads(answer.stdout)
    if not isinstance(told, dict):
        raise ValueError(f"{name} gave no credentials, but something else")
    return told
