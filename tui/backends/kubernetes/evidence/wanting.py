"""What evidence a picture wants. Pure.

The last lines of a container that ended: the kubelet keeps those of the last incarnation and the
one before. The ports that are open in a pod whose probe fails, or to whose port a Service sends
requests although no probe has looked at it. The memory of a container that was ended for it once:
from then on it is measured while it runs, since nobody can tell afterwards.
"""

from collections.abc import Iterator
from dataclasses import field

from tui.model.frozen import frozen
from tui.model.rollouts import Container, Pod, Rollout
from tui.model.routes import Service

OOM_KILLED = "OOMKilled"
MOST = 6
"""Requests for one picture: what fails in every replica is told by the first of them."""


@frozen
class LogWanted:
    """The end of what an incarnation of a container said."""

    pod: str
    container: str
    finished: float
    """When it ended: tells the incarnation."""
    previous: bool = field(compare=False)
    """Whether another incarnation has begun or is waited for since."""


@frozen
class PortsWanted:
    """Where a pod listens."""

    pod: str
    container: str
    started: float
    """When the container began: tells the incarnation."""


@frozen
class UseWanted:
    """The memory that an incarnation of a container uses, or used last."""

    pod: str
    container: str
    started: float
    """When it began: tells the incarnation."""
    node: str = field(compare=False)
    finished: float = field(compare=False, default=0.0)
    """When it ended; 0 while it runs. Like `started` in whole seconds."""

    def includes(self, moment: float) -> bool:
        """Whether the incarnation was there at a moment."""
        return self.started <= moment and (not self.finished or moment < self.finished + 1)


Request = LogWanted | PortsWanted | UseWanted


def wanted_evidence(rollout: Rollout) -> tuple[Request, ...]:
    """Return what should be asked for this picture."""
    new = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    alive = [pod for pod in new if pod.phase not in {"Terminating", "Succeeded"}]
    found: list[Request] = [*_logs(alive), *_uses(alive), *_ports(alive)]
    found += _unproven(rollout.services, alive)
    return tuple(dict.fromkeys(found))[:MOST]


def is_passing(key: Request) -> bool:
    """Whether the answer is one of many, of which the last one counts."""
    return isinstance(key, UseWanted) and not key.finished


def _logs(pods: list[Pod]) -> Iterator[LogWanted]:
    for pod in pods:
        for container in pod.containers:
            last = container.last
            if last is None or container.ready or last.reason == "StartError":
                continue
            previous = container.running or bool(container.waiting)
            yield LogWanted(pod.name, container.name, last.finished, previous)


def _uses(pods: list[Pod]) -> Iterator[UseWanted]:
    for pod in pods:
        for container in pod.containers:
            last = container.last
            if last is None or last.reason != OOM_KILLED or not pod.node:
                continue
            if not container.ready:
                yield UseWanted(pod.name, container.name, last.started, pod.node, last.finished)
            if container.running:
                yield UseWanted(pod.name, container.name, container.started, pod.node)


def _ports(pods: list[Pod]) -> Iterator[PortsWanted]:
    for pod in pods:
        for container in pod.containers:
            asked = {probe.kind for probe in container.probes if probe.port}
            if container.running and container.failing_probe in asked:
                yield PortsWanted(pod.name, container.name, container.started)


def _unproven(services: tuple[Service, ...], pods: list[Pod]) -> Iterator[PortsWanted]:
    """Yield one pod of each Service that sends requests to a port which no probe has seen open."""
    for service in services:
        selected = [pod for pod in pods if pod.name in service.selected and pod.ready]
        targets = {port.number for port in service.ports if port.number}
        if selected and not targets <= _probed(selected[0].containers):
            runs = next((c for c in selected[0].containers if c.running), None)
            if runs is not None:
                yield PortsWanted(selected[0].name, runs.name, runs.started)


def _probed(containers: tuple[Container, ...]) -> set[int]:
    return {probe.port for c in containers for probe in c.probes if c.ready}
