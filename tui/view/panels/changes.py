"""The changes panel: what was seen of the files and what was done with it."""

from textual.content import Content

from tui.model.faults import Fault
from tui.model.printing import printable, seconds, sparkline
from tui.model.state import SeenChange, State
from tui.view.columns import clipped, path_within, spread
from tui.view.panels.panel import Panel, Picture, Room
from tui.view.present import (
    ACCENT,
    MUTED,
    WARN,
    clock,
    icon,
    joined,
    lines,
    muted,
    plain,
    present_fault,
)

SHOWN = 60
MARKS = {"added": "+", "modified": " ", "deleted": "-"}
LEAST_PATH = 10
"""Cells of a path that are worth showing beside the rule that ignores it."""


class ChangesPanel(Panel):
    """Shows the changes of a state."""

    HELP = """
## Changes
Every file event and what became of it: *waiting*, *building*, *built*, *no change* (the content is
as it was), *superseded* by a newer save, *aborted* by `a`, *dropped*, or *ignored* and by which
line of which file.
*synced* was copied into what runs, so many seconds after the save, and is in no image.
*next build* is ignored by git's or an editor's rules, not by Docker's: it starts no build, and the
next one has it.
`+` is a new file, `-` a deleted one. Below: the seconds from save to ready of the last rounds.
"""

    def picture(self, state: State, now: float, room: Room) -> Picture:
        """Return the list, or its newest line where there is room for one only."""
        if room.height == 1:
            return Picture(Content(""), present_strip(state, room.width))
        return Picture(Content("Changes"), present_changes(state, room.width), latency(state))


def present_strip(state: State, width: int) -> Content:
    """Return the newest change that counts in one line, with the latency."""
    trouble = state.watch.fault or settings_trouble(state)
    if trouble is not None:
        return clipped(present_fault(trouble, width)[0], width)
    counted = [row for row in state.changes if not row.change.ignored_by]
    if not counted:
        return muted("no changes seen yet: save a file")
    right = joined(["", latency(state)])
    room = max(width - right.cell_length - 1, 1)
    return spread(present_change(counted[0], room)[0], right, width)


def present_changes(state: State, width: int) -> Content:
    """Return the text of the panel."""
    rows = [line for row in state.changes[:SHOWN] for line in present_change(row, width)]
    trouble = settings_trouble(state)
    told = present_fault(trouble, width) if trouble else []
    return lines(
        [*_watching(state, width), *told, *(rows or [muted("no changes seen yet: save a file")])]
    )


def settings_trouble(state: State) -> Fault | None:
    """Return why draft.toml is not followed, unless the build panel says so already."""
    built = state.iteration.fault if state.iteration else None
    return None if state.settings_fault == built else state.settings_fault


def latency(state: State) -> Content:
    """Return how long the last rounds took from save to ready."""
    if not state.latencies:
        return Content("")
    last = seconds(state.latencies[-1])
    shown = state.latencies[-12:]
    return Content.assemble(("saved→ready ", MUTED), last, " ", (sparkline(shown), ACCENT))


def _watching(state: State, width: int) -> list[Content]:
    watch = state.watch
    if watch.fault is not None:
        return present_fault(watch.fault, width)
    return [plain(f"↻ {watch.reason}", WARN)] if watch.reason else []


def present_change(row: SeenChange, width: int) -> list[Content]:
    """Return one change: time, icon, path and what was done with it; the rule below if need be."""
    change, result = row.change, _result(row)
    head = Content.assemble(
        muted(clock(row.time)), " ", icon(row.result), " ", (MARKS[change.kind], MUTED)
    )
    below: list[Content] = []
    if (
        row.result in {"ignored", "next build"}
        and width - head.cell_length - result.cell_length < LEAST_PATH
    ):
        result = muted(row.result)
        below = [muted(f"{' ' * 11}by {change.ignored_by}")]
    room = width - head.cell_length - result.cell_length - 1
    path = plain(path_within(printable(change.path), room), MUTED if change.ignored_by else "")
    return [spread(head + path, result, width), *below]


def _result(row: SeenChange) -> Content:
    match row.result:
        case "ignored":
            return muted(f"ignored by {row.change.ignored_by}")
        case "next build":
            return muted(f"next build ({row.change.ignored_by})")
        case "synced":
            return muted(f"synced {seconds(row.seconds)}")
        case _:
            return muted(row.result)
