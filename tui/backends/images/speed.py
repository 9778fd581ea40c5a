"""Speed: how fast something is moved, smoothed so that it can be read. Pure."""

SMOOTHING = 0.4
"""Weight of the newest measure."""
APART = 0.1
"""Seconds between two measures at least."""


class Speed:
    """Measures one transfer."""

    def __init__(self, now: float, done: int = 0) -> None:
        self._time = now
        self._done = done
        self.value = 0.0
        """Units a second."""

    def measure(self, done: int, now: float) -> bool:
        """Take in how far it is; return whether that was a new measure, or too soon for one."""
        seconds = now - self._time
        if seconds < APART:
            return False
        latest = max(0, done - self._done) / seconds
        self.value = latest if not self.value else self.value + SMOOTHING * (latest - self.value)
        self._time, self._done = now, done
        return True
