"""Rollouts: what runs now, told alike for processes, containers and pods.

The words are Kubernetes' own, so that one verdict and one panel serve every backend. A local
process is a pod with one container; its workload is the app itself.
"""

from typing import Literal

from tui.model.faults import Fault
from tui.model.frozen import frozen
from tui.model.routes import Endpoint, Ingress, Service

Phase = Literal["Pending", "Running", "Succeeded", "Failed", "Terminating"]
ContainerKind = Literal["app", "init", "sidecar"]
"""An init container ends before the next starts; a sidecar is one that goes on beside the app."""
ProbeKind = Literal["startup", "liveness", "readiness"]


@frozen
class MemoryUse:
    """The memory that an incarnation of a container was last seen to use before it ended."""

    used: int = 0
    """Bytes of its working set; 0 when that is not known."""
    measured: float = 0.0
    """Unix time of the measure, by the node's clock."""
    by: str = ""
    """Who measured, such as `the kubelet`."""
    unknown: str = ""
    """Why the use is not known."""


ASKED_TO_END = frozenset({0, 143, 137})
"""Exit codes of who was asked to end: by SIGTERM (128 + 15), and then by SIGKILL (128 + 9)."""


@frozen
class Termination:
    """How a container's last incarnation ended."""

    exit_code: int | None
    """None when a signal ended it and nobody made a code of that."""
    signal: int = 0
    """The signal that ended it, 0 for none; a container's is told by its code, 128 + the signal."""
    reason: str = ""
    """`Error`, `Completed`, `OOMKilled`, `StartError`."""
    message: str = ""
    finished: float = 0.0
    """Unix time in seconds."""
    last_lines: tuple[str, ...] = ()
    started: float = 0.0
    """Unix time at which that incarnation began; 0 when it is not told."""
    memory: MemoryUse | None = None
    """Asked for where it was ended for its memory; None before there is an answer."""


@frozen
class Probe:
    """A check that a container declares."""

    kind: ProbeKind
    port: int = 0
    """0 for a command, or when its port's name stands nowhere."""
    path: str = ""
    """The HTTP path; empty for a TCP, gRPC or command probe."""
    command: tuple[str, ...] = ()


@frozen
class WarningEvent:
    """What the cluster warned about a pod or a workload."""

    reason: str
    """`FailedScheduling`, `FailedMount`, `Unhealthy`, `FailedCreate`."""
    message: str
    times: int = 1
    last: float = 0.0
    """Unix time at which it was told last."""
    container: str = ""


@frozen
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
    first_ready: float = 0.0
    """Unix time at which its present incarnation was ready first; 0 while it never was, and where
    that is not known.
    """
    retry_at: float = 0.0
    """Unix time of the next start while backing off, and that by which it is tried again to make
    it, where what it lacks may be there by now; else 0.
    """
    last: Termination | None = None
    listening: tuple[int, ...] = ()
    """TCP ports the processes of this container listen on for others, as far as known."""
    listening_locally: tuple[int, ...] = ()
    """Those that only the pod itself can reach, since they are bound to a loopback address; only
    told of pods that have an address of their own.
    """
    probe_message: str = ""
    """What the last failed probe saw, such as `HTTP 500 from /healthz`; empty when it passed."""
    failing_probe: ProbeKind | None = None
    """Which probe `probe_message` is about, where there is more than one."""
    kind: ContainerKind = "app"
    image: str = ""
    ports: tuple[int, ...] = ()
    """TCP ports it declares, in the order of its spec."""
    probes: tuple[Probe, ...] = ()
    requests: tuple[tuple[str, str], ...] = ()
    """What it asks of a node, as written: `cpu` to `500m`."""
    memory_limit: int = 0
    """In bytes; 0 for none."""
    steady_at: float = 0.0
    """Unix time from which its running counts as ready; 0 where a probe tells."""


@frozen
class Pod:
    """One replica."""

    name: str
    revision: int
    phase: Phase
    containers: tuple[Container, ...] = ()
    created: float = 0.0
    address: str = ""
    """Where it answers, `host:port`; empty when it opens no port."""
    owner: str = ""
    """The workload it belongs to, such as `Deployment greeter`."""
    node: str = ""
    """Where it runs; empty until it has a place."""
    reason: str = ""
    """Why the pod as a whole failed: `Evicted`, `DeadlineExceeded`."""
    message: str = ""
    unschedulable: str = ""
    """Why no node takes it, in the scheduler's words."""
    warnings: tuple[WarningEvent, ...] = ()
    """About the pod and the volumes it claims, oldest first."""
    node_lost: bool = False
    """Whether its node is not heard of any more, so that how it stands is what was last told."""
    gate: str = ""
    """Which readiness gates are closed though its containers are ready, in the kubelet's words."""

    @property
    def ready(self) -> bool:
        """Whether every container passes its probe; an init container by having succeeded."""
        whole = bool(self.containers) and all(c.ready for c in self.containers)
        return whole and not self.held_back

    @property
    def held_back(self) -> bool:
        """Whether nothing is sent to it, however its containers are."""
        return self.node_lost or bool(self.gate)

    @property
    def restarts(self) -> int:
        """Restarts of all containers together."""
        return sum(c.restarts for c in self.containers)


@frozen
class Workload:
    """What owns the pods: a local app, a Deployment, StatefulSet, DaemonSet or Job."""

    kind: str
    name: str
    desired: int
    updated: int = 0
    """Pods of the wanted revision."""
    ready: int = 0
    available: int = 0
    created: float = 0.0
    """Unix time."""
    observed: bool = True
    """Whether its controller has taken up what was last asked of it."""
    refused: str = ""
    """Why its pods cannot be made, in the words of who refused: quota, policy, webhook."""
    refusals: int = 0
    """How often they were refused."""
    stalled: str = ""
    """That it made no progress within its own deadline."""
    complete: bool = False
    """Whether a Job has done what it should."""
    failed: str = ""
    """Why a Job gave up: its reason and message."""
    paused: bool = False
    """Whether somebody paused it, so that it takes up no change."""
    replaced: bool = False
    """Whether somebody else changed what its pods are since the wanted revision was deployed."""
    ordered: bool = False
    """Whether it goes on to its next pod only once each is ready, old ones too."""

    @property
    def label(self) -> str:
        """Kind and name, as `owner` of a pod says them."""
        return f"{self.kind} {self.name}"


@frozen
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
    services: tuple[Service, ...] = ()
    ingresses: tuple[Ingress, ...] = ()
    deleted: bool = False
    """Whether what was released here was deleted, and nothing is wanted since."""
    begun: bool = False
    """Whether the wanted revision was only begun: what it is was never asked for as a whole."""
    failed: Fault | None = None
    """Why it could not be asked for: what runs is of the revisions before."""
    lost_since: float = 0.0
    """Unix time since which nothing can be seen, so that this is what was seen last; 0 for now."""
    lost_to: Fault | None = None
    """Why nothing can be seen; None for an engine that does not answer."""
    endpoints: tuple[Endpoint, ...] = ()
    """Where it is to be reached, the best way first."""


@frozen
class Verdict:
    """Whether the wanted revision is up, and if not: cause, evidence, remedy."""

    outcome: Literal["none", "progressing", "ready", "failed"]
    """`failed` is final for the iteration, yet watching goes on and the outcome may still become
    `ready`.
    """
    cause: str = ""
    """Stable code such as `crash-loop`; empty when all is well. A `ready` one may warn with it."""
    sentence: str = ""
    evidence: tuple[str, ...] = ()
    remedy: str = ""


NO_VERDICT = Verdict("none")
