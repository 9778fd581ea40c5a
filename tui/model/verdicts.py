"""Verdicts: from a picture of what runs to cause, evidence and remedy. Pure.

Only pods of the wanted revision are judged. A first crash is told at once but is not final: the
second one is, for then a restart has shown that it was no accident. Whatever the verdict, nothing
is deleted and watching goes on.
"""

import signal
from collections.abc import Iterator

from tui.model.remedies import remedy_for
from tui.model.rollouts import NO_VERDICT, Container, Pod, Rollout, Termination, Verdict

WRONG_PORT_AFTER = 3.0
"""Seconds a container may listen elsewhere before we believe that it will stay so."""
EVIDENCE_LINES = 12


def judge(rollout: Rollout, now: float) -> Verdict:
    """Return the verdict on the wanted revision at Unix time `now`."""
    if not rollout.revision:
        return NO_VERDICT
    pods = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    for pod, container in _containers(pods):
        verdict = _judge_container(pod, container, now)
        if verdict is not None:
            return verdict
    if _ready(rollout, pods):
        return Verdict("ready")
    if rollout.deadline and now >= rollout.deadline:
        return _too_late(rollout, pods)
    return Verdict("progressing", sentence=_progress(pods))


def _ready(rollout: Rollout, pods: list[Pod]) -> bool:
    wanted = sum(w.desired for w in rollout.workloads)
    ready = sum(pod.ready for pod in pods)
    return rollout.serving == rollout.revision and ready >= max(1, wanted)


def _containers(pods: list[Pod]) -> Iterator[tuple[Pod, Container]]:
    return ((pod, container) for pod in pods for container in pod.containers)


def _judge_container(pod: Pod, container: Container, now: float) -> Verdict | None:
    if container.ready:
        return None
    last = container.last
    if last is not None and last.reason == "StartError":
        return _start_error(last)
    if last is not None and not container.running:
        return _crashed(pod, container, last)
    return _wrong_port(pod, container, now)


def _start_error(last: Termination) -> Verdict:
    return Verdict(
        "failed",
        "start-error",
        f"the app could not be started: {last.message}",
        _evidence(last),
        "correct the start command: `command` in draft.toml, or the CMD of the Dockerfile",
    )


def _crashed(pod: Pod, container: Container, last: Termination) -> Verdict:
    final = container.restarts >= 1
    times = f", {container.restarts + 1} times" if final else ""
    outcome = "failed" if final else "progressing"
    cause = "exited" if last.exit_code == 0 else "crash-loop"
    return Verdict(
        "failed" if outcome == "failed" else "progressing",
        cause,
        f"{pod.name} {ending(last)}{times}",
        _evidence(last),
        remedy_for(last),
    )


def ending(last: Termination) -> str:
    """Say how a container ended: its exit code or its signal by name."""
    if last.signal:
        return f"was ended by {_signal_name(last.signal)}"
    return f"exited with code {last.exit_code}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _wrong_port(pod: Pod, container: Container, now: float) -> Verdict | None:
    given = _port(pod.address)
    if not given or not container.listening or given in container.listening:
        return None
    if now - container.started < WRONG_PORT_AFTER:
        return None
    ports = ", ".join(str(port) for port in container.listening)
    return Verdict(
        "failed",
        "wrong-port",
        f"{pod.name} listens on port {ports}, not on the one it was given, {given}",
        (f"PORT={given} is in its environment", f"listening: {ports}"),
        "read the port from the environment variable PORT",
    )


def _port(address: str) -> int:
    _, _, port = address.rpartition(":")
    return int(port) if port.isdigit() else 0


def _too_late(rollout: Rollout, pods: list[Pod]) -> Verdict:
    seconds = round(rollout.deadline - rollout.started)
    for pod, container in _containers(pods):
        if container.ready:
            continue
        evidence = (container.probe_message,) if container.probe_message else ()
        if _port(pod.address) in container.listening or "HTTP" in container.probe_message:
            return Verdict(
                "failed",
                "probe-failed",
                f"{pod.name} runs but its probe still fails after {seconds} s",
                evidence,
                "make the probed path answer below 400, or set `probe-path` in draft.toml",
            )
        return Verdict(
            "failed",
            "port-closed",
            f"{pod.name} runs but opened no port within {seconds} s",
            evidence,
            "listen on 127.0.0.1 at the port that the environment variable PORT names",
        )
    return Verdict("failed", "deadline", f"not ready within {seconds} s", _states(pods))


def _progress(pods: list[Pod]) -> str:
    if not pods:
        return "starting"
    return f"{sum(pod.ready for pod in pods)} of {len(pods)} ready"


def _states(pods: list[Pod]) -> tuple[str, ...]:
    return tuple(f"{pod.name}: {pod.phase}" for pod in pods)


def _evidence(last: Termination) -> tuple[str, ...]:
    return last.last_lines[-EVIDENCE_LINES:]
