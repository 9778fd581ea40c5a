"""Probes: containers that run but do not answer as they should. Pure.

A readiness probe that fails may only be early: it is final with the deadline. A liveness or startup
probe has its own patience and ends the container; when it fails again after that, it is final.
"""

from collections.abc import Iterator

from tui.model.evidence import telling
from tui.model.rollouts import Container, Pod, Probe, ProbeKind, Verdict
from tui.model.verdicts.scene import EVIDENCE_LINES, WRONG_PORT_AFTER, Scene, passed, trouble, who

COMMAND = 80
"""Characters of a probe's command that are told."""


def unanswered(at: Scene) -> Iterator[Verdict]:
    """Tell containers that a probe finds unwell."""
    for pod, container in at.containers():
        if container.failing_probe is not None:
            yield _failing(pod, container, container.failing_probe, at.now)
        elif container.running and container.first_ready:
            yield _lost(pod, container)
        elif container.running and (verdict := _elsewhere(pod, container, at.now)):
            yield verdict


def _failing(pod: Pod, container: Container, kind: ProbeKind, now: float) -> Verdict:
    declared = (probe for probe in container.probes if probe.kind == kind)
    probe = next(declared, Probe(kind))
    long_enough = passed(container.started + WRONG_PORT_AFTER, container.started, now)
    if probe.port and container.running and probe.port not in container.listening:
        if probe.port in container.listening_locally:
            return _only_locally(pod, container, probe, final=long_enough)
        if container.listening or container.listening_locally:
            return _not_there(pod, container, probe, final=long_enough)
    final = kind != "readiness" and container.restarts >= (1 if container.running else 2)
    said = tuple(line for line in container.probe_message.splitlines() if line.strip())
    headline = "".join(telling(said, 1))
    seen = ": ".join(filter(None, (_asked(probe), headline)))
    return trouble(
        final,
        f"{kind}-probe",
        f"the {kind} probe of {who(pod, container)} fails: {seen}{_times(container.restarts)}",
        (*telling(said, EVIDENCE_LINES), *_listening(container)),
        _remedy(probe, headline),
    )


def _asked(probe: Probe) -> str:
    if probe.path:
        return f"GET {probe.path} on port {probe.port}"
    return f"port {probe.port}" if probe.port else _shortened(" ".join(probe.command))


def _shortened(command: str) -> str:
    """Return a command as one line; it may be a script."""
    line = " ".join(command.split())
    return line if len(line) <= COMMAND else f"{line[:COMMAND]}…"


def _times(restarts: int) -> str:
    if not restarts:
        return ""
    return ", restarted once" if restarts == 1 else f", restarted {restarts} times"


def _remedy(probe: Probe, said: str) -> str:
    if "statuscode" in said:
        return f"make {probe.path or 'it'} answer 200 to 399, or correct the probe's path"
    if "refused" in said:
        return (
            f"listen on port {probe.port} of all addresses (0.0.0.0), or correct the probe's port"
        )
    if "exceeded" in said or "imeout" in said:
        return "answer faster, or raise the probe's `timeoutSeconds`"
    if probe.command:
        return "run the probe's command in the container and correct what it says"
    return "make the container answer, or correct the probe"


def _listening(container: Container) -> tuple[str, ...]:
    lines = []
    if container.listening:
        lines.append(f"listening: {_ports(container.listening)}")
    if container.listening_locally:
        lines.append(f"listening on 127.0.0.1 only: {_ports(container.listening_locally)}")
    return tuple(lines)


def _ports(ports: tuple[int, ...]) -> str:
    return ", ".join(str(port) for port in ports)


def _only_locally(pod: Pod, container: Container, probe: Probe, *, final: bool) -> Verdict:
    return trouble(
        final,
        "listens-on-loopback",
        f"{who(pod, container)} listens on 127.0.0.1:{probe.port}, where nobody outside of the pod "
        "can reach it",
        (container.probe_message, *_listening(container)),
        "listen on 0.0.0.0 instead of 127.0.0.1 or localhost",
    )


def _not_there(pod: Pod, container: Container, probe: Probe, *, final: bool) -> Verdict:
    there = _ports(container.listening or container.listening_locally)
    return trouble(
        final,
        "wrong-port",
        f"{who(pod, container)} listens on port {there}, not on the one that its {probe.kind} "
        f"probe asks, {probe.port}",
        (container.probe_message, *_listening(container)),
        f"listen on port {probe.port}, or have the probe ask port {there}",
    )


def _lost(pod: Pod, container: Container) -> Verdict:
    """Tell a container that answered before; nobody takes its readiness for one failure."""
    return trouble(
        True,
        "probe-lost",
        f"{pod.name} was ready and does not pass its probe any more",
        (container.probe_message,),
        "look at its last lines: it hangs, is overloaded or lost what it needs; a new revision, "
        "or `up` of the same, takes its place",
    )


def _elsewhere(pod: Pod, container: Container, now: float) -> Verdict | None:
    """Tell a container that was given its port by the environment and took another."""
    given = port_of(pod.address)
    if container.probes or not given or not container.listening or given in container.listening:
        return None
    if not passed(container.started + WRONG_PORT_AFTER, container.started, now):
        return None
    ports = _ports(container.listening)
    return trouble(
        True,
        "wrong-port",
        f"{pod.name} listens on port {ports}, not on the one it was given, {given}",
        (f"PORT={given} is in its environment", f"listening: {ports}"),
        "read the port from the environment variable PORT",
    )


def port_of(address: str) -> int:
    """Return the port of `host:port`, 0 when there is none."""
    _, _, port = address.rpartition(":")
    return int(port) if port.isdecimal() and port.isascii() else 0
