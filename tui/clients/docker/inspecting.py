"""What the engine tells of a container, as far as it concerns us. Pure.

The fields are those of `GET /containers/{id}/json` of the Docker Engine API, the same since 1.24.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from tui.model.frozen import frozen

Status = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
FRACTION = re.compile(r"\.(\d+)")
NANO = 1_000_000_000


@frozen
class ContainerState:
    """One container as the engine sees it."""

    id: str
    name: str
    status: Status
    labels: Mapping[str, str]
    created: int = 0
    """This and the other times: Unix time in nanoseconds, 0 for never."""
    started: int = 0
    """When the present incarnation began, or the last one."""
    finished: int = 0
    """When the last incarnation that ended did."""
    exit_code: int = 0
    out_of_memory: bool = False
    """The kernel killed a process of the last incarnation at its memory limit."""
    error: str = ""
    """Why it could not be started."""
    restarts: int = 0
    """How often the engine started it again by its restart policy."""
    address: str = ""
    """Its own address on the engine's network; empty while it does not run."""
    gateway: str = ""
    published: int = 0
    """The port on 127.0.0.1 that leads to its first published port; 0 for none."""
    memory_limit: int = 0
    """Bytes; 0 for none."""

    @property
    def running(self) -> bool:
        """Whether its process exists now."""
        return self.status in ("running", "paused")


def container_state(told: Mapping[str, Any]) -> ContainerState:
    """Read the engine's answer."""
    state, network = told["State"], told.get("NetworkSettings") or {}
    address, gateway = _address(network)
    return ContainerState(
        id=told["Id"],
        name=str(told["Name"]).lstrip("/"),
        status=state["Status"],
        labels=told["Config"].get("Labels") or {},
        created=nanoseconds(told.get("Created", "")),
        started=nanoseconds(state.get("StartedAt", "")),
        finished=nanoseconds(state.get("FinishedAt", "")),
        exit_code=state.get("ExitCode", 0),
        out_of_memory=bool(state.get("OOMKilled")),
        error=state.get("Error", ""),
        restarts=told.get("RestartCount", 0),
        address=address,
        gateway=gateway,
        published=_published(network.get("Ports") or {}),
        memory_limit=told["HostConfig"].get("Memory", 0),
    )


def nanoseconds(text: str) -> int:
    """Read the engine's time (RFC 3339, nine digits and more); 0 for `0001-01-01T00:00:00Z`."""
    if not text or text.startswith("0001-"):
        return 0
    fraction = FRACTION.search(text)
    whole = datetime.fromisoformat(FRACTION.sub("", text).replace("Z", "+00:00"))
    digits = fraction[1][:9].ljust(9, "0") if fraction else "0"
    return int(whole.timestamp()) * NANO + int(digits)


def _address(network: Mapping[str, Any]) -> tuple[str, str]:
    for one in (network, *(network.get("Networks") or {}).values()):
        if one.get("IPAddress"):
            return one["IPAddress"], one.get("Gateway", "")
    return "", ""


def _published(ports: Mapping[str, Any]) -> int:
    """Return the first port on the host; a published port that is not open yet has no entry."""
    numbers = [int(one["HostPort"]) for bound in ports.values() for one in bound or ()]
    return numbers[0] if numbers else 0
