"""Where the engine stands: containers can serve on this machine's ports only if it runs here."""

from urllib.parse import urlsplit

from tui.clients.docker.endpoint import Endpoint
from tui.model.faults import Fault

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts of a TCP address that are this machine."""


def is_here(endpoint: Endpoint) -> bool:
    """Whether an engine publishes ports on this machine, itself or for its virtual machine."""
    address = urlsplit(endpoint.host)
    return address.scheme in ("unix", "npipe") or (
        address.scheme in ("tcp", "http", "https") and address.hostname in HERE
    )


def elsewhere(endpoint: Endpoint) -> Fault:
    """Return the fault of an engine on another machine."""
    return Fault(
        "engine-elsewhere",
        f"the engine at {endpoint.host} runs on another machine: its ports are not reached here",
        "usage",
        place="draft.toml",
        remedy="name the docker context of an engine on this machine by `context`, or use the "
        "kubernetes backend for what runs elsewhere",
    )
