"""Gutter: what stands before a message: time, pod, level, and whether it came from stderr. Pure."""

from collections.abc import Collection
from datetime import UTC, datetime

from rich.cells import set_cell_size
from rich.segment import Segment

from tui.model.frozen import frozen
from tui.model.loglines import Level, LogLine
from tui.view.columns import short_pod
from tui.view.logs.palette import Palette

WORDS = {
    Level.UNKNOWN: "",
    Level.TRACE: "TRACE",
    Level.DEBUG: "DEBUG",
    Level.INFO: "INFO",
    Level.WARNING: "WARN",
    Level.ERROR: "ERROR",
    Level.FATAL: "FATAL",
}
OWN = {"build": "▸ build", "redraft": "◆ redraft"}
"""What stands in the pod's place for lines no pod said."""
NARROWEST_POD = max(len(word) for word in OWN.values())
NARROW_POD = 11
WIDEST_POD = 14


@frozen
class Columns:
    """How many cells each part gets; 0 leaves it out."""

    time: int = 0
    pod: int = 0
    level: int = 0
    stderr: int = 0

    @property
    def width(self) -> int:
        """All of the gutter, with a space after each part."""
        parts = (self.time, self.pod, self.level, self.stderr)
        return sum(part + 1 for part in parts if part)


def columns(width: int, *, timestamps: bool, pods: Collection[str]) -> Columns:
    """Choose what a screen of this width has room for; the message always gets most of it."""
    widest = WIDEST_POD if width >= 100 else NARROW_POD
    longest = max((len(short_pod(pod, widest)) for pod in pods), default=0)
    time = 12 if width >= 60 else 8 if width >= 40 else 0
    return Columns(
        time=time if timestamps else 0,
        pod=max(NARROWEST_POD, longest) if width >= 50 else 0,
        level=5 if width >= 40 else 1 if width >= 20 else 0,
        stderr=3 if width >= 90 else 0,
    )


def present_gutter(line: LogLine, shape: Columns, palette: Palette) -> list[Segment]:
    """Return the gutter's segments, `shape.width` cells in all."""
    level = WORDS[line.level]
    stderr = line.stream == "stderr"
    if stderr and not shape.stderr and not level:
        level = "err"
    pod_style = palette[line.stream] if line.stream in OWN else palette.pod(line.pod)
    parts = (
        (shape.time, present_time(line.time)[: shape.time], palette["time"]),
        (shape.pod, OWN.get(line.stream) or short_pod(line.pod, shape.pod), pod_style),
        (shape.level, level, palette.level(line.level)),
        (shape.stderr, "err" if stderr else "", palette["muted"]),
    )
    return [
        Segment(f"{set_cell_size(text, cells)} ", style) for cells, text, style in parts if cells
    ]


def present_time(nanoseconds: int) -> str:
    """Return the local time as HH:MM:SS.mmm."""
    moment = datetime.fromtimestamp(nanoseconds // 1_000_000 / 1000, UTC).astimezone()
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
