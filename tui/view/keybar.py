"""The key bar: the keys that act now, as many words to them as there is room for.

One widget with links in its text instead of Textual's footer with a widget a key: it knows why a
key cannot act and says so when that is clicked, chooses its words by the width, and adds nothing to
the time until the first paint.
"""

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tui.model.frozen import frozen
from tui.view.actions import ACTIONS, Action, shown_key
from tui.view.present import ACCENT, muted


@frozen
class Key:
    """One key as it stands now."""

    action: Action
    label: str
    able: bool


class KeyBar(Widget):
    """Shows which keys act now; a click on one presses it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: clip;
        pointer: pointer;
    }
    """
    auto_links = False
    _keys: Sequence[Key] = ()

    def show(self, refused: Mapping[str, str], labels: Mapping[str, str]) -> None:
        """Show the keys, unless they are shown; `refused` tells why an action cannot act."""
        keys = keys_now(refused, labels)
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render(self) -> Content:
        """Return as many words as there is room for."""
        return present_keys(self._keys, self.size.width)


HIDDEN_UNLESS_ABLE = frozenset({"environment"})
PRESSING = frozenset({"held", "confirm"})
"""What waits for the user: shown first, and only while it does."""


def keys_now(refused: Mapping[str, str], labels: Mapping[str, str]) -> list[Key]:
    """Return the keys to show: those of use to this project, those of use only now first."""
    pressing: list[Key] = []
    keys: list[Key] = []
    for action in ACTIONS:
        able = not refused.get(action.id)
        key = Key(action, labels.get(action.id, action.label), able)
        if able and action.id in PRESSING:
            pressing.append(key)
        elif action.shown and (able or action.id not in HIDDEN_UNLESS_ABLE):
            keys.append(key)
    return [*pressing, *keys]


def present_keys(keys: Sequence[Key], width: int) -> Content:
    """Return the bar: wide apart, then close, then without the words that matter least."""
    wordless: set[str] = set()
    gap = "  " if _length(keys, wordless, "  ") <= width else " "
    for key in sorted(keys, key=lambda key: -key.action.rank):
        if _length(keys, wordless, gap) <= width:
            break
        wordless.add(key.action.id)
    return Content(gap).join([_present_key(*_words(key, wordless), key) for key in keys])


def _length(keys: Sequence[Key], wordless: set[str], gap: str) -> int:
    return Content(gap.join("".join(_words(key, wordless)) for key in keys)).cell_length


def _words(key: Key, wordless: set[str]) -> tuple[str, str]:
    return shown_key(key.action), "" if key.action.id in wordless else f" {key.label}"


def _present_key(name: str, word: str, key: Key) -> Content:
    press = Style.from_meta({"@click": f"app.act('{key.action.id}')"})
    able = Content.assemble((name, f"bold {ACCENT}"), word)
    return (able if key.able else muted(f"{name}{word}")).stylize(press)
