"""A choice of one among several words, on one line: quicker to open and to paint than a menu."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.view.logs.keys import CHOICE_KEYS

Option = tuple[str, Hashable]
"""What is shown for a value, and the value; None is the value of no choice made."""


class Choice(Widget, can_focus=True):
    """Steps through its options with the arrow keys, the first letter of one, or clicks."""

    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [*CHOICE_KEYS]
    DEFAULT_CSS = """
    Choice {
        width: 1fr; max-width: 26; height: 1; margin-right: 2; color: $text-muted;
        pointer: pointer;
        &.-chosen { color: $text-accent; text-style: bold; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    value: reactive[Hashable] = reactive(None)

    @dataclass
    class Changed(Message):
        """Another option was chosen by the reader."""

        choice: "Choice"

    def __init__(self, nothing: str, options: Sequence[Option] = (), *, id: str) -> None:
        super().__init__(id=id)
        self._nothing: Option = (nothing, None)
        self._options: Sequence[Option] = (self._nothing, *options)

    def offer(self, options: Sequence[Option], value: Hashable) -> None:
        """Offer other options and take one as chosen; what is chosen is always offered."""
        offered = (self._nothing, *options)
        if value not in {known for _, known in offered}:
            offered = (*offered, (str(value), value))
        self._options = offered
        self.value = value

    def render(self) -> Content:
        """Draw what is chosen."""
        text = next(text for text, value in self._options if value == self.value)
        return Content(f"‹ {text} ›")

    def watch_value(self) -> None:
        """Stand out when something is chosen."""
        self.set_class(self.value is not None, "-chosen")

    def action_step(self, by: int) -> None:
        """Take the next option, or the one before."""
        values = [value for _, value in self._options]
        self._take(values[(values.index(self.value) + by) % len(values)])

    def on_click(self) -> None:
        """Take the next option."""
        self.action_step(1)

    def on_key(self, event: events.Key) -> None:
        """Take the next option that begins with a letter; letters mean nothing else here."""
        if not event.is_printable or event.character is None or event.character == " ":
            return
        event.stop()
        event.prevent_default()
        values = [value for _, value in self._options]
        after = values.index(self.value) + 1
        for text, value in (*self._options[after:], *self._options[:after]):
            if text.split()[-1].startswith(event.character):
                self._take(value)
                return

    def _take(self, value: Hashable) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self))
