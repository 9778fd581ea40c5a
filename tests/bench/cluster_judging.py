"""How soon a verdict is told: from a pod's failure at the API to redraft saying it."""

import json
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.cluster import fresh_project, on_cluster, until
from tests.bench.cluster_reading import workload
from tests.bench.stopwatch import percentile
from tests.bench.table import Row
from tests.integration.kube.deployed import Deployed

ROUNDS = 12
VERDICT = "pod's failure at the API to the verdict told, p95"
SECRET = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "not-there", "key": "token"}}}
FAILING: tuple[dict[str, Any], ...] = (
    {"containers": [{"env": [SECRET]}]},
    {"initContainers": [{"name": "before", "image": "127.0.0.1:5000/redraft-bench-not-there:1"}]},
    {"containers": [{"command": ["sh", "-c", "echo going down; exit 37"]}]},
)
"""What is wrong with the pod in turn: its configuration, an image, its program."""
FINAL = {"CreateContainerConfigError", "ErrImagePull", "ImagePullBackOff"}
EACH = 'jsonpath={@}{"\\n"}'
"""Has kubectl write each pod that changed on a line of its own, as JSON."""


@dataclass(slots=True)
class Moments:
    """When what was seen first, by round: at the API, and told by redraft."""

    at_api: dict[str, float] = field(default_factory=dict)
    told: dict[int, float] = field(default_factory=dict)
    finished: int = 0

    def read_pods(self, process: "subprocess.Popen[str]") -> None:
        """Take the changes of pods as the API tells them."""
        for line in process.stdout or ():
            pod = json.loads(line)
            number = pod["metadata"].get("labels", {}).get("round", "")
            if has_failed(pod):
                self.at_api.setdefault(number, time.monotonic())

    def read_events(self, process: "subprocess.Popen[str]") -> None:
        """Take what redraft tells."""
        for line in process.stdout or ():
            event = json.loads(line)
            if event["event"] == "RolloutObserved" and event["verdict"]["outcome"] == "failed":
                self.told.setdefault(event["rollout"]["revision"], time.monotonic())
            self.finished += event["event"] == "IterationFinished"


@on_cluster(VERDICT)
def cluster_verdict(folder: Path, registry: str) -> list[Row]:
    """Measure the delay of verdicts behind a plain watch of the same pods, over failing rollouts.

    A crash counts as failed once the container was restarted and ended again: a first one may pass.
    """
    moments = Moments()
    with fresh_project(folder / "verdict", registry) as app, _watched(app, moments):
        for number in range(1, ROUNDS + 1):
            _write(app, number)
            until(lambda number=number: moments.finished >= number)  # type: ignore[misc]
            until(lambda number=number: str(number) in moments.at_api)  # type: ignore[misc]
    taken = [moments.told[n] - moments.at_api[str(n)] for n in range(1, ROUNDS + 1)]
    p95 = percentile(taken, 0.95)
    note = f"median {statistics.median(taken):.2f} s, {ROUNDS} failing rollouts"
    return [Row(VERDICT, p95, "s", "a plain watch of the pods", aim="1 s", met=p95 < 1, note=note)]


@contextmanager
def _watched(app: Deployed, moments: Moments) -> Iterator[None]:
    """Run redraft and a plain watch of the pods."""
    watching = ["kubectl", "-n", app.namespace, "get", "pods", "--watch", f"--output={EACH}"]
    _write(app, 1)
    app.settings(manifests=["k8s.yaml"], watch=True)
    with (
        subprocess.Popen(watching, stdout=subprocess.PIPE, text=True) as watch,
        app.redraft.start("up", "--watch", "--output", "json") as redraft,
    ):
        threading.Thread(target=moments.read_pods, args=(watch,), daemon=True).start()
        threading.Thread(target=moments.read_events, args=(redraft,), daemon=True).start()
        try:
            yield
        finally:
            for process in (redraft, watch):
                process.terminate()
                process.wait()


def _write(app: Deployed, number: int) -> None:
    failing = FAILING[number % len(FAILING)]
    text = json.dumps(workload(app.name, {"round": str(number)}, spec=failing))
    path = app.project / "k8s.yaml"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def has_failed(pod: dict[str, Any]) -> bool:
    """Whether a pod's status tells that it will not come up."""
    told = pod.get("status", {})
    kinds = ("initContainerStatuses", "containerStatuses")
    return any(map(_is_lost, (status for kind in kinds for status in told.get(kind, ()))))


def _is_lost(status: dict[str, Any]) -> bool:
    reason, again = status["state"].get("waiting", {}).get("reason"), status["restartCount"] > 0
    return reason in FINAL or (again and "terminated" in status["state"])
