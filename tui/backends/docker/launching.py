"""Launching the keeper of an environment: the supervisor process of `keeper`."""

import os
from pathlib import Path

from tui.clients.process.launcher import launch_supervisor

MODULE = "tui.backends.docker.keeper"
ENGINE = (
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "XDG_RUNTIME_DIR",
)
"""What decides which engine is meant, besides a context that is named."""


def launch_keeper(state: Path, context: str = "") -> bool:
    """Start a keeper and say whether that was possible. Blocking."""
    env = {name: os.environ[name] for name in ENGINE if name in os.environ}
    return launch_supervisor(state, MODULE, (context,), env)
