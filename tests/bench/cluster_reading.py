"""How redraft reads the logs of a cluster's pods: half a million lines, and fifty pods at once."""

import json
import os
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from tests.bench.cluster import fresh_project, on_cluster, until
from tests.bench.stopwatch import REDRAFT, processor_seconds, turn_about
from tests.bench.table import Row
from tests.integration.kube.deployed import Deployed

LINES = 500_000
PAIRS = 15
LOGS = "`redraft logs` of 500,000 lines of one pod"
PODS = 50
FOLLOW_SECONDS = 30
REST = 3
"""Seconds after which what the API has is to be with redraft as well."""
LOST = f"{PODS} pods followed at once: lines lost or repeated"
CORES = f"{PODS} pods followed at once: processor"
PRINT = f"""awk 'BEGIN {{ for (n = 1; n <= {LINES}; n++) printf \
"INFO request %08d handled in 12 ms by a server with so many words to say that the line comes \
to a hundred and forty characters or thereabouts\\n", n }}'; exec sleep 100000"""
COUNT = """n=0; while :; do k=0; while [ $k -lt 20 ]; do n=$((n + 1)); k=$((k + 1)); \
echo "INFO line $n of this pod, with words to make it of a usual length"; done; sleep 1; done"""


@on_cluster(LOGS)
def cluster_logs(folder: Path, registry: str) -> list[Row]:
    """Measure reading a pod's log that nobody has collected yet, beside kubectl; compare lines."""
    with fresh_project(folder / "logs", registry) as app:
        bring_up(app, PRINT, 1)
        (pod,) = _pods(app)
        until(lambda: f"{LINES:08d}" in _kubectl(app, "logs", pod, "--tail=1"))
        os.sync()  # what the pod wrote is not written back while somebody reads it
        ours, theirs, numbers = folder / "ours.txt", folder / "theirs.txt", count()

        def by_redraft() -> float:
            home = folder / f"home-{next(numbers)}"
            fresh = replace(app.redraft, home=home)
            taken = _into(ours, [REDRAFT, "logs"], app, fresh.env)
            shutil.rmtree(home)
            return taken

        def by_kubectl() -> float:
            command = ["kubectl", "-n", app.namespace, "logs", pod]
            return _into(theirs, command, app, app.redraft.env)

        taken, kubectl = turn_about(by_redraft, by_kubectl, times=PAIRS)
        equal = _same_lines(ours, theirs)
    met = equal and taken <= 1.15 * kubectl
    note = "every line equal" if equal else "lines differ"
    return [Row(LOGS, taken, "s", "`kubectl logs` into a file", kubectl, "1.15 x", met, note=note)]


def _into(file: Path, command: list[str], app: Deployed, env: dict[str, str]) -> float:
    """Return the seconds a command takes whose output goes into a file."""
    with file.open("wb") as output:
        began = time.perf_counter()
        subprocess.run(command, cwd=app.project, env=env, check=True, stdout=output)
        return time.perf_counter() - began


def _same_lines(ours: Path, theirs: Path) -> bool:
    """Whether redraft's lines without their time and pod are kubectl's."""
    with ours.open() as mine, theirs.open() as wanted:
        pairs = zip(mine, wanted, strict=True)
        return sum(line.split(" ", 2)[2] == other for line, other in pairs) == LINES


@on_cluster(LOST, CORES)
def cluster_follow(folder: Path, registry: str) -> list[Row]:
    """Measure following many pods at once: lines against the API's own, processor time."""
    with fresh_project(folder / "follow", registry) as app:
        bring_up(app, COUNT, PODS)
        fresh = replace(app.redraft, home=folder / "fresh")
        lines = folder / "lines.json"
        follow = [REDRAFT, "logs", "--follow", "--output", "json"]
        with lines.open("wb") as output, started(follow, app, output, fresh.env) as process:
            cores = _cores(process)
            recorded = {pod: _kubectl(app, "logs", pod).splitlines() for pod in _pods(app)}
            time.sleep(REST)  # noqa: TID251 - what was logged by now is to have come by then
            process.terminate()
            process.wait()
        wrong = _lost_or_repeated(lines, recorded)
        command = ["kubectl", "-n", app.namespace, "logs", "--follow", "--prefix", "--since=1s"]
        command += [f"--max-log-requests={PODS}", f"--selector=app={app.name}"]
        with started(command, app, subprocess.DEVNULL, app.redraft.env) as process:
            kubectl = _cores(process)
            process.terminate()
    total = sum(map(len, recorded.values()))
    beside = "`kubectl logs --follow` of the same"
    return [
        Row(LOST, wrong, "lines", aim="0", met=wrong == 0, note=f"of {total:,} the API has"),
        Row(CORES, cores, "cores", beside, kubectl, "1 core", cores <= 1, note="start included"),
    ]


def _cores(process: "subprocess.Popen[bytes]") -> float:
    """Return the share of a core that a process used since it began."""
    time.sleep(FOLLOW_SECONDS)  # noqa: TID251 - the time that is measured
    followed = psutil.Process(process.pid)
    return processor_seconds([followed]) / (time.time() - followed.create_time())


def _lost_or_repeated(file: Path, recorded: dict[str, list[str]]) -> int:
    """Count the lines that the API has and redraft has not just once."""
    got = Counter[tuple[str, str]]()
    for line in file.read_text().splitlines():
        row: dict[str, Any] = json.loads(line)
        got[row["pod"], row["message"]] += 1
    repeated = sum(times - 1 for times in got.values())
    return repeated + sum((pod, line) not in got for pod in recorded for line in recorded[pod])


def bring_up(app: Deployed, script: str, replicas: int) -> None:
    """Deploy pods that run a script of the shell."""
    (app.project / "Dockerfile").write_text(
        f"FROM busybox:latest\nCMD {json.dumps(['sh', '-c', script])}\n"
    )
    (app.project / "k8s.yaml").write_text(json.dumps(workload(app.name, {}, replicas)))
    app.settings(manifests=["k8s.yaml"], push="always")
    app.up()


def workload(
    name: str, labels: dict[str, str], replicas: int = 1, spec: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a Deployment that runs the app's image."""
    labels = {"app": name} | labels
    requests = {"cpu": "1m", "memory": "4Mi"}
    (own,) = (spec or {}).get("containers", [{}])
    container = {"name": "app", "image": name, "resources": {"requests": requests}} | own
    spec = {"terminationGracePeriodSeconds": 0, **(spec or {}), "containers": [container]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def started(
    command: list[str], app: Deployed, output: Any, env: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Start a command in the app's folder."""
    return subprocess.Popen(
        command, cwd=app.project, env=env, stdout=output, stderr=subprocess.DEVNULL
    )


def _pods(app: Deployed) -> list[str]:
    return [one["metadata"]["name"] for one in app.get("pods")["items"]]


def _kubectl(app: Deployed, *arguments: str) -> str:
    command = ["kubectl", "-n", app.namespace, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
