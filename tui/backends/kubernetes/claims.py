"""Volume claims that outlive what they were made for.

A StatefulSet's controller makes them from its `volumeClaimTemplates`, as TEMPLATE-SET-ORDINAL, and
nobody removes them, since they hold data. Where the StatefulSet asks for their removal
(`persistentVolumeClaimRetentionPolicy`, from Kubernetes 1.27 on) they have an owner and go with it.
https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.picture.reading import name, parts
from tui.model.faults import FaultError
from tui.model.places import Place

if TYPE_CHECKING:
    from tui.clients.kube.session import KubeSession


async def claims_left(
    session: "KubeSession", namespace: str, stateful_sets: Sequence[RawObject]
) -> tuple[str, ...]:
    """Return the claims that stay when these go; none where they may not be listed."""
    if not stateful_sets:
        return ()
    try:
        listed = await session.get(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims")
    except FaultError as error:
        if error.fault.code != "api-forbidden":
            raise
        return ()
    claims = listed.get("items", ())
    return tuple(one for made in stateful_sets for one in claims_of(made, claims))


def claims_of(stateful_set: RawObject, claims: Iterable[RawObject]) -> Iterator[str]:
    """Yield the names of those claims that were made for a StatefulSet and stay without it."""
    templates = [
        re.escape(name(one)) for one in parts(stateful_set, "spec", "volumeClaimTemplates")
    ]
    made = re.compile(rf"(?:{'|'.join(templates)})-{re.escape(name(stateful_set))}-\d+")
    for claim in claims if templates else ():
        if made.fullmatch(name(claim)) and not parts(claim, "metadata", "ownerReferences"):
            yield name(claim)


def present_claims(claims: Sequence[str], place: Place) -> str:
    """Return that these stay, and the command that removes them."""
    where = ("--context", place.context, "--namespace", place.namespace)
    command = shlex.join(("kubectl", *where, "delete", "pvc", *claims))
    return f"volume claims stay with their data: {', '.join(claims)}; `{command}` removes them"
