"""The build panel: stages and steps of the iteration, their seconds and their output."""

from textual.content import Content

from tui.model.printing import bar, printable, seconds
from tui.model.state import Iteration, Stage, State, Step
from tui.view.panels.panel import Panel
from tui.view.present import ACCENT, MUTED, icon, joined, lines, plain, present_fault, worded

BAR = 14
RUNNING_LINES = 3
FAILED_LINES = 30


class BuildPanel(Panel):
    """Shows the iteration of a state."""

    HELP = """
## Build
The steps of the running or last iteration with their seconds; a cached step is told as such. While
a step runs its last lines are below it; when one fails, its last 30.
"""

    def show(self, state: State, now: float) -> None:
        """Show a state at a Unix time."""
        iteration = state.iteration
        if iteration is None:
            text = Content.styled("nothing built yet: press u", MUTED)
            self.present(Content("Build"), text)
            return
        failed = iteration.outcome == "failed"
        self.present(present_title(iteration, now), present_build(iteration, now), to_end=failed)


def present_title(iteration: Iteration, now: float) -> Content:
    """Return the panel's title: number, outcome, seconds."""
    taken = iteration.seconds if iteration.seconds is not None else now - iteration.started
    word = iteration.outcome or iteration.stage or "starting"
    return Content(f"Build {iteration.number} ── {word} ── {seconds(taken)}")


def present_build(iteration: Iteration, now: float) -> Content:
    """Return the text of the panel."""
    because = ", ".join(printable(path) for path in iteration.paths[:3]) or iteration.trigger
    more = f" and {len(iteration.paths) - 3} more" if len(iteration.paths) > 3 else ""
    rows = [Content.styled(f"because of {because}{more}", MUTED)]
    for stage in iteration.stages:
        rows.append(present_stage(stage, now))
        for step in iteration.steps:
            if step.stage == stage.name:
                rows += present_step(step, now)
    return lines([*rows, *_ending(iteration)])


def _ending(iteration: Iteration) -> list[Content]:
    if iteration.outcome == "unchanged":
        return [worded("unchanged", "same content as before: nothing to deploy")]
    if iteration.fault is None:
        return []
    evidence = 0 if _told_by_a_step(iteration) else FAILED_LINES
    return [present_fault(iteration.fault, evidence or 1)]


def _told_by_a_step(iteration: Iteration) -> bool:
    return any(step.outcome == "failed" and step.lines for step in iteration.steps)


def present_stage(stage: Stage, now: float) -> Content:
    """Return a stage's own line."""
    taken = stage.seconds if stage.seconds is not None else now - stage.started
    return joined(
        [
            icon(stage.outcome or "building"),
            Content.styled(stage.name, "bold"),
            Content.styled(seconds(taken), MUTED),
        ],
        " ",
    )


def present_step(step: Step, now: float) -> list[Content]:
    """Return a step's lines: itself, its bar, and its output where that matters."""
    taken = step.seconds if step.seconds is not None else now - step.started
    progress = bar(step.done, step.total, BAR)
    head = joined(
        [
            Content("  ") + icon(step.outcome or "building"),
            plain(step.name),
            Content.styled("cached" if step.outcome == "cached" else "", MUTED),
            Content.styled(f"{progress} {step.done}/{step.total} {step.unit}", ACCENT)
            if progress and step.outcome is None
            else Content(""),
            Content.styled(seconds(taken), MUTED),
            plain(step.note, MUTED),
        ],
        " ",
    )
    return [head, *(plain(f"    │ {line}", MUTED) for line in shown_lines(step))]


def shown_lines(step: Step) -> tuple[str, ...]:
    """Return the lines of a step that matter now: few while it runs, all when it failed."""
    match step.outcome:
        case None:
            return step.lines[-RUNNING_LINES:]
        case "failed":
            return step.lines[-FAILED_LINES:]
        case _:
            return ()
