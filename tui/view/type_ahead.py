"""Type-ahead: each key meets what the key before it has brought about.

Textual forwards a key at once to the widget that has the focus by then. What a binding does, such
as going to the next field or opening the filter, is done only when the key has come back through
the queues of the widgets around it. Of keys that come together, typed over a slow line or pasted,
the later ones would meet the screen as it was: `/quit` would not be looked for, it would quit.

So one key is under way at a time. A message follows it through the same queues: when that is back,
the key has done what it does, and the next one goes. A widget that is taken away may take the
message with it, so that a key does not wait for long.
"""

from collections import deque
from functools import partial

from textual import on
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.message import Message

PATIENCE = 0.3
"""Seconds after which a key that has not come back keeps the others waiting no longer."""


class Passed(Message):
    """Follows a key."""


class TypeAhead(App[str]):
    """An app that takes keys one after another."""

    def __init__(self, driver_class: type[Driver]) -> None:
        super().__init__(driver_class=driver_class)
        self._under_way: Passed | None = None
        self._next: Event | None = None  # comes through the app's own queue
        self._waiting: deque[Event] = deque()

    async def on_event(self, event: Event) -> None:
        """Take what is typed in its turn, everything else at once."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way is None or event is self._next:
            await self._send(event)
        else:
            self._waiting.append(event)
            self._be_patient()

    async def _send(self, event: Event) -> None:
        target = self.focused or self.screen
        self._next, self._under_way = None, Passed()
        try:
            await super().on_event(event)
        finally:
            if not target.post_message(self._under_way):
                self.post_message(self._under_way)
            self._be_patient()

    @on(Passed)
    def _let_next_go(self, passed: Passed) -> None:
        """Let the next key go, behind what the one before has put into the app's queue."""
        if passed is not self._under_way or self._next is not None:
            return
        if self._waiting:
            self._next = self._waiting.popleft()
            self.post_message(self._next)
        else:
            self._under_way = None

    def _be_patient(self) -> None:
        if self._waiting and self._under_way is not None:
            self.set_timer(PATIENCE, partial(self._let_next_go, self._under_way))
