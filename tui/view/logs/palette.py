"""Palette: the styles log lines are drawn with, taken from the theme."""

from collections.abc import Callable
from dataclasses import field
from typing import Self

from rich.style import Style

from tui.model.frozen import frozen
from tui.model.loglines import Level
from tui.view.logs.hues import HUES, Hues

PARTS = (
    "time",
    "muted",
    "trace",
    "debug",
    "info",
    "warning",
    "error",
    "fatal",
    "build",
    "redraft",
    "rule",
    "match",
    "note",
    "cursor",
    *(f"pod-{number}" for number in range(HUES)),
)
"""Component classes, each written `log-lines--PART`."""

# Pods need hues of their own: the theme's would read as levels.
STYLES = """
LineView {
    height: 1fr; width: 1fr;
    .log-lines--time, .log-lines--muted, .log-lines--trace, .log-lines--debug, .log-lines--build {
        color: $text-muted;
    }
    .log-lines--info { color: $text-success; }
    .log-lines--warning { color: $text-warning; text-style: bold; }
    .log-lines--error { color: $text-error; text-style: bold; }
    .log-lines--fatal { color: $text-error; text-style: bold reverse; }
    .log-lines--redraft { color: $text-accent; }
    .log-lines--rule { color: $text-accent; text-style: bold; }
    .log-lines--match { background: $warning; color: $background; text-style: bold; }
    .log-lines--note { color: $text-accent; text-style: italic; }
    .log-lines--cursor { background: $primary-muted; }
    .log-lines--pod-0 { color: #7aa2f7; }
    .log-lines--pod-1 { color: #bb9af7; }
    .log-lines--pod-2 { color: #4fc3dc; }
    .log-lines--pod-3 { color: #e39ac4; }
    .log-lines--pod-4 { color: #5fc9a8; }
    .log-lines--pod-5 { color: #b4bd68; }
    &:light {
        .log-lines--pod-0 { color: #1f5fbf; }
        .log-lines--pod-1 { color: #7a3fb0; }
        .log-lines--pod-2 { color: #00708a; }
        .log-lines--pod-3 { color: #a0306e; }
        .log-lines--pod-4 { color: #0f7560; }
        .log-lines--pod-5 { color: #66660f; }
    }
}
"""

FILLED = {"match", "cursor"}
"""Parts with a background of their own."""
_LEVELS = {
    Level.TRACE: "trace",
    Level.DEBUG: "debug",
    Level.INFO: "info",
    Level.WARNING: "warning",
    Level.ERROR: "error",
    Level.FATAL: "fatal",
}


@frozen
class Palette:
    """One style for each part of a line."""

    styles: dict[str, Style]
    hues: Hues = field(default_factory=Hues, compare=False)

    @classmethod
    def of(cls, style: Callable[[str], Style], hues: Hues) -> Self:
        """Ask for the style of every part by its component class."""
        styles = {part: style(f"log-lines--{part}") for part in PARTS}
        on_lines = {part: _transparent(look) for part, look in styles.items() if part not in FILLED}
        return cls({**styles, **on_lines}, hues)

    def __getitem__(self, part: str) -> Style:
        return self.styles.get(part, Style.null())

    def level(self, level: Level) -> Style:
        """Return the style of a level's word."""
        return self[_LEVELS.get(level, "muted")]

    def pod(self, pod: str) -> Style:
        """Return a pod's style."""
        return self[f"pod-{self.hues.of(pod)}"]


def _transparent(style: Style) -> Style:
    """Return the style without its background: the line under the cursor has another one."""
    return Style(color=style.color, bold=style.bold, italic=style.italic, reverse=style.reverse)
