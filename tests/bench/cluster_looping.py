"""How fast a turn of the loop is on a cluster: from a save to the new pod's answer.

Both sides have the same chart, so that their pods are probed and ended alike. What a kubelet takes
differs by a second from one pod to the next on either side: so there are many pairs, the sides take
turns in going first, and each turn begins only when the old pods' programs have ended, and then
some part of a second later: a kubelet looks once a second at what runs, and that they ended was
seen by such a look. At once one side's pods would always start just before the next look, the
other's just after it.
"""

import contextlib
import json
import random
import statistics
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.cluster import QUICK_END, fresh_project, on_cluster, until
from tests.bench.table import Row
from tests.integration.kube.deployed import Deployed

ROUNDS = 15
QUIET = 0.2
"""Seconds of the quiet period, which is part of what is measured."""
NODE_PORT = "service.type=NodePort"
IMAGE_ONLY = "save to new pod serving, only the image changed"
VALUE_TOO = "save to new pod serving, a value of the chart changed too"
BY_HAND = "`docker build && docker push && helm upgrade --wait`"
CALMING = 15.0
"""Seconds that old pods get to end before a turn."""
IMPATIENCE = 0.5
"""Seconds for one answer: a node may still send a connection to a pod that is gone."""


@dataclass(slots=True)
class Watcher:
    """A running `redraft up --watch`, and the iterations that it told the end of."""

    process: "subprocess.Popen[str]"
    finished: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> None:
        """Take events until there are no more."""
        for line in self.process.stdout or ():
            event = json.loads(line)
            if event["event"] == "IterationFinished":
                self.finished.append(event)

    def wait_for(self, iterations: int) -> None:
        """Wait until so many iterations ended, which all must have ended well."""
        until(lambda: len(self.finished) >= iterations)
        bad = [one for one in self.finished if one["outcome"] not in {"ready", "unchanged"}]
        assert not bad, bad


@on_cluster(IMAGE_ONLY, VALUE_TOO)
def cluster_loop(folder: Path, registry: str) -> list[Row]:
    """Measure from a save to the new answer through a NodePort, beside doing it by hand."""
    with (
        fresh_project(folder / "ours", registry) as ours,
        fresh_project(folder / "by-hand", registry) as theirs,
        _watching(ours) as watcher,
    ):
        by_hand(theirs, "one")
        return [
            _compared(IMAGE_ONLY, 0.8, ours, theirs, watcher, value_too=False),
            _compared(VALUE_TOO, 1.0, ours, theirs, watcher, value_too=True),
        ]


@contextmanager
def _watching(app: Deployed) -> Iterator[Watcher]:
    app.settings(set=[NODE_PORT, QUICK_END], watch=True, watch_delay=QUIET)
    with app.redraft.start("up", "--watch", "--output", "json") as process:
        watcher = Watcher(process)
        threading.Thread(target=watcher.read, daemon=True).start()
        try:
            watcher.wait_for(1)
            yield watcher
        finally:
            process.terminate()
            process.wait()


def _compared(
    what: str, most: float, ours: Deployed, theirs: Deployed, watcher: Watcher, *, value_too: bool
) -> Row:
    rounds = [_round(number, ours, theirs, watcher, value_too) for number in range(ROUNDS)]
    taken, whole, first = (statistics.median(one[at] for one in rounds) for at in range(3))
    note = (
        f"{_range(one[0] for one in rounds)}, by hand {_range(one[1] for one in rounds)}, of "
        f"{ROUNDS} each; by hand the new pod answers {whole - first:.2f} s before helm ends"
    )
    return Row(what, taken, "s", BY_HAND, whole, f"{most} x", taken <= most * whole, note=note)


def _range(seconds: Iterable[float]) -> str:
    ordered = sorted(seconds)
    return f"{ordered[0]:.1f} to {ordered[-1]:.1f} s"


def _round(
    number: int, ours: Deployed, theirs: Deployed, watcher: Watcher, value_too: bool
) -> tuple[float, float, float]:
    """Return the seconds of redraft, and by hand to the end and to the first answer."""
    text, value = f"round {number} {value_too}", number if value_too else None
    taken = 0.0
    if number % 2:
        taken = _by_redraft(ours, theirs, watcher, text, value)
    _until_calm(ours, theirs)
    _save(theirs, text, value)
    whole, first = by_hand(theirs, text)
    return taken or _by_redraft(ours, theirs, watcher, text, value), whole, first


def _by_redraft(
    ours: Deployed, theirs: Deployed, watcher: Watcher, text: str, value: int | None
) -> float:
    """Return the seconds from a save to its answer, after the iteration ended."""
    _until_calm(ours, theirs)
    done, began = len(watcher.finished), time.monotonic()
    _save(ours, text, value)
    taken = answered(ours, text) - began
    watcher.wait_for(done + 1)
    return taken


def _until_calm(*apps: Deployed) -> None:
    """Wait until of every app one pod runs, but not for ever: a kubelet may be slow to tell."""
    with contextlib.suppress(TimeoutError):
        until(lambda: all(_running(app) == 1 for app in apps), CALMING)
    time.sleep(random.random())  # noqa: TID251 - a save comes at any time


def _running(app: Deployed) -> int:
    """Count the pods that are to stay, and those whose programs have not ended yet."""
    return sum(
        "deletionTimestamp" not in pod["metadata"]
        or any("running" in one["state"] for one in pod["status"].get("containerStatuses", ()))
        for pod in app.get("pods")["items"]
    )


def _save(app: Deployed, text: str, value: int | None) -> None:
    """Change what the app answers, and a value of its chart where there is one."""
    if value is not None:
        values = app.project / "charts" / app.name / "values.yaml"
        lines = values.read_text().splitlines()
        env = f'env: {{ROUND: "{value}"}}'
        values.write_text(
            "\n".join(env if line.startswith("env:") else line for line in lines) + "\n"
        )
    app.edit(text)


def by_hand(app: Deployed, text: str) -> tuple[float, float]:
    """Release the tree without redraft; return the seconds to the end and to the first answer."""
    image = f"{app.registry}/{app.name}"
    tag = f"hand-{time.time_ns()}"
    values = f"image.repository={image},image.tag={tag},{NODE_PORT},{QUICK_END}"
    helm = ["helm", "upgrade", "--install", app.name, f"charts/{app.name}", "--wait"]
    steps = (
        ["docker", "build", "--quiet", "--tag", f"{image}:{tag}", "."],
        ["docker", "push", "--quiet", f"{image}:{tag}"],
        [*helm, "--namespace", app.namespace, f"--set={values}"],
    )
    answers = list[float]()
    began = time.monotonic()
    asking = threading.Thread(target=lambda: answers.append(answered(app, text)), daemon=True)
    asking.start()
    for step in steps:
        subprocess.run(step, cwd=app.project, env=app.redraft.env, check=True, capture_output=True)
    ended = time.monotonic()
    asking.join()
    return max(ended, *answers) - began, answers[0] - began


def answered(app: Deployed, text: str) -> float:
    """Wait until the app answers with this text through the node's port; return when it did."""
    until(lambda: _answer(app) == text)
    return time.monotonic()


def _answer(app: Deployed) -> str:
    try:
        port = _node_port(app)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=IMPATIENCE) as response:
            body: bytes = response.read()
            return body.decode()
    except (urllib.error.URLError, OSError, subprocess.CalledProcessError):
        return ""


PORTS = dict[str, int]()


def _node_port(app: Deployed) -> int:
    if app.name not in PORTS:
        PORTS[app.name] = app.get("service", app.name)["spec"]["ports"][0]["nodePort"]
    return PORTS[app.name]
