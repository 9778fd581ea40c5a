"""Stable ports: whether the one that draft.toml asks for can be had."""

import socket

from tui.model.faults import Fault
from tui.ports.backend import Checked


def check_port(port: int) -> Checked:
    """Look whether nobody listens on a port of 127.0.0.1 yet."""
    with socket.socket() as asked:
        if asked.connect_ex(("127.0.0.1", port)):
            return Checked("port", "ok", f"{port} is free")
    fault = Fault(
        "port-taken",
        f"something listens on port {port} already",
        kind="usage",
        remedy="choose another `port` in draft.toml, or stop what listens there",
    )
    return Checked("port", "failed", fault.sentence, fault)
