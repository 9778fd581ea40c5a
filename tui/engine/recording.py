"""Recording: what became of a release is written down, even where whoever does it is cancelled.

The lock is held so long: else the next iteration would settle the release at the same time.
"""

from tui.model.releases import Release
from tui.ports.backend import Backend
from tui.ports.enduring import to_its_end

PATIENCE = 5.0
"""Seconds that recording may take when it is cancelled: a cluster may be out of reach."""


async def record(backend: Backend, release: Release) -> None:
    """Have a release's outcome kept; raises FaultError."""
    await to_its_end(backend.record(release), PATIENCE)
