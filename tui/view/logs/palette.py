"""Palette: the styles log lines are drawn with, taken from the theme."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

from rich.style import Style

from tui.model.loglines import Level

POD_COLOURS = 6
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
    *(f"pod-{number}" for number in range(POD_COLOURS)),
)
"""Component classes, each written `log-lines--PART`."""

_LEVELS = {
    Level.TRACE: "trace",
    Level.DEBUG: "debug",
    Level.INFO: "info",
    Level.WARNING: "warning",
    Level.ERROR: "error",
    Level.FATAL: "fatal",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """One style for each part of a line."""

    styles: dict[str, Style]

    @classmethod
    def of(cls, style: Callable[[str], Style]) -> Self:
        """Ask for the style of every part by its component class."""
        return cls({part: style(f"log-lines--{part}") for part in PARTS})

    def __getitem__(self, part: str) -> Style:
        return self.styles.get(part, Style.null())

    def level(self, level: Level) -> Style:
        """Return the style of a level's word."""
        return self[_LEVELS.get(level, "muted")]

    def pod(self, pod: str) -> Style:
        """Return a pod's style, the same in every session."""
        return self[f"pod-{crc32(pod.encode()) % POD_COLOURS}"]
