"""What evidence a picture wants. Pure.

The last lines of a container that ended: the kubelet keeps those of the last incarnation and the
one before. The ports that are open in a pod whose probe fails, or to whose port a Service sends
requests although no probe has looked at it.
"""

from collections.abc import Iterator
from dataclasses import field

from tui.model.frozen import frozen
from tui.model.rollouts import Container, Pod, Rollout
from tui.model.routes import Service

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


Request = LogWanted | PortsWanted


def wanted_evidence(rollout: Rollout) -> tuple[Request, ...]:
    """Return what should be asked for this picture."""
    new = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    alive = [pod for pod in new if pod.phase not in {"Terminating", "Succeeded"}]
    found: list[Request] = [*_logs(alive), *_ports(alive), *_unproven(rollout.services, alive)]
    return tuple(dict.fromkeys(found))[:MOST]


def _logs(pods: list[Pod]) -> Iterator[LogWanted]:
    for pod in pods:
        for container in pod.containers:
            last = container.last
            if last is None or container.ready or last.reason == "StartError":
                continue
            previous = container.running or bool(container.waiting)
            yield LogWanted(pod.name, container.name, last.finished, previous)


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
