"""How an image gets to where it runs: pushed, loaded, or there already. Pure."""

from typing import Literal

from tui.clients.docker.load import loader_for
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError

Delivery = Literal["push", "load", "shared"]

SHARING = ("docker-desktop", "docker-for-desktop", "rancher-desktop", "orbstack", "colima")
"""Contexts whose cluster runs on the engine that builds."""


def delivery(
    environment: Environment, context_name: str, *, shares_engine: bool = False
) -> Delivery:
    """Return how an image gets into the cluster of a context; raises FaultError.

    `shares_engine` is known from the cluster itself: its node runs its containers by the engine
    that builds (dockershim, cri-dockerd).
    """
    if environment.push == "never":
        return "load" if is_loadable(context_name) else "shared"
    if environment.push == "auto":
        without = _without_registry(environment, context_name, shares_engine=shares_engine)
        if without is not None:
            return without
    if not environment.registry:
        raise FaultError(_no_registry(environment, context_name))
    return "push"


def is_loadable(context_name: str) -> bool:
    """Whether images can be loaded into the cluster of this context."""
    return loader_for(context_name, "") is not None


def _without_registry(
    environment: Environment, context_name: str, *, shares_engine: bool
) -> Delivery | None:
    if context_name in SHARING:
        return "shared"
    if environment.registry:
        return None
    if is_loadable(context_name):
        return "load"
    return "shared" if shares_engine else None


def _no_registry(environment: Environment, context_name: str) -> Fault:
    return Fault(
        "registry-missing",
        f"the cluster of {context_name} must pull the image, and no registry is named",
        "usage",
        place="draft.toml",
        remedy=f'set registry = "registry.example.com/team" in '
        f"[environments.{environment.environment}]",
    )
