"""The counter: has the lines counted, one count at a time, and keeps what was counted.

It is asked to look whenever rows, reader or room may be others. A few lines that arrived are
counted at once, from a block or two: a thread would take ten times as long. All else is ordered
from one. A count that took long is not repeated soon, so that a flood does not pay for it; while
nothing changes nothing is done.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.view.logs.excerpt import Excerpt
from tui.view.logs.histogram.counting import Aim, Count, Order, count_lines, order_for

if TYPE_CHECKING:
    from tui.logs.tally import Bar

PAUSE = 0.5
"""Seconds between two counts."""
FEW = 100
"""Lines up to which those that arrived are counted at once."""
REST = 5
"""For how many times as long as a count took there is no other."""
RETRY = 30.0
"""Seconds after a mistake of ours."""


class Counter:
    """Orders counts by `run`, which has them done in a thread and hands over what came of them."""

    def __init__(
        self, excerpt: Excerpt, run: Callable[[Order], object], counted: Callable[[], object]
    ) -> None:
        self.count: Count | None = None
        """What was counted last, maybe of lines that are no longer chosen."""
        self.bars: tuple[Bar, ...] = ()
        self._excerpt = excerpt
        self._run = run
        self._counted = counted
        """Called when there is another count."""
        self._aim: Aim | None = None
        """What there is to be counted for now."""
        self._order: Order | None = None
        """What is being counted."""
        self._anew = False
        """Whether the next count cannot go on with the last one."""
        self._began = 0.0
        self._due = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def look(self, aim: Aim | None) -> None:
        """Order a count where one is due; for no aim there is nothing to be counted."""
        if aim is None or self._aim is None or not self._aim.agrees(aim):
            self._order, self._due = None, 0.0
        self._aim = aim
        if aim is None or self._order is not None:
            return
        if (wait := self._due - time.monotonic()) > 0:
            self._look_after(wait)
            return
        order = order_for(None if self._anew else self.count, aim, self._excerpt.rows)
        if order is not None:
            self._begin(order)

    def take(self, order: Order, count: Count | None) -> None:
        """Take in what came of an order; without a count the next one is anew."""
        if order is not self._order:
            return
        now = time.monotonic()
        self._rest(max(PAUSE, REST * (now - self._began)))
        self._anew = count is None
        if count is not None:
            self.count = count
            self.bars = tuple(count.tally.bar(slot) for slot in count.scale.slots)
            self._counted()
        self.look(self._aim)

    def fail(self) -> None:
        """Take in that a count broke off."""
        self._rest(RETRY)

    def close(self) -> None:
        """Order nothing more."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _begin(self, order: Order) -> None:
        self._order, self._began = order, time.monotonic()
        if order.before is None or len(order.ids) > FEW:
            self._run(order)
        else:
            self.take(order, count_lines(self._excerpt.reader, order, lambda: False))

    def _rest(self, seconds: float) -> None:
        self._order, self._due = None, time.monotonic() + seconds

    def _look_after(self, seconds: float) -> None:
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().call_later(seconds, self._waited)

    def _waited(self) -> None:
        self._waiting = None
        self.look(self._aim)
