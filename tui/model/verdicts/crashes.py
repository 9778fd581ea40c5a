"""Crashes: containers that were started and ended. Pure.

A first crash is told at once but is not final: the second one is, for then a restart has shown that
it was no accident. A container that runs again has proven nothing for a while: until then its crash
is what is told. A Job has its own count of tries, and only it says when it gives up.
"""

import re
import signal
from collections.abc import Iterator
from datetime import datetime

from tui.model.remedies import remedy_for
from tui.model.rollouts import (
    ASKED_TO_END,
    Container,
    MemoryUse,
    Pod,
    Termination,
    Verdict,
)
from tui.model.verdicts.scene import Scene, last_lines, passed, trouble, who

STARTING = {"RunContainerError", "StartError"}
WRONG_PLATFORM = "exec format error"
DENIED = "permission denied"
WRONG_COMMAND = "correct the start command: `command` in draft.toml, or the CMD of the Dockerfile"
NOT_EXECUTABLE = "make it executable (`chmod +x`), or start it by its interpreter"
RUNTIME = re.compile(r"^.*unable to start container process: (?:error during container init: )?")
"""What runc and those above it say before they say what is the matter."""
MIB = 1 << 20
ENDING = {"liveness", "startup"}
"""The probes that end a container."""
PROVEN_AFTER = 10.0
"""Seconds a container runs again before its last crash is not what troubles it any more: as many as
the kubelet's first pause before a restart.
"""
MORE_MEMORY = "raise `resources.limits.memory`, or find what takes so much"


def crashed(at: Scene) -> Iterator[Verdict]:
    """Tell containers that ended, or could not be started at all."""
    for pod, container in at.containers():
        last = container.last
        if container.waiting in STARTING or (last and last.reason == "StartError"):
            if not container.running:
                yield _not_started(pod, container)
        elif last is not None and _by_itself(pod, container, last) and _unproven(container, at.now):
            yield _crash(pod, container, last)


def _unproven(container: Container, now: float) -> bool:
    """Whether it is down, or up again since a moment only."""
    if not container.running:
        return True
    up_again = container.restarts and not container.first_ready
    return bool(up_again) and not passed(container.started + PROVEN_AFTER, container.started, now)


def _by_itself(pod: Pod, container: Container, last: Termination) -> bool:
    """Whether nobody wanted it to end.

    An init container and a Job's are to, a probe ends what it fails, and the kubelet a Job's
    sidecars once all others are done.
    """
    job = pod.owner.startswith("Job ")
    if last.exit_code == 0 and (job or container.kind == "init"):
        return False
    if job and container.kind == "sidecar" and _done(pod):
        return False
    return container.failing_probe not in ENDING or last.exit_code not in ASKED_TO_END


def _done(pod: Pod) -> bool:
    """Whether all that a pod is for has ended well."""
    app = [container for container in pod.containers if container.kind == "app"]
    return all(not c.running and c.last is not None and c.last.exit_code == 0 for c in app)


def _not_started(pod: Pod, container: Container) -> Verdict:
    said = (container.last.message if container.last else "") or container.message
    said = RUNTIME.sub("", said).removesuffix(": unknown")
    if WRONG_PLATFORM in said:
        return _wrong_platform(pod, container, (said,))
    return trouble(
        True,
        "start-error",
        f"{who(pod, container)} could not be started: {said}",
        last_lines(container) or (said,),
        NOT_EXECUTABLE if DENIED in said.lower() else WRONG_COMMAND,
    )


def _wrong_platform(pod: Pod, container: Container, evidence: tuple[str, ...]) -> Verdict:
    return trouble(
        True,
        "image-platform",
        f"{who(pod, container)} cannot be started: its program is not for the node's platform",
        evidence,
        "build the image for the platform of the nodes: `docker buildx build --platform`",
    )


def _crash(pod: Pod, container: Container, last: Termination) -> Verdict:
    lines = last_lines(container)
    if any(WRONG_PLATFORM in line for line in lines):
        return _wrong_platform(pod, container, lines)
    crashes = container.restarts if container.running else container.restarts + 1
    final = crashes > 1 and not pod.owner.startswith("Job ")
    times = f", {crashes} times" if crashes > 1 else ""
    name = who(pod, container)
    if last.reason == "OOMKilled":
        said = (*_use(container, last.memory), *lines)
        told = f"{name} {_memory(container)}{times}"
        return trouble(final, "oom-killed", told, said, MORE_MEMORY)
    cause = "exited" if last.exit_code == 0 else "crash-loop"
    evidence = lines or ((last.message,) if last.message else ())
    return trouble(final, cause, f"{name} {ending(last)}{times}", evidence, remedy_for(last))


def _memory(container: Container) -> str:
    limit = container.memory_limit
    if not limit:
        return "was ended because the node ran out of memory"
    return f"used more memory than its limit of {_mebibytes(limit)}"


def _use(container: Container, memory: MemoryUse | None) -> tuple[str, ...]:
    """Say what is known of its use before the end: the measure goes before, by some seconds."""
    if memory is None:
        return ()
    limit = f"limit {_mebibytes(container.memory_limit)}, " if container.memory_limit else ""
    if not memory.used:
        return (f"{limit}use not known: {memory.unknown}",)
    at = datetime.fromtimestamp(memory.measured).astimezone().strftime("%H:%M:%S")
    return (f"{limit}used {_mebibytes(memory.used)} at {at}, measured by {memory.by}",)


def _mebibytes(size: int) -> str:
    """Write bytes as limits are written and thought of."""
    return f"{size / MIB:.4g} MiB"


def ending(last: Termination) -> str:
    """Say how a container ended: its exit code, or its signal by name."""
    if last.exit_code is None:
        return f"was ended by {_signal_name(last.signal)}"
    by = f" ({_signal_name(last.signal)})" if last.signal else ""
    return f"exited with code {last.exit_code}{by}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
