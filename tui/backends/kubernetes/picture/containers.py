"""Containers: from a pod's spec, its status and the warnings about it. Pure."""

import re
from dataclasses import replace

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.probing import declared_probes, failing, patience
from tui.backends.kubernetes.picture.reading import (
    NOTHING,
    duration,
    moment,
    number,
    part,
    parts,
    quantity,
    text,
)
from tui.model.frozen import frozen
from tui.model.rollouts import (
    ASKED_TO_END,
    Container,
    ContainerKind,
    Termination,
    WarningEvent,
)

STEADY = 1.0
"""Seconds a container without a probe must run to count as ready."""
FIRST_PROBE = 3.0
"""The same where a liveness probe alone looks: it has its first say by then."""
STEADY_AGAIN = 10.0
"""The same after a restart: the kubelet's first pause between restarts."""
OUTLIVED = 60.0
"""Where a probe may have ended the incarnation before, it has to outlive that: by so much at most,
and by the probe's patience."""
UNMADE = "CreateContainerConfigError"
"""Why a container waits whose configuration is not there, or wrong."""
BACK_OFF = re.compile(r"back-off (\S+) restarting")
START_ERRORS = {"ContainerCannotRun", "StartError"}
"""What dockershim and containerd call a command that could not be started."""
SIGNALS = range(129, 160)
"""Exit codes by which a runtime tells the signal that ended a process: 128 + its number."""


def containers(pod: RawObject, warnings: tuple[WarningEvent, ...]) -> tuple[Container, ...]:
    """Return a pod's containers, init containers first, in the order of its spec."""
    init = parts(pod, "status", "initContainerStatuses")
    app = parts(pod, "status", "containerStatuses")
    statuses = {text(status, "name"): status for status in (*init, *app)}
    specs = [(spec, _kind(spec)) for spec in parts(pod, "spec", "initContainers")]
    specs += [(spec, "app") for spec in parts(pod, "spec", "containers")]
    return tuple(
        _container(spec, kind, statuses.get(text(spec, "name"), NOTHING), warnings)
        for spec, kind in specs
    )


def _kind(init: RawObject) -> ContainerKind:
    """Tell a sidecar, an init container that is always restarted, from one that must end."""
    return "sidecar" if init.get("restartPolicy") == "Always" else "init"


@frozen
class _Life:
    """A container's incarnations."""

    running: RawObject
    waiting: RawObject
    ended: RawObject
    """Its last ending, of this incarnation or the one before."""
    restarts: int

    @property
    def started(self) -> float:
        return moment(self.running, "startedAt")

    @property
    def before(self) -> float:
        """When the incarnation began that a probe may have ended."""
        return moment(self.ended, "startedAt") or self.started

    @property
    def lived(self) -> float:
        """Seconds for which the incarnation lived that ended last."""
        return moment(self.ended, "finishedAt") - moment(self.ended, "startedAt")

    @property
    def asked_to_end(self) -> bool:
        """Whether that one may have been ended as probes do it."""
        return (
            number(self.ended, "exitCode", default=1) in ASKED_TO_END
            and text(self.ended, "reason") != "OOMKilled"
        )


def _life(status: RawObject) -> _Life:
    ended = part(status, "state", "terminated") or part(status, "lastState", "terminated")
    return _Life(
        part(status, "state", "running"),
        part(status, "state", "waiting"),
        ended,
        number(status, "restartCount"),
    )


def _container(
    spec: RawObject, kind: ContainerKind, status: RawObject, warnings: tuple[WarningEvent, ...]
) -> Container:
    life = _life(status)
    own = tuple(w for w in warnings if w.container == text(spec, "name"))
    ready, asked = status.get("ready") is True, life.asked_to_end
    probe = failing(own, life.started, life.before, ready=ready, asked_to_end=asked)
    return Container(
        text(spec, "name"),
        ready=ready,
        running=bool(life.running),
        waiting=text(life.waiting, "reason"),
        message=text(life.waiting, "message"),
        restarts=life.restarts,
        started=life.started,
        retry_at=_retry_at(life),
        last=_termination(life.ended),
        probe_message=probe.message if probe else "",
        failing_probe=probe.kind if probe else None,
        kind=kind,
        image=text(spec, "image"),
        ports=tuple(number(port, "containerPort") for port in _tcp_ports(spec)),
        probes=declared_probes(spec),
        requests=tuple((k, str(v)) for k, v in part(spec, "resources", "requests").items()),
        memory_limit=quantity(text(spec, "resources", "limits", "memory")),
        steady_at=_steady_at(spec, life, probe.last if probe else 0.0) if life.running else 0.0,
    )


def _tcp_ports(spec: RawObject) -> list[RawObject]:
    return [port for port in parts(spec, "ports") if port.get("protocol", "TCP") == "TCP"]


def _steady_at(spec: RawObject, life: _Life, probe_failed: float) -> float:
    """Return from when on its running can be believed.

    A failing liveness probe ends a container only after some more failures, and a restart shows
    what it was worth only after as long as the incarnation before it lived.
    """
    liveness = part(spec, "livenessProbe")
    if probe_failed >= life.started and liveness:
        return probe_failed + patience(liveness)
    if life.restarts:
        ended_by_it = bool(liveness) and life.asked_to_end
        outlived = min(life.lived, OUTLIVED) if ended_by_it else 0.0
        return life.started + max(STEADY_AGAIN, outlived + patience(liveness))
    if spec.get("readinessProbe") or spec.get("startupProbe"):
        return 0.0
    return life.started + (FIRST_PROBE if liveness else STEADY)


def with_retries(found: tuple[Container, ...], tried_again: float) -> tuple[Container, ...]:
    """Return containers with when those are tried again at the latest that could not be made."""
    return tuple(
        replace(one, retry_at=tried_again) if one.waiting == UNMADE else one for one in found
    )


def _retry_at(life: _Life) -> float:
    match = BACK_OFF.search(text(life.waiting, "message"))
    return moment(life.ended, "finishedAt") + duration(match[1]) if match else 0.0


def _termination(ended: RawObject) -> Termination | None:
    if not ended:
        return None
    code = number(ended, "exitCode")
    reason = text(ended, "reason")
    return Termination(
        code,
        number(ended, "signal") or (code - 128 if code in SIGNALS else 0),
        "StartError" if reason in START_ERRORS else reason,
        text(ended, "message").strip(),
        moment(ended, "finishedAt"),
        started=moment(ended, "startedAt"),
    )
