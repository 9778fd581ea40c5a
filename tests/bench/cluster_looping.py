"""How fast a turn of the loop is on a cluster: from a save to the new pod's answer.

Both sides have the same chart, so that their pods are probed and ended alike. What a kubelet takes
differs by a second from one pod to the next on either side: so there are many pairs, the sides take
turns in going first, and each turn begins only when the old pods' programs have ended, and then
some part of a second later: a kubelet looks once a second at what runs, and that they ended was
seen by such a look. At once one side's pods would always start just before the next look, the
other's just after it.

The chart is redraft's own, whose pods are probed each second. By hand one more often has what
`helm create` writes, probed each ten seconds: that is measured as well, and told apart.

The answer is waited for through the Service, and at the local port that redraft keeps connected,
which leads to a pod as soon as that answers. There it is asked when redraft tells that the port
leads to another pod: each connection costs the node a process.
"""

import contextlib
import json
import random
import re
import shutil
import socket
import statistics
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.bench.cluster import QUICK_END, fresh_project, on_cluster, until
from tests.bench.table import Row
from tests.integration.kube.deployed import DOCKERFILE, Deployed

ROUNDS = 15
STARTER_ROUNDS = 7
QUIET = 0.2
"""Seconds of the quiet period, which is part of what is measured."""
NODE_PORT = "service.type=NodePort"
IMAGE_ONLY = "save to new pod serving, only the image changed"
VALUE_TOO = "save to new pod serving, a value of the chart changed too"
AT_PORT = "{}, at the port that `connect` keeps"
BY_HAND = "`docker build && docker push && helm upgrade --wait`"
WITH_STARTER = "{}, beside the chart of `helm create`"
VALUE = re.compile(r"^(env|podAnnotations):.*$", re.MULTILINE)
"""The value that is changed: redraft's chart has the one, that of `helm create` the other."""
CALMING = 15.0
"""Seconds that old pods get to end before a turn."""
IMPATIENCE = 0.5
"""Seconds for one answer: a node may still send a connection to a pod that is gone."""


@dataclass(slots=True)
class Watcher:
    """A running `redraft up --watch`, and the iterations that it told the end of."""

    process: "subprocess.Popen[str]"
    port: int
    """The local port that it keeps connected."""
    finished: list[dict[str, Any]] = field(default_factory=list)
    pod: str = ""
    """Where that port leads to."""

    def read(self) -> None:
        """Take events until there are no more."""
        for line in self.process.stdout or ():
            event = json.loads(line)
            match event["event"]:
                case "IterationFinished":
                    self.finished.append(event)
                case "ConnectionsChanged":
                    self.pod = next((one["pod"] for one in event["connections"]), "")

    def wait_for(self, iterations: int) -> None:
        """Wait until so many iterations ended, which all must have ended well."""
        until(lambda: len(self.finished) >= iterations)
        bad = [one for one in self.finished if one["outcome"] not in {"ready", "unchanged"}]
        assert not bad, bad


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds from a save, on both sides."""

    service: float
    """To redraft's answer through the Service."""
    port: float
    """To redraft's answer at the port that it keeps connected."""
    by_hand: float
    first: float
    """To the first answer by hand, which helm may not have waited for."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What is compared, and how much of by hand's time it may take."""

    what: str
    most: float
    value_too: bool


AIMS = (Aim(IMAGE_ONLY, 0.8, value_too=False), Aim(VALUE_TOO, 1.0, value_too=True))
ROWS = tuple(
    row
    for aim in AIMS
    for row in (aim.what, AT_PORT.format(aim.what), WITH_STARTER.format(aim.what))
)


@on_cluster(*ROWS)
def cluster_loop(folder: Path, registry: str) -> list[Row]:
    """Measure from a save to the new answer through a NodePort, beside doing it by hand."""
    with (
        fresh_project(folder / "ours", registry) as ours,
        fresh_project(folder / "by-hand", registry) as theirs,
        _starter(folder / "starter", registry) as starter,
        _watching(ours) as watcher,
    ):
        by_hand(theirs, "one")
        by_hand(starter, "one")
        rows = list[Row]()
        for aim in AIMS:
            rows += _compared(aim, [_turn(n, ours, theirs, watcher, aim) for n in range(ROUNDS)])
            starters = range(STARTER_ROUNDS)
            told = _compared(aim, [_turn(n, ours, starter, watcher, aim) for n in starters])[0]
            rows.append(replace(told, what=WITH_STARTER.format(aim.what)))
        return rows


@contextmanager
def _starter(folder: Path, registry: str) -> Iterator[Deployed]:
    """Write the same app with the chart of `helm create`, ended at once when its pod is to go."""
    with fresh_project(folder, registry) as app:
        ended_at_once = "ENV PORT=8080\nSTOPSIGNAL SIGKILL\n"
        (app.project / "Dockerfile").write_text(DOCKERFILE + ended_at_once)
        charts = app.project / "charts"
        shutil.rmtree(charts / app.name)
        create = ["helm", "create", app.name]
        subprocess.run(create, cwd=charts, check=True, capture_output=True)
        yield app


@contextmanager
def _watching(app: Deployed) -> Iterator[Watcher]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    app.settings(
        set=[NODE_PORT, QUICK_END],
        watch=True,
        watch_delay=QUIET,
        auto_connect=True,
        override_ports=[f"{port}:8080"],
    )
    with app.redraft.start("up", "--watch", "--output", "json") as process:
        watcher = Watcher(process, port)
        threading.Thread(target=watcher.read, daemon=True).start()
        try:
            watcher.wait_for(1)
            yield watcher
        finally:
            process.terminate()
            process.wait()


def _compared(aim: Aim, turns: list[Turn]) -> list[Row]:
    """Return the rows of the answers through the Service and at the port, beside by hand."""
    whole = statistics.median(turn.by_hand for turn in turns)
    ahead = whole - statistics.median(turn.first for turn in turns)
    hand = f"by hand {_range(turn.by_hand for turn in turns)}, of {len(turns)} each"
    rows = list[Row]()
    for name, seconds in (
        (aim.what, [turn.service for turn in turns]),
        (AT_PORT.format(aim.what), [turn.port for turn in turns]),
    ):
        taken, note = statistics.median(seconds), f"{_range(seconds)}, {hand}"
        met = taken <= aim.most * whole
        rows.append(Row(name, taken, "s", BY_HAND, whole, f"{aim.most} x", met, note=note))
    told = f"{rows[0].note}; by hand the new pod answers {ahead:.2f} s before helm ends"
    return [replace(rows[0], note=told), rows[1]]


def _range(seconds: Iterable[float]) -> str:
    ordered = sorted(seconds)
    return f"{ordered[0]:.1f} to {ordered[-1]:.1f} s"


def _turn(number: int, ours: Deployed, theirs: Deployed, watcher: Watcher, aim: Aim) -> Turn:
    text, value = f"{theirs.name} {number} {aim.value_too}", number if aim.value_too else None
    taken: tuple[float, float] | None = None
    if number % 2:
        taken = _by_redraft(ours, theirs, watcher, text, value)
    _until_calm(ours, theirs)
    _save(theirs, text, value)
    hand = by_hand(theirs, text)
    return Turn(*(taken or _by_redraft(ours, theirs, watcher, text, value)), *hand)


def _by_redraft(
    ours: Deployed, theirs: Deployed, watcher: Watcher, text: str, value: int | None
) -> tuple[float, float]:
    """Return the seconds from a save to its answers, after the iteration ended."""
    _until_calm(ours, theirs)
    done, before, began = len(watcher.finished), watcher.pod, time.monotonic()
    _save(ours, text, value)
    with ThreadPoolExecutor() as threads:
        by_service = threads.submit(answered, ours, text)
        until(lambda: watcher.pod not in {before, ""})
        until(lambda: _body(watcher.port) == text)
        by_port = time.monotonic()
    watcher.wait_for(done + 1)
    return by_service.result() - began, by_port - began


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
        values.write_text(VALUE.sub(rf'\1: {{ROUND: "{value}"}}', values.read_text()))
    app.edit(text)


def by_hand(app: Deployed, text: str) -> tuple[float, float]:
    """Release the tree without redraft; return the seconds to the end and to the first answer."""
    image = f"{app.registry}/{app.name}"
    tag = f"hand-{time.time_ns()}"
    values = f"image.repository={image},image.tag={tag},{NODE_PORT},service.port=8080,{QUICK_END}"
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
    except subprocess.CalledProcessError:
        return ""
    return _body(port)


def _body(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=IMPATIENCE) as response:
            body: bytes = response.read()
            return body.decode()
    except (OSError, HTTPException):
        return ""


PORTS = dict[str, int]()


def _node_port(app: Deployed) -> int:
    if app.name not in PORTS:
        PORTS[app.name] = app.get("service", app.name)["spec"]["ports"][0]["nodePort"]
    return PORTS[app.name]
