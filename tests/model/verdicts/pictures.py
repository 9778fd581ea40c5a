"""Small pictures to judge: one wanted release of a cluster."""

from dataclasses import replace
from typing import Any

from tui.model.rollouts import Container, Pod, Rollout, Verdict, WarningEvent, Workload
from tui.model.verdicts import judge

NOW = 1000.0
RUNNING = Container("app", running=True, started=900.0, image="registry.example/greeter:1")
READY = replace(RUNNING, ready=True)


def pod(*containers: Container, **fields: Any) -> Pod:
    made = Pod("web-1", 2, "Running", containers, 900.0, owner="Deployment web", node="node1")
    return replace(made, **fields)


def rollout(*pods: Pod, serving: int = 0, **fields: Any) -> Rollout:
    workload = Workload("Deployment", "web", len(pods), created=900.0)
    return replace(Rollout(2, serving, (workload,), pods, started=890.0), **fields)


def waiting(reason: str, message: str = "", **fields: Any) -> Pod:
    """Return a pod whose container waits."""
    container = replace(RUNNING, running=False, waiting=reason, message=message)
    return pod(container, phase="Pending", **fields)


def judged(*pods: Pod, now: float = NOW, **fields: Any) -> Verdict:
    return judge(rollout(*pods, **fields), now)


def pull_failed(words: str, times: int = 1) -> WarningEvent:
    message = f'Failed to pull image "registry.example/greeter:1": {words}'
    return WarningEvent("Failed", message, times, NOW, "app")
