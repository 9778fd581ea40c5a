"""Probes: those a container declares, and the one that fails, by the kubelet's warnings. Pure.

The kubelet tells a failed probe in an event `Unhealthy` whose message begins with `Readiness probe
failed:` or `Liveness probe errored:`, in later releases `errored and resulted in
unknown state:`. It tells no success, and after 25 events only one in five minutes (its event
filter), so that a silent probe may still fail.
"""

import re
from typing import get_args

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import field, number, part, parts, text, texts
from tui.model.frozen import frozen
from tui.model.rollouts import Probe, ProbeKind, WarningEvent

UNHEALTHY = re.compile(
    r"(Startup|Liveness|Readiness) probe "
    r"(?:failed|errored(?: and resulted in \w+ state)?)(?:: |:|$)(.*)",
    re.S,
)
ENDING = 5.0
"""Seconds it takes to end a container, besides its own grace."""
LATE = 10.0
"""Seconds by which a busy kubelet's events were seen to lag behind its statuses."""
KINDS: tuple[ProbeKind, ...] = get_args(ProbeKind)
"""In the order in which one hides the next: without startup no liveness, a restart is worse."""


@frozen
class Failing:
    """A probe that fails."""

    kind: ProbeKind
    message: str
    last: float
    """Unix time of its last failure."""


def declared_probes(spec: RawObject) -> tuple[Probe, ...]:
    """Return the probes that a container's spec declares."""
    found = ((kind, part(spec, f"{kind}Probe")) for kind in KINDS)
    return tuple(_probe(kind, probe, spec) for kind, probe in found if probe)


def _probe(kind: ProbeKind, probe: RawObject, spec: RawObject) -> Probe:
    means = next((m for m in ("httpGet", "tcpSocket", "grpc") if m in probe), "")
    path = text(probe, "httpGet", "path")
    command = texts(probe, "exec", "command")
    return Probe(kind, port_number(field(probe, means, "port"), [spec]), path, command)


def port_number(port: object, specs: list[RawObject]) -> int:
    """Return a port as a number, by its name where a container declares it; 0 for an unknown."""
    if isinstance(port, int):
        return port
    if str(port).isdigit():
        return int(str(port))
    declared = (one for spec in specs for one in parts(spec, "ports"))
    return next((number(one, "containerPort") for one in declared if one.get("name") == port), 0)


def patience(probe: RawObject) -> float:
    """Return after how many seconds of failing a probe has ended its container; 0 for no probe."""
    if not probe:
        return 0.0
    period = number(probe, "periodSeconds", default=10)
    failures = number(probe, "failureThreshold", default=3)
    rest = number(probe, "initialDelaySeconds") + number(probe, "timeoutSeconds", default=1)
    return float(period * failures + rest + ENDING)


def failing(
    warnings: tuple[WarningEvent, ...],
    started: float,
    before: float,
    *,
    ready: bool,
    asked_to_end: bool = False,
) -> Failing | None:
    """Return the probe that fails in this incarnation or, for one that restarts, ended the last.

    `started` is when this incarnation began (0 when none runs), `before` when the last one did.
    Where the last was `asked_to_end` as probes do it, a probe that failed ever before did it again:
    of a container that is ended time and again the kubelet soon tells no more failures.
    """
    told = [probe for warning in warnings if (probe := _told(warning))]
    ending = 0.0 if asked_to_end else before - LATE
    for kind in KINDS:
        since = (started or before) if kind == "readiness" else ending
        found = [one for one in told if one.kind == kind and one.last >= since]
        if found and not (kind == "readiness" and ready):
            return max(found, key=lambda one: one.last)
    return None


def _told(warning: WarningEvent) -> Failing | None:
    match = UNHEALTHY.match(warning.message)
    if warning.reason != "Unhealthy" or match is None:
        return None
    kind = next(kind for kind in KINDS if kind == match[1].lower())
    return Failing(kind, match[2].strip(), warning.last)
