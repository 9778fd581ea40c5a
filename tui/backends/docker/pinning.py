"""Pinning: an environment stays on the engine it was first brought up on.

Another current docker context, or another DOCKER_HOST, would leave its containers where they are
and look for them elsewhere. So the engine's address is kept, and any other is refused.
"""

from pathlib import Path

from tui.backends.newest import ENGINE
from tui.backends.protecting import marked
from tui.clients.docker.endpoint import Endpoint
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.places import Place


def place_on(context: str, environment: Environment) -> Place:
    """Return the engine, by its docker context or its address, as a place."""
    return Place(context, protection=marked(environment))


def check_pin(state: Path, endpoint: Endpoint) -> None:
    """Raise FaultError when the environment runs on another engine. Blocking."""
    pinned = read_pin(state)
    if pinned and pinned != endpoint.host:
        raise FaultError(_moved(pinned, endpoint.host))


def read_pin(state: Path) -> str:
    """Return the address of the engine it runs on; empty before the first up."""
    try:
        return (state / ENGINE).read_text().strip()
    except FileNotFoundError:
        return ""


def pin(state: Path, endpoint: Endpoint) -> None:
    """Keep the engine's address. Blocking."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    (state / ENGINE).write_text(endpoint.host)


def _moved(pinned: str, now: str) -> Fault:
    return Fault(
        "engine-moved",
        f"this environment runs on the engine at {pinned}, and docker now means the one at {now}",
        "usage",
        place="draft.toml",
        remedy="name its docker context by `context`, or set DOCKER_HOST as it was; to move, "
        "`redraft delete` there first",
    )
