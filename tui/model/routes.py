"""Routes: by what ways requests come to the pods."""

from tui.model.frozen import frozen


@frozen
class ServicePort:
    """One port of a Service."""

    port: int
    target: str
    """The pods' port as written: a number or the name of one they declare."""
    number: int = 0
    """The pods' port as a number; 0 when no selected pod declares that name."""


@frozen
class Service:
    """A Service of the release, with whom it sends requests to."""

    name: str
    ports: tuple[ServicePort, ...] = ()
    selector: tuple[tuple[str, str], ...] = ()
    """Empty for one whose endpoints somebody else keeps."""
    selected: tuple[str, ...] = ()
    """Names of the pods that its selector matches."""
    ready_endpoints: int = 0
    kind: str = "ClusterIP"


@frozen
class Backend:
    """Where an Ingress sends the requests for a path."""

    service: str
    port: str
    """Number or name, as written."""
    host: str = ""
    path: str = ""
    missing: str = ""
    """What is not there: `service` or `port`; empty when both are."""


@frozen
class Ingress:
    """An Ingress of the release."""

    name: str
    backends: tuple[Backend, ...] = ()
