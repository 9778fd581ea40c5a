"""Pushing and asking a registry, both through the engine.

The engine knows the way there: its proxies, its certificates, the registries that it trusts without
TLS. Its push is a stream of JSON: per layer a status and bytes, at the end the digest in an `aux`
message, or an error with the registry's words (docs.docker.com, Engine API, "Push an image").

Docker with the containerd image store and Podman (tried as 4.3.1) tell the digest only in the text
that Docker sends before that, `v1: digest: sha256:... size: 9`. Podman has no call that asks a
registry: so a registry is taken to have nothing there, and the push finds out which layers it has.
"""

import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal

from tui.clients.docker.auth import credentials_for
from tui.clients.docker.engine import Engine
from tui.clients.docker.registry_faults import push_fault
from tui.model.faults import FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from docker import APIClient

LayerState = Literal["waiting", "pushing", "retrying", "pushed", "there"]
STATES: dict[str, LayerState] = {
    "Preparing": "waiting",
    "Waiting": "waiting",
    "Pushing": "pushing",
    "Pushed": "pushed",
    "Layer already exists": "there",
    "Already exists": "there",
}
PUSHED = re.compile(r"(\S+): digest: (\S+) size: (\d+)")


@frozen
class Layer:
    """A layer on its way."""

    id: str
    state: LayerState
    done: int = 0
    """Bytes."""
    total: int = 0
    said: str = ""
    """The engine's words, where the state does not say all."""


@frozen
class Pushed:
    """A tag that the registry has now."""

    tag: str
    digest: str
    size: int
    """Bytes of the manifest."""


PushProgress = Layer | Pushed


async def push_image(
    engine: Engine, repository: str, tag: str
) -> AsyncGenerator[PushProgress, None]:
    """Push one tag and yield how it goes, `Pushed` at the end; raises FaultError."""
    credentials = await credentials_for(repository, engine.environ)

    def begin(client: "APIClient") -> Iterable[dict[str, Any]]:
        said: Iterable[dict[str, Any]] = client.push(
            repository, tag, stream=True, decode=True, auth_config=dict(credentials.settings)
        )
        return said

    async with aclosing(engine.stream(begin)) as messages:
        async for message in messages:
            if error := error_in(message):
                raise FaultError(push_fault(error, credentials.registry, f"{repository}:{tag}"))
            for progress in parse_push(message):
                yield progress


async def registry_digest(engine: Engine, repository: str, tag: str) -> str:
    """Return the digest under which the registry has a tag; empty when it has none.

    Raises FaultError when engine or registry do not answer, or refuse.
    """
    credentials = await credentials_for(repository, engine.environ)

    def work(client: "APIClient") -> str:
        from docker.errors import APIError, NotFound

        try:
            found = client.inspect_distribution(  # type: ignore[no-untyped-call]
                f"{repository}:{tag}", auth_config=dict(credentials.settings) or None
            )
        except NotFound:
            return ""
        except APIError as error:
            said = str(error.explanation or error)
            if "manifest unknown" in said or "not found" in said:
                return ""
            fault = push_fault(said, credentials.registry, f"{repository}:{tag}")
            raise FaultError(fault) from error
        return str(found["Descriptor"]["digest"])

    return await engine.ask(work)


async def tag_image(engine: Engine, reference: str, repository: str, tag: str) -> None:
    """Give an image of the engine another name; raises FaultError."""
    await engine.ask(lambda client: client.tag(reference, repository, tag))


def error_in(message: dict[str, Any]) -> str:
    """Return the error that a message of the engine tells; empty for none."""
    detail = message.get("errorDetail")
    said = detail.get("message") if isinstance(detail, dict) else message.get("error")
    return str(said or "")


def parse_push(message: dict[str, Any]) -> Iterator[PushProgress]:
    """Yield what a message of the engine says of a push."""
    aux = message.get("aux")
    if isinstance(aux, dict) and "Digest" in aux:
        yield Pushed(str(aux.get("Tag", "")), str(aux["Digest"]), int(aux.get("Size", 0)))
    layer, said = message.get("id"), str(message.get("status", ""))
    if match := PUSHED.fullmatch(said):
        yield Pushed(match[1], match[2], int(match[3]))
    if not isinstance(layer, str) or not said:
        return
    detail = message.get("progressDetail") or {}
    state = _state(said)
    if state is not None:
        yield Layer(layer, state, detail.get("current", 0), detail.get("total", 0), said)


def _state(said: str) -> LayerState | None:
    if said.startswith("Mounted from"):
        return "there"
    return "retrying" if said.startswith("Retrying") else STATES.get(said)
