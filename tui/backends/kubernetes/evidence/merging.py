"""Putting evidence into a picture. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from tui.backends.kubernetes.evidence.listening import Listening
from tui.backends.kubernetes.evidence.wanting import (
    OOM_KILLED,
    LogWanted,
    PortsWanted,
    Request,
    UseWanted,
)
from tui.model.rollouts import Container, MemoryUse, Pod, Rollout

Answer = tuple[str, ...] | Listening | MemoryUse
Answers = Mapping[Request, Answer]


def with_evidence(rollout: Rollout, answers: Answers) -> Rollout:
    """Return the picture with the last lines, open ports and memory that are known."""
    if not answers:
        return rollout
    lines = {key: text for key, text in answers.items() if isinstance(text, tuple)}
    ports = {
        wanted.pod: found
        for wanted, found in answers.items()
        if isinstance(wanted, PortsWanted) and isinstance(found, Listening)
    }
    uses = {key: found for key, found in answers.items() if isinstance(found, MemoryUse)}
    pods = (_pod(pod, lines, ports.get(pod.name)) for pod in rollout.pods)
    return replace(rollout, pods=tuple(_measured(pod, uses) for pod in pods))


def _pod(pod: Pod, lines: Mapping[Request, tuple[str, ...]], ports: Listening | None) -> Pod:
    said = {
        (wanted.container, wanted.finished): text
        for wanted, text in lines.items()
        if isinstance(wanted, LogWanted) and wanted.pod == pod.name
    }
    if not said and ports is None:
        return pod
    return replace(pod, containers=tuple(_ports(_said(c, said), ports) for c in pod.containers))


def _measured(pod: Pod, uses: Mapping[Request, MemoryUse]) -> Pod:
    if not uses:
        return pod
    return replace(pod, containers=tuple(_use(pod, c, uses) for c in pod.containers))


def _use(pod: Pod, container: Container, uses: Mapping[Request, MemoryUse]) -> Container:
    """Tell a container that was ended for its memory what it had used."""
    last = container.last
    if last is None or last.reason != OOM_KILLED:
        return container
    wanted = UseWanted(pod.name, container.name, last.started, pod.node, last.finished)
    use = uses.get(wanted)
    if use is None or (use.used and not wanted.includes(use.measured)):
        return container
    return replace(container, last=replace(last, memory=use))


def _said(container: Container, said: Mapping[tuple[str, float], tuple[str, ...]]) -> Container:
    if container.last is None:
        return container
    text = said.get((container.name, container.last.finished))
    if not text:
        return container
    return replace(container, last=replace(container.last, last_lines=text))


def _ports(container: Container, ports: Listening | None) -> Container:
    """Tell a running container the open ports of its pod, whose addresses all of them share."""
    if ports is None or not container.running:
        return container
    return replace(container, listening=ports.outside, listening_locally=ports.locally)
