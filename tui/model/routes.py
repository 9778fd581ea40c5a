"""Routes: by what ways requests come to the pods."""

from collections.abc import Iterable
from typing import Literal

from tui.model.frozen import frozen

EndpointKind = Literal["Ingress", "LoadBalancer", "NodePort", "Service"]
"""By what a request comes in; a plain Service only takes those from inside the cluster."""
Reach = Literal["unknown", "answers", "failing", "inside"]
"""`unknown` until it was asked; `inside` where it cannot be asked from outside the cluster."""


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


@frozen
class Endpoint:
    """An address of the release, and what it answered when it was asked."""

    kind: EndpointKind
    name: str
    """Of the Service or Ingress."""
    url: str
    """`http`, `https`, or `tcp` where it is not known to be HTTP; empty without an address."""
    reach: Reach = "unknown"
    answer: str = ""
    """What came back: `HTTP 502`, `connection refused`."""
    cause: str = ""
    """Stable code of what is the matter while it fails; empty otherwise."""

    @property
    def label(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"


def best_url(endpoints: Iterable[Endpoint]) -> str:
    """Return the URL to open: of the first one that answers, else of the first there is."""
    outside = [one for one in endpoints if one.reach != "inside" and one.url.startswith("http")]
    answering = (one.url for one in outside if one.reach == "answers")
    return next(answering, outside[0].url if outside else "")
