"""Names and labels of what is ours on an engine, and containers as they are asked for. Pure.

Everything is found again by its labels, whichever redraft made it. The environment's id stands for
the state folder, so that two checkouts of one project never touch each other's containers.
"""

import hashlib
import json

from tui.clients.docker.containers import ContainerPlan
from tui.supervisor.protocol import App

ENVIRONMENT = "dev.redraft.environment"
REVISION = "dev.redraft.revision"
POD = "dev.redraft.pod"
APP = "dev.redraft.app"
"""Digest of the app as it was asked for: a container with another one is of no use."""


def environment_label(environment: str) -> str:
    """Return the label by which all containers of an environment are found."""
    return f"{ENVIRONMENT}={environment}"


def pod_name(app: App, ordinal: int) -> str:
    """Return a replica's name, the same as on the local backend."""
    return f"{app.name}-{app.revision}-{ordinal}"


def container_name(pod: str, environment: str) -> str:
    """Return the name of a replica's container, which no other environment's has."""
    return f"{pod}-{environment[:8]}"


def container_plan(app: App, ordinal: int, environment: str) -> ContainerPlan:
    """Return the container of one replica."""
    pod = pod_name(app, ordinal)
    labels = {
        ENVIRONMENT: environment,
        REVISION: str(app.revision),
        POD: pod,
        APP: app_digest(app),
    }
    return ContainerPlan(
        name=container_name(pod, environment),
        image=app.image,
        labels=labels,
        command=app.argv,
        env=app.env,
        port=app.inside,
    )


def app_digest(app: App) -> str:
    """Return a short digest of what decides how a container of the app is made."""
    text = json.dumps([app.image, app.argv, app.env, app.inside])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
