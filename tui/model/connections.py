"""Connections: local ports that lead to a ready pod, whichever that is."""

from typing import Literal

from tui.model.frozen import frozen

ConnectionStatus = Literal["waiting", "open", "failed"]
"""`waiting` while no pod is ready: the port listens and what connects is held a moment."""


@frozen
class Connection:
    """One local port and where it leads."""

    local: int
    """The port on 127.0.0.1; the same over redeploys and deaths of pods."""
    remote: int
    """The port inside the pod."""
    pod: str = ""
    """The pod it leads to now; empty while it waits."""
    status: ConnectionStatus = "waiting"
    message: str = ""

    @property
    def url(self) -> str:
        """Where to ask, as far as it is HTTP."""
        return f"http://127.0.0.1:{self.local}"
