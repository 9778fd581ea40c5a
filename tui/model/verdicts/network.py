"""Network: pods that are ready, yet not to be reached as the release means it. Pure."""

from collections.abc import Iterator

from tui.model.rollouts import Pod, Verdict
from tui.model.routes import Service, ServicePort
from tui.model.verdicts.scene import Scene, trouble


def unreachable(at: Scene) -> Iterator[Verdict]:
    """Tell Services and Ingresses that lead nowhere."""
    if not any(workload.desired and workload.kind != "Job" for workload in at.rollout.workloads):
        return
    for service in at.rollout.services:
        if service.selector and service.kind != "ExternalName":
            yield from _service(service, at.pods)
    for ingress in at.rollout.ingresses:
        for backend in ingress.backends:
            if backend.missing:
                yield _astray(ingress.name, backend.service, backend.port, backend.missing)


def _service(service: Service, pods: tuple[Pod, ...]) -> Iterator[Verdict]:
    selected = [pod for pod in pods if pod.name in service.selected]
    if not service.selected:
        yield _selects_nothing(service)
        return
    for port in service.ports:
        if not port.number:
            yield _unnamed(service, port)
        elif selected and all(_closed(port.number, pod) for pod in selected):
            yield _closed_port(service, port, selected[0])
    if not service.ready_endpoints:
        yield trouble(
            False,
            "service-no-endpoints",
            f"Service {service.name} has no ready endpoint yet",
            (f"it selects {', '.join(service.selected)}",),
            "wait for its pods to become ready",
        )


def _closed(port: int, pod: Pod) -> bool:
    """Whether it is known that nothing in the pod listens on a port for others."""
    listening = {number for c in pod.containers for number in c.listening}
    local = {number for c in pod.containers for number in c.listening_locally}
    return bool(listening or local) and port not in listening


def _selects_nothing(service: Service) -> Verdict:
    selector = ", ".join(f"{key}={value}" for key, value in service.selector)
    return trouble(
        True,
        "service-no-endpoints",
        f"Service {service.name} reaches no pod: none has the labels {selector}",
        (f"selector: {selector}",),
        "make the Service's `selector` equal to labels of the pod template",
    )


def _unnamed(service: Service, port: ServicePort) -> Verdict:
    return trouble(
        True,
        "service-wrong-port",
        f"Service {service.name} sends port {port.port} to a port named {port.target}, which no "
        "container declares",
        (f"targetPort: {port.target}",),
        f"name a container's port {port.target}, or correct `targetPort`",
    )


def _closed_port(service: Service, port: ServicePort, pod: Pod) -> Verdict:
    listening = sorted({number for c in pod.containers for number in c.listening})
    local = sorted({number for c in pod.containers for number in c.listening_locally})
    opened = ", ".join(map(str, listening)) or "nothing for others"
    only = f" (on 127.0.0.1 only: {', '.join(map(str, local))})" if local else ""
    return trouble(
        True,
        "service-wrong-port",
        f"Service {service.name} sends port {port.port} to port {port.number}, where "
        f"{pod.name} does not listen",
        (f"targetPort: {port.target}", f"{pod.name} listens on {opened}{only}"),
        f"set `targetPort` to a port that is open, or listen on {port.number}",
    )


def _astray(ingress: str, service: str, port: str, missing: str) -> Verdict:
    what = f"Service {service}" if missing == "service" else f"port {port} of Service {service}"
    return trouble(
        True,
        "ingress-no-service" if missing == "service" else "ingress-no-port",
        f"Ingress {ingress} sends requests to {what}, which is not there",
        (f"backend: {service}:{port}",),
        "correct the backend in the Ingress, or make what it names",
    )
