"""Rollouts: what runs now, told alike for processes, containers and pods.

The words are Kubernetes' own, so that one verdict and one panel serve every backend. A local
process is a pod with one container; its workload is the app itself.
"""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["Pending", "Running", "Succeeded", "Failed", "Terminating"]


@dataclass(frozen=True, slots=True)
class Termination:
    """How a container's last incarnation ended."""

    exit_code: int | None
    """None when a signal ended it."""
    signal: int = 0
    reason: str = ""
    """`Error`, `Completed`, `OOMKilled`, `StartError`."""
    message: str = ""
    finished: float = 0.0
    """Unix time in seconds."""
    last_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """One process of a pod."""

    name: str
    ready: bool = False
    running: bool = False
    waiting: str = ""
    """Why it is not running: `CrashLoopBackOff`, `ContainerCreating`; empty when it runs."""
    message: str = ""
    restarts: int = 0
    started: float = 0.0
    """Unix time of the present incarnation, 0 when it never ran."""
    retry_at: float = 0.0
    """Unix time of the next start while backing off, else 0."""
    last: Termination | None = None
    listening: tuple[int, ...] = ()
    """TCP ports the processes of this container listen on, as far as known."""
    probe_message: str = ""
    """What the last failed probe saw, such as `HTTP 500 from /healthz`; empty when it passed."""


@dataclass(frozen=True, slots=True)
class Pod:
    """One replica."""

    name: str
    revision: int
    phase: Phase
    containers: tuple[Container, ...] = ()
    created: float = 0.0
    address: str = ""
    """Where it answers, `host:port`; empty when it opens no port."""

    @property
    def ready(self) -> bool:
        """Whether every container passes its probe."""
        return bool(self.containers) and all(c.ready for c in self.containers)

    @property
    def restarts(self) -> int:
        """Restarts of all containers together."""
        return sum(c.restarts for c in self.containers)


@dataclass(frozen=True, slots=True)
class Workload:
    """What owns the pods: here the app, later a Deployment, StatefulSet, DaemonSet or Job."""

    kind: str
    name: str
    desired: int
    updated: int = 0
    ready: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True)
class Rollout:
    """A level-triggered picture of what runs; each observation replaces the one before."""

    revision: int
    """The revision wanted now; 0 when nothing was ever released."""
    serving: int = 0
    """The revision that answers on the stable address; 0 when none does."""
    workloads: tuple[Workload, ...] = ()
    pods: tuple[Pod, ...] = ()
    url: str = ""
    started: float = 0.0
    """Unix time at which the wanted revision was asked for."""
    deadline: float = 0.0
    """Unix time after which it counts as failed when not ready; 0 for none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the wanted revision is up, and if not: cause, evidence, remedy."""

    outcome: Literal["none", "progressing", "ready", "failed"]
    """`failed` is final for the iteration, yet watching goes on and the outcome may still become
    `ready`.
    """
    cause: str = ""
    """Stable code such as `crash-loop`; empty when all is well."""
    sentence: str = ""
    evidence: tuple[str, ...] = ()
    remedy: str = ""


NO_VERDICT = Verdict("none")
