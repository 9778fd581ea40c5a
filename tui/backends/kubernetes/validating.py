"""Validating: having the API server look at every object before the first one is changed.

Objects are applied one after another: where one of them is invalid, those before it would be there
already, and what runs would be of two releases. So all are applied without being kept first. Only
that an object is invalid is taken for final, and not where one that is applied before it may mend
that (`depends`); nor can one be looked at yet that is in a namespace others of these objects make,
or that meets a webhook which allows no dry run.
https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.backends.kubernetes.definitions import defined_kinds, kind_of
from tui.backends.kubernetes.documents import Document
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resources
    from tui.clients.kube.session import KubeSession

INVALID = "api-invalid"
AT_ONCE = 8
ALLOCATED = "already allocated"
"""What a Service is answered whose address or port another has."""
DENIED = re.compile(r"\bdenied (?:the )?request")
"""What a webhook or a policy answers, which may look at other objects, and may be one of these."""


async def validate(
    session: "KubeSession", resources: "Resources", documents: Sequence[Document], namespace: str
) -> None:
    """Raise FaultError for the first object that is invalid by itself; changes nothing."""
    for first in range(0, len(documents), AT_ONCE):
        group = documents[first : first + AT_ONCE]
        faults = await asyncio.gather(
            *(_fault(session, resources, document, namespace) for document in group)
        )
        for number, fault in enumerate(faults, start=first):
            if fault and not depends(fault, documents[number], documents[:number]):
                raise FaultError(fault)


def depends(fault: Fault, document: Document, before: Sequence[Document]) -> bool:
    """Whether what makes an object invalid may be gone once those `before` it are applied.

    They may change the definition of its kind, give free the address or the port it wants, or what
    a pod is given by default.
    """
    said = " ".join(fault.evidence)
    if DENIED.search(said) or kind_of(document.object) in defined_kinds(d.object for d in before):
        return True
    kinds = {one.object["kind"] for one in before}
    match document.object["kind"]:
        case "Service":
            return ALLOCATED in said and "Service" in kinds
        case "Pod":
            return "LimitRange" in kinds
    return False


async def _fault(
    session: "KubeSession", resources: "Resources", document: Document, namespace: str
) -> Fault | None:
    from tui.clients.kube.applying import apply

    wanted, place = document.object, document.place
    try:
        await apply(session, resources, wanted, namespace, place=place, force=True, dry_run=True)
    except FaultError as error:
        if error.fault.code == INVALID:
            return error.fault
    return None
