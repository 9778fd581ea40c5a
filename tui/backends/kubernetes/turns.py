"""Turns: what a release does before it changes anything in the cluster."""

from collections.abc import Awaitable, Callable

from tui.backends.kubernetes.records import Ref
from tui.model.frozen import frozen

Hold = Callable[[], Awaitable[None]]
"""Awaited right before each change; raises FaultError where another took over."""


@frozen
class Turn:
    """A release's turn, which it has by the lease and may lose to another redraft."""

    hold: Hold
    intend: Callable[[tuple[Ref, ...]], Awaitable[None]]
    """Puts on record which objects are about to be applied; raises FaultError."""
