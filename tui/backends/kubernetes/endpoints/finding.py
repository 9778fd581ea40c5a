"""Finding the addresses of a release, in the API's raw objects. Pure.

A NodePort answers on every node: on those of the release's pods (`status.hostIP`, which takes no
right to see nodes), and for a cluster on this machine on 127.0.0.1 before them. Load balancers and
Ingresses have the address that their controller wrote into their status. An Ingress that has none
is asked by its host's name, since not every controller writes one.
"""

import re
from collections.abc import Iterator

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import name, number, part, parts, text, texts
from tui.backends.kubernetes.picture.wanted import Wanted, members, pods_of, workloads
from tui.clients.asking import Question, Scheme
from tui.model.frozen import frozen
from tui.model.routes import Endpoint, EndpointKind

MOST = 8
"""Endpoints of one release: an Ingress may have hundreds of paths."""
LOOPBACK = "127.0.0.1"
WEB = frozenset({"http", "http2", "h2c", "ws", "web", "kubernetes.io/h2c", "kubernetes.io/ws"})
SECURE = frozenset({"https", "wss", "kubernetes.io/wss"})
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
LITERAL = re.compile(r"[A-Za-z0-9/._~%@:!&=,;+-]*")
"""The beginning of a path that some controllers take for a pattern."""


@frozen
class Target:
    """An endpoint before it was asked."""

    kind: EndpointKind
    name: str
    scheme: Scheme
    port: int
    addresses: tuple[str, ...]
    """Where to connect to, tried in turn; none where there is no address."""
    host: str = ""
    """What the URL names instead of the address."""
    path: str = "/"

    def question(self, address: str) -> Question:
        """Return what to ask at an address."""
        return Question(self.scheme, self.host or address, self.port, self.path)

    @property
    def endpoint(self) -> Endpoint:
        """What is told before it was asked."""
        if not self.addresses:
            url = self.question("").url if self.host else ""
            return Endpoint(
                self.kind, self.name, url, "failing", "no address yet", "endpoint-no-address"
            )
        url = self.question(self.addresses[0]).url
        if self.kind == "Service":
            return Endpoint(self.kind, self.name, url, "inside", "from inside the cluster only")
        return Endpoint(self.kind, self.name, url)


def find_targets(objects: Objects, wanted: Wanted, *, local: bool) -> tuple[Target, ...]:
    """Return where the release is to be reached, the best way first."""
    served = members(objects, wanted, "Service")
    nodes: tuple[str, ...] = ()
    if any(text(one, "spec", "type") in {"NodePort", "LoadBalancer"} for one in served):
        nodes = ((LOOPBACK,) if local else ()) + _nodes(objects, wanted)
    routed = [t for one in members(objects, wanted, "Ingress") for t in _ingress(one)]
    services = [t for one in served for t in _service(one, nodes)]
    order: list[EndpointKind] = ["Ingress", "LoadBalancer", "NodePort", "Service"]
    found = dict.fromkeys((*routed, *services))
    return tuple(sorted(found, key=lambda target: order.index(target.kind)))[:MOST]


def _nodes(objects: Objects, wanted: Wanted) -> tuple[str, ...]:
    """Return the addresses of the nodes that the release's pods are on."""
    pods = (pod for kind, one in workloads(objects, wanted) for pod in pods_of(objects, kind, one))
    found = sorted({text(pod, "status", "hostIP") for pod in pods} - {""})
    return tuple(found[:2])


def _service(service: RawObject, nodes: tuple[str, ...]) -> Iterator[Target]:
    ports = [p for p in parts(service, "spec", "ports") if text(p, "protocol") in {"", "TCP"}]
    match text(service, "spec", "type"):
        case "LoadBalancer":
            yield from _balanced(service, ports, nodes)
        case "NodePort":
            yield from _on_nodes(service, ports, nodes)
        case "ExternalName":
            return
        case _:
            inside = f"{name(service)}.{text(service, 'metadata', 'namespace')}.svc"
            for port in ports:
                yield _target("Service", service, port, (inside,), number(port, "port"))


def _balanced(
    service: RawObject, ports: list[RawObject], nodes: tuple[str, ...]
) -> Iterator[Target]:
    """Yield a load balancer's ports; its ports on the nodes count while it has no address."""
    given = _addresses(service)[:1]
    for port in ports:
        yield _target("LoadBalancer", service, port, given, number(port, "port"))
    if not given:
        yield from _on_nodes(service, ports, nodes)


def _on_nodes(
    service: RawObject, ports: list[RawObject], nodes: tuple[str, ...]
) -> Iterator[Target]:
    for port in ports:
        if (opened := number(port, "nodePort")) and nodes:
            yield _target("NodePort", service, port, nodes, opened)


def _target(
    kind: EndpointKind,
    service: RawObject,
    port: RawObject,
    addresses: tuple[str, ...],
    number: int,
) -> Target:
    return Target(kind, name(service), scheme_of(port), number, addresses)


def scheme_of(port: RawObject) -> Scheme:
    """Return what a Service's port speaks: as it says by `appProtocol` or its name, else HTTP.

    What has another name is left alone but for a connection: a database takes a request for abuse.
    """
    said = (text(port, "appProtocol") or text(port, "name").partition("-")[0]).lower()
    if said in SECURE or (not said and number(port, "port") in {443, 8443}):
        return "https"
    return "http" if not said or said in WEB else "tcp"


def _addresses(raw: RawObject) -> tuple[str, ...]:
    """Return what the controller of a load balancer or an Ingress wrote into the status."""
    written = parts(raw, "status", "loadBalancer", "ingress")
    found = (text(one, "ip") or text(one, "hostname") for one in written)
    return tuple(one for one in found if one)


def _ingress(ingress: RawObject) -> Iterator[Target]:
    given, secure = _addresses(ingress), _secured(ingress)
    for host, path in _routes(ingress):
        tls = secure is not None and (not secure or host in secure)
        addresses = given or ((host,) if host else ())
        yield Target(
            "Ingress",
            name(ingress),
            "https" if tls else "http",
            443 if tls else 80,
            addresses[:2],
            host,
            path,
        )


def _secured(ingress: RawObject) -> frozenset[str] | None:
    """Return the hosts that an Ingress has certificates for, none for all; None without TLS."""
    tls = parts(ingress, "spec", "tls")
    if not tls:
        return None
    return frozenset(host for one in tls for host in texts(one, "hosts"))


def _routes(ingress: RawObject) -> Iterator[tuple[str, str]]:
    """Yield host and path of everything that has one URL: no wildcards."""
    if part(ingress, "spec", "defaultBackend"):
        yield "", "/"
    for rule in parts(ingress, "spec", "rules"):
        host = text(rule, "host")
        if host and not HOST.fullmatch(host):
            continue
        for path in parts(rule, "http", "paths"):
            yield host, _literal(text(path, "path"))


def _literal(path: str) -> str:
    """Return as much of a path as is no pattern, such as `/api` of `/api(/|$)(.*)`."""
    match = LITERAL.match(path)
    return (match[0] if match else "") or "/"
