"""How long to wait before trying again, so that many clients do not come back at one moment."""

import random

FIRST = 0.25
LONGEST = 5.0
"""Seconds; a cluster that is back should be seen before its user looks twice."""


def pause(failures: int, chance: float | None = None) -> float:
    """Return the seconds to wait after so many failures in a row: doubling, jittered by half.

    `chance` is between 0 and 1, by default random.
    """
    whole = min(LONGEST, FIRST * 2.0 ** min(failures - 1, 10))
    return whole * (1 + (random.random() if chance is None else chance)) / 2
