"""Routes: the release's Services and Ingresses, and whether they lead anywhere. Pure."""

from collections.abc import Iterator

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.probing import port_number
from tui.backends.kubernetes.picture.reading import (
    field,
    holds,
    labels,
    name,
    number,
    part,
    parts,
    text,
)
from tui.backends.kubernetes.picture.wanted import Wanted, members
from tui.model.routes import Backend, Ingress, Service, ServicePort


def services(objects: Objects, wanted: Wanted) -> tuple[Service, ...]:
    """Return the release's Services with whom they reach."""
    return tuple(_service(one, objects) for one in members(objects, wanted, "Service"))


def _service(one: RawObject, objects: Objects) -> Service:
    selector = part(one, "spec", "selector")
    pods = [pod for pod in objects.of("Pod") if selector and _matches(pod, selector)]
    return Service(
        name(one),
        tuple(_port(port, pods) for port in parts(one, "spec", "ports")),
        tuple(sorted((key, str(value)) for key, value in selector.items())),
        tuple(sorted(name(pod) for pod in pods)),
        _ready_endpoints(one, pods, objects),
        text(one, "spec", "type") or "ClusterIP",
    )


def _matches(pod: RawObject, selector: RawObject) -> bool:
    return selector.items() <= labels(pod).items()


def _port(port: RawObject, pods: list[RawObject]) -> ServicePort:
    given = number(port, "port")
    target = field(port, "targetPort") or given
    specs = [spec for pod in pods for spec in parts(pod, "spec", "containers")]
    return ServicePort(given, str(target), port_number(target, specs))


def _ready_endpoints(service: RawObject, pods: list[RawObject], objects: Objects) -> int:
    """Count whom the Service sends requests to; by its pods where Endpoints may not be watched."""
    if "Endpoints" not in objects.by_kind:
        return sum(holds(pod, "Ready") for pod in pods)
    found = (one for one in objects.of("Endpoints") if name(one) == name(service))
    subsets = (subset for one in found for subset in parts(one, "subsets"))
    return sum(len(parts(subset, "addresses")) for subset in subsets)


def ingresses(objects: Objects, wanted: Wanted) -> tuple[Ingress, ...]:
    """Return the release's Ingresses with what they send requests to."""
    there = {name(one): one for one in objects.of("Service")}
    known = "Service" in objects.by_kind
    return tuple(
        Ingress(name(one), tuple(_backend(*rule, there if known else None) for rule in _rules(one)))
        for one in members(objects, wanted, "Ingress")
    )


def _rules(ingress: RawObject) -> Iterator[tuple[RawObject, str, str]]:
    """Yield backend, host and path of everything an Ingress routes to a Service."""
    if default := part(ingress, "spec", "defaultBackend", "service"):
        yield default, "", ""
    for rule in parts(ingress, "spec", "rules"):
        for path in parts(rule, "http", "paths"):
            if service := part(path, "backend", "service"):  # it may be a resource instead
                yield service, text(rule, "host"), text(path, "path")


def _backend(
    service: RawObject, host: str, path: str, there: dict[str, RawObject] | None
) -> Backend:
    port = text(service, "port", "name") or text(service, "port", "number")
    missing = _missing(text(service, "name"), port, there) if there is not None else ""
    return Backend(text(service, "name"), port, host, path, missing)


def _missing(service: str, port: str, there: dict[str, RawObject]) -> str:
    if service not in there:
        return "service"
    ports = parts(there[service], "spec", "ports")
    known = {text(one, key) for one in ports for key in ("name", "port")}
    return "" if port in known else "port"
