"""What the cluster was asked for by a release, whichever way. Pure."""

from dataclasses import dataclass

from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.records import Content, Means


@dataclass(frozen=True, slots=True)
class Applied:
    """What the cluster was asked for."""

    means: Means
    content: Content
    helm_revision: int = 0


def objects_of(documents: tuple[Document, ...]) -> tuple[RawObject, ...]:
    """Return the objects without their places."""
    return tuple(document.object for document in documents)
