"""Validating: having the API server look at every object before the first one is changed.

Objects are applied one after another: where one of them is invalid, those before it would be there
already, and what runs would be of two releases. So all are applied without being kept first. Only
that an object is invalid is taken for final: one in a namespace, or of a kind, that others of these
objects make cannot be looked at yet, nor can one be with a webhook that allows no dry run.
https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.backends.kubernetes.documents import Document
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from tui.clients.kube.resources import Resources
    from tui.clients.kube.session import KubeSession

INVALID = "api-invalid"
AT_ONCE = 8


async def validate(
    session: "KubeSession", resources: "Resources", documents: Sequence[Document], namespace: str
) -> None:
    """Raise FaultError for the first object that is invalid; changes nothing."""
    for first in range(0, len(documents), AT_ONCE):
        group = documents[first : first + AT_ONCE]
        faults = await asyncio.gather(
            *(_fault(session, resources, document, namespace) for document in group)
        )
        if found := next(filter(None, faults), None):
            raise FaultError(found)


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
