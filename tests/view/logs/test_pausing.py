"""How often the feed looks: briskly while lines come, rarely in a flood and in a lull."""

from tui.view.logs.feed import (
    FLOOD,
    LULL,
    LULL_POLL,
    PATIENCE,
    POLL,
    SLOW_POLL,
    pause_after,
)


def test_looks_become_rarer_the_longer_nothing_comes() -> None:
    pauses = [pause_after(quiet, 1) for quiet in range(LULL + 10)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[PATIENCE], pauses[-1]) == (POLL, SLOW_POLL, LULL_POLL)


def test_a_flood_is_looked_at_half_as_often() -> None:
    assert pause_after(0, FLOOD) == SLOW_POLL
