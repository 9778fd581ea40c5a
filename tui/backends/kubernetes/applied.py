"""What the cluster was asked for by a release, whichever way. Pure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tui.backends.kubernetes.documents import Document, ref_of
from tui.backends.kubernetes.records import Content, Means, Ref
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen


@frozen
class Applied:
    """What the cluster was asked for."""

    means: Means
    content: Content
    objects: tuple[Ref, ...]
    helm_revision: int = 0
    ran: tuple[Ref, ...] = ()
    """What helm ran for hooks."""


class PartlyAppliedError(FaultError):
    """Raised where a release failed at one of its objects, or at what follows them.

    Those before it are in the cluster, and it may be, where the answer alone was lost.
    """

    def __init__(self, fault: Fault, objects: tuple[Ref, ...]) -> None:
        super().__init__(fault)
        self.objects = objects


@contextmanager
def once_applied(objects: tuple[Ref, ...]) -> Iterator[None]:
    """Have a failure inside tell that these objects are in the cluster, the last one perhaps."""
    try:
        yield
    except FaultError as error:
        raise PartlyAppliedError(error.fault, objects) from error


def refs_of(documents: Sequence[Document], namespace: str) -> tuple[Ref, ...]:
    """Return how the objects are called; `namespace` is where those go that name none."""
    return tuple(ref_of(document.object, namespace) for document in documents)
