"""The real cluster a bench runs on, found through the environment as the tests find it."""

import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

from tests.bench.stopwatch import COMPILED
from tests.bench.table import Measure, Row, unmeasured
from tests.integration.kube.deployed import Deployed, deployed

QUICK_END = "terminationGracePeriodSeconds=1"
"""So that pods of one round do not linger in the next."""
ClusterMeasure = Callable[[Path, str], list[Row]]
"""Takes a folder for its own use and the registry, returns what it measured on the cluster."""


def on_cluster(*rows: str) -> Callable[[ClusterMeasure], Measure]:
    """Make a measure that tells these rows as skipped where there is no cluster."""

    def wrap(measure: ClusterMeasure) -> Measure:
        @wraps(measure)
        def measured(folder: Path) -> list[Row]:
            registry = os.environ.get("REDRAFT_TEST_REGISTRY", "")
            if "KUBECONFIG" not in os.environ or not registry:
                return [unmeasured(row, "no cluster") for row in rows]
            return measure(folder, registry)

        return measured

    return wrap


@contextmanager
def fresh_namespace() -> Iterator[str]:
    """Make a namespace in which pods can be created at once; its deletion is not waited for."""
    name = f"redraft-bench-{secrets.token_hex(4)}"
    subprocess.run(["kubectl", "create", "namespace", name], check=True, capture_output=True)
    account = ["kubectl", "-n", name, "get", "serviceaccount", "default"]
    try:
        until(lambda: subprocess.run(account, check=False, capture_output=True).returncode == 0)
        yield name
    finally:
        going = ["kubectl", "delete", "namespace", name, "--wait=false"]
        subprocess.run(going, check=True, capture_output=True)


@contextmanager
def fresh_project(folder: Path, registry: str) -> Iterator[Deployed]:
    """Write a small web app with a chart for a namespace of its own; removes all at the end."""
    folder.mkdir(parents=True)
    with fresh_namespace() as namespace:
        one = deployed(folder, namespace, registry)
        try:
            yield one.with_env(**COMPILED)
        finally:
            one.close()


def until(condition: Callable[[], object], patience: float = 120.0) -> None:
    """Wait until the condition is true; raises TimeoutError."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)  # noqa: TID251 - polling a condition from the bench's own thread
