"""Whether the user may do what a command needs, asked before it is done (SelfSubjectAccessReview).

https://kubernetes.io/docs/reference/access-authn-authz/authorization/
"""

import asyncio
from collections.abc import Iterable

from tui.clients.kube.session import KubeSession
from tui.model.frozen import frozen

PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
AT_ONCE = 10
"""Reviews asked for at a time."""


@frozen
class Right:
    """One thing to be allowed, in the words of an RBAC rule."""

    verb: str
    group: str
    resource: str
    """Plural, with the subresource after a slash, such as `pods/log`."""

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}" + (f".{self.group}" if self.group else "")


async def missing_rights(
    session: KubeSession, namespace: str, rights: Iterable[Right]
) -> tuple[Right, ...]:
    """Return the rights that the user lacks in the namespace, in order.

    Raises `FaultError` as requests do.
    """
    wanted = tuple(rights)
    slots = asyncio.Semaphore(AT_ONCE)

    async def allowed(right: Right) -> bool:
        async with slots:
            return await _allowed(session, namespace, right)

    answers = await asyncio.gather(*map(allowed, wanted))
    return tuple(right for right, answer in zip(wanted, answers, strict=True) if not answer)


async def _allowed(session: KubeSession, namespace: str, right: Right) -> bool:
    resource, _, subresource = right.resource.partition("/")
    attributes = {
        "namespace": namespace,
        "verb": right.verb,
        "group": right.group,
        "resource": resource,
        "subresource": subresource,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = await session.post(PATH, body=review)
    return bool(answer.get("status", {}).get("allowed"))
