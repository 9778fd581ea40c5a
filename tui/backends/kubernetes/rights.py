"""The rights that the verbs ask for: some always, some for what this release consists of.

Server-side apply takes `patch`, and `create` where the object is new; helm takes the same. What the
chart renders, or the manifests hold, tells the kinds. Objects outside of the namespace, such as
ClusterRoles, are left to whoever may make them: they are told when they are refused.

A websocket begins with a GET, so that exec and port-forward take `get`; from 1.35 on they take
`create` as well, which was needed for the older way only (kubernetes/kubernetes#134577).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.backends.kubernetes.objects import RawObject
from tui.clients.kube.rights import Right

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resource, Resources


def _rights(group: str, resources: str, verbs: str) -> tuple[Right, ...]:
    return tuple(
        Right(verb, group, resource) for resource in resources.split() for verb in verbs.split()
    )


FOLLOWED = "get list watch"
MADE = "get create patch delete"
ALWAYS = (
    *_rights("", "pods services endpoints events persistentvolumeclaims", FOLLOWED),
    *_rights("", "pods/log", "get"),
    *_rights("", "pods/portforward pods/exec", "get create"),
    *_rights("", "secrets", f"{FOLLOWED} create update delete"),
    *_rights("apps", "deployments statefulsets daemonsets", FOLLOWED),
    *_rights("apps", "replicasets controllerrevisions", FOLLOWED),
    *_rights("batch", "jobs", FOLLOWED),
    *_rights("networking.k8s.io", "ingresses", FOLLOWED),
    *_rights("coordination.k8s.io", "leases", "get create update"),
)
"""To follow what runs, to keep the history, and to reach the pods."""
POD_METRICS = Right("get", "metrics.k8s.io", "pods")
NODES_PROXY = Right("get", "", "nodes/proxy")
"""Either tells how much memory a container used that was ended for it; both are optional."""
PULL_SECRET = _rights("", "secrets", "patch")
USUAL = (
    *_rights("apps", "deployments", MADE),
    *_rights("", "services configmaps", MADE),
)
"""Where it cannot be told what a release consists of."""


def needed(made: Iterable["Resource"] | None, *, pull_secret: bool) -> tuple[Right, ...]:
    """Return the rights for a release of these kinds, None where they are not known."""
    own = USUAL
    if made is not None:
        kinds = sorted({(one.group, one.plural) for one in made if one.namespaced})
        own = tuple(right for group, plural in kinds for right in _rights(group, plural, MADE))
    return tuple(dict.fromkeys((*ALWAYS, *own, *(PULL_SECRET if pull_secret else ()))))


async def kinds_made(resources: "Resources", objects: Iterable[RawObject]) -> list["Resource"]:
    """Return the resources of these objects; raises FaultError for a kind that is not served."""
    kinds = dict.fromkeys((str(one["apiVersion"]), str(one["kind"])) for one in objects)
    return [await resources.find(version, kind) for version, kind in kinds]
