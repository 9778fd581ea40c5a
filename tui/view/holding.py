"""Holding: changes that are held are asked about once. Pure."""

from tui.model.changes import HoldReason


class Holding:
    """Knows what was asked about."""

    def __init__(self) -> None:
        self._known: HoldReason | None = None

    def is_news(self, held: HoldReason | None) -> bool:
        """Whether this, which holds changes now, is to be asked about."""
        if held in {self._known, "paused", "protected"}:
            return False
        self._known = held
        return held is not None
