"""What a request asks of the API, read from its path: for faults that name verb and resource."""

from collections.abc import Mapping, Sequence

from tui.model.frozen import frozen

Query = Mapping[str, str] | Sequence[tuple[str, str]]
"""Parameters of a request; pairs where one name comes more than once."""

VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@frozen
class Asked:
    """A request in the words of an RBAC rule."""

    verb: str
    group: str
    """Empty for the core group and for paths that are no resource."""
    resource: str
    """Plural with the subresource, such as `pods/log`; the path itself where it is no resource."""
    namespace: str = ""
    name: str = ""

    @property
    def subject(self) -> str:
        """What it is about, such as `deployments.apps web in shop`."""
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        named = f" {self.name}" if self.name else ""
        return f"{what}{named}" + (f" in {self.namespace}" if self.namespace else "")

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


def asked(method: str, path: str, query: Query | None = None) -> Asked:
    """Read a request; paths are `/api/v1/...` and `/apis/GROUP/VERSION/...`."""
    parts = path.strip("/").split("/")
    group, rest = _group(parts)
    if not rest:
        return Asked(VERBS.get(method, "get"), "", path)
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    resource, name, subresource = (*rest, "", "")[:3]
    resource = f"{resource}/{subresource}" if subresource else resource
    return Asked(_verb(method, name, dict(query or {})), group, resource, namespace, name)


def _group(parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    if parts[0] == "api":
        return "", parts[2:]
    if parts[0] == "apis" and len(parts) > 1:
        return parts[1], parts[3:]
    return "", ()


def _verb(method: str, name: str, query: Mapping[str, str]) -> str:
    if method != "GET":
        return VERBS[method]
    if query.get("watch") in {"1", "true"}:
        return "watch"
    return "get" if name else "list"
