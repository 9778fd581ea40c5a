"""The build panel: stages and steps of the iteration, their seconds and their output."""

from textual.content import Content

from tui.model.counts import count_of
from tui.model.printing import bar, printable, progress
from tui.model.state import Iteration, Stage, State, Step
from tui.view.columns import clipped, spread
from tui.view.panels.panel import Panel, Picture, Room
from tui.view.present import (
    ACCENT,
    age,
    icon,
    joined,
    lines,
    muted,
    plain,
    present_fault,
    present_proof,
    taken,
    worded,
)

WIDE = 56
"""Cells from which on there is room for a long bar and its unit."""
RUNNING_LINES = 3
FAILED_LINES = 30
NAMED = 3
"""Files named as the reason of an iteration; the others are counted."""
REASONS = {
    "key": "because u was pressed",
    "command": "because a command asked for it",
    "first": "because nothing ran yet",
    "resume": "because held changes were let go",
}


class BuildPanel(Panel):
    """Shows the iteration of a state."""

    HELP = """
## Build
The steps of the running or last iteration with their seconds; a cached step is told as such. While
a step runs its last lines are below it; when one fails, its last 30. Stages that are done shrink to
one line where there is little room. `x` stops a running build.
"""

    def picture(self, state: State, now: float, room: Room) -> Picture:
        """Return the steps of the iteration."""
        iteration = state.iteration
        if iteration is None:
            return Picture(Content("Build"), present_last(state, now))
        return Picture(
            present_title(iteration, now),
            present_build(iteration, now, room),
            to_end=iteration.outcome in {None, "failed"},
        )


def present_last(state: State, now: float) -> Content:
    """Return what was built last, as the history has it, while nothing was built yet in here."""
    if state.unseen:
        return muted("u builds it")
    if not state.releases:
        return muted("nothing built yet: press u")
    last = state.releases[-1]
    image = plain(f"{last.image.name}:{last.image.tag[:12]}")
    return lines([joined([image, muted(f"{age(now - last.started)} ago")]), muted("u builds anew")])


def present_title(iteration: Iteration, now: float) -> Content:
    """Return the panel's title: number, outcome, seconds."""
    outcome = iteration.outcome or "building"
    word = iteration.outcome or iteration.stage or "starting"
    so_far = taken(iteration.started, iteration.seconds, now)
    return joined([f"Build {iteration.number}", worded(outcome, word), so_far], " ")


def present_build(iteration: Iteration, now: float, room: Room) -> Content:
    """Return the text of the panel; to make it fit, stages that are done shrink, oldest first."""
    folded: set[str] = set()
    rows = _rows(iteration, now, room.width, folded)
    for stage in iteration.stages:
        if len(rows) <= room.height:
            break
        if stage.outcome == "done":
            folded.add(stage.name)
            rows = _rows(iteration, now, room.width, folded)
    return lines(rows)


def _rows(iteration: Iteration, now: float, width: int, folded: set[str]) -> list[Content]:
    rows = [clipped(present_reason(iteration), width)]
    for stage in iteration.stages:
        steps = [step for step in iteration.steps if step.stage == stage.name]
        rows.append(present_stage(stage, steps if stage.name in folded else [], now, width))
        if stage.name not in folded:
            rows += [row for step in steps for row in present_step(step, now, width)]
    return [*rows, *_ending(iteration, width)]


def present_reason(iteration: Iteration) -> Content:
    """Return what the iteration was started by."""
    paths = [printable(path) for path in iteration.paths[:NAMED]]
    more = len(iteration.paths) - NAMED
    if not paths:
        return muted(REASONS.get(iteration.trigger, f"because of a {iteration.trigger}"))
    return muted(f"because of {', '.join(paths)}{f' and {more} more' if more > 0 else ''}")


def _ending(iteration: Iteration, width: int) -> list[Content]:
    if iteration.outcome == "unchanged":
        return [worded("unchanged", "same content: nothing to deploy")]
    fault = iteration.fault
    if fault is None:
        return []
    if any((stage.name, stage.outcome) == ("rollout", "failed") for stage in iteration.stages):
        return [worded("failed", "the rollout failed: see there")]
    told = any(step.outcome == "failed" and step.lines for step in iteration.steps)
    return present_fault(fault, width, 0 if told else FAILED_LINES)


def present_stage(stage: Stage, folded: list[Step], now: float, width: int) -> Content:
    """Return a stage's own line, which sums up the steps folded into it."""
    cached = sum(step.outcome == "cached" for step in folded)
    counted = count_of(len(folded), "step")
    summary = f"{counted}, {cached} cached" if cached else counted
    left = joined(
        [
            icon(stage.outcome or "building"),
            Content.styled(stage.name, "bold"),
            muted(summary if folded else ""),
        ],
        " ",
    )
    return spread(left, taken(stage.started, stage.seconds, now), width)


def present_step(step: Step, now: float, width: int) -> list[Content]:
    """Return a step's lines: itself, its bar, and its output where that matters."""
    moving = step.outcome is None
    wide = width >= WIDE
    far = present_far(step, wide=wide) if moving else ""
    left = joined(
        [
            Content("  ") + icon(step.outcome or "building"),
            plain(step.name),
            Content.styled(bar(step.done, step.total, 16 if wide else 6) if moving else "", ACCENT),
            plain(far),
            muted(step.note),
        ],
        " ",
    )
    cached = step.outcome == "cached"
    right = muted("cached") if cached else taken(step.started, step.seconds, now)
    return [spread(left, right, width), *present_output(step, width)]


def present_far(step: Step, *, wide: bool) -> str:
    """Return how far a step is: in few cells without its unit and speed."""
    if wide or step.unit == "B":
        return progress(step.done, step.total, step.unit, step.speed if wide else 0.0)
    return progress(step.done, step.total, "", 0.0)


def present_output(step: Step, width: int) -> list[Content]:
    """Return the lines of a step that matter now: few while it runs, all and whole if it failed."""
    match step.outcome:
        case None:
            return [clipped(muted(f"    │ {line}"), width) for line in step.lines[-RUNNING_LINES:]]
        case "failed":
            return [
                row for line in step.lines[-FAILED_LINES:] for row in present_proof(line, width)
            ]
        case _:
            return []
