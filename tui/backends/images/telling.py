"""Telling a build: its vertices as steps, with their output, bytes and ends.

BuildKit works at a vertex in several intervals and tells the first one's end before the next one's
begin, mostly at once; so ends are told only when a whole batch has been taken in, and told again,
with the seconds added, should the vertex go on later.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tui.backends.images.sharing import instruction
from tui.backends.images.speed import Speed
from tui.clients.docker.failures import FailedStep
from tui.clients.docker.progress import BuildWarning, Printed, Progress, Transfer, Vertex
from tui.clients.process.steps import LAST, present_lines
from tui.model.stages import StepOutcome
from tui.ports.telling import Steps
from tui.supervisor.splitting import LineSplitter, Piece

CANCELED = "context canceled"
"""The error of a vertex that was stopped because another one failed."""

Redact = Callable[[str], str]


@dataclass(slots=True)
class Step:
    """A vertex as far as it was told."""

    name: str
    speed: Speed
    by: str = ""
    """The vertex that it began with."""
    since: float = 0.0
    """When that one began last, by the builder's clock."""
    splitter: LineSplitter = field(default_factory=LineSplitter)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST))
    moved: dict[str, tuple[int, int]] = field(default_factory=dict)
    began: bool = False
    intervals: dict[float, float] = field(default_factory=dict)
    """Seconds of each interval that ended, by its start."""
    ended: Vertex | None = None
    """Its last end, until it is told."""
    error: str = ""


class BuildTelling:
    """Tells the vertices of one build."""

    def __init__(self, steps: Steps, redact: Redact) -> None:
        self._steps = steps
        self._redact = redact
        self._known: dict[str, Step] = {}
        self._steps_by_name: dict[str, Step] = {}
        self.failed: FailedStep | None = None
        """The step that the build failed at, as far as is known."""

    def take(self, batch: Iterable[Progress]) -> None:
        """Tell what a batch of progress says."""
        for progress in batch:
            match progress:
                case Vertex():
                    self._vertex(progress)
                case Printed():
                    self._printed(progress)
                case Transfer():
                    self._moved(progress)
                case BuildWarning():
                    self._warned(progress)
                case _:
                    pass
        for step in self._steps_by_name.values():
            self._end(step)

    def close(self, outcome: StepOutcome) -> None:
        """End every step that is open: the build is over, or was stopped."""
        for step in self._steps_by_name.values():
            self._rest(step)
            self._end(step)
            if step.began and not step.intervals and not step.error:
                self._steps.finished(step.name, 0.0, outcome)

    def _vertex(self, vertex: Vertex) -> None:
        step = self._step(vertex.id, vertex.name)
        if vertex.started:
            step.by = step.by or vertex.id
        if vertex.started and vertex.id == step.by:
            step.since = vertex.started
        if vertex.cached and step.by not in {"", vertex.id}:
            self._done_by_another(step, vertex)
            return
        if vertex.started and not vertex.completed:
            self._begin(step)
            step.ended = None
        if vertex.completed:
            self._begin(step)
            step.intervals[vertex.started] = vertex.completed - vertex.started
            step.ended = vertex

    def _done_by_another(self, step: Step, vertex: Vertex) -> None:
        """Take the end from this build's own vertex, unless the other build's told it already.

        That one may be ended before it does.
        """
        if step.began and not step.intervals and vertex.completed:
            step.intervals[step.since] = vertex.completed - step.since
            step.ended = replace(vertex, cached=False)

    def _step(self, key: str, name: str) -> Step:
        """Return a vertex's step; two vertices of one name get names that differ.

        Not so an instruction's: what another build does of it is told by a vertex of that one.
        """
        if key not in self._known:
            found = self._steps_by_name.get(name) if instruction(name) else None
            self._known[key] = found or self._new_step(key, name)
        return self._known[key]

    def _new_step(self, key: str, name: str) -> Step:
        plain, count = name or key, 1
        while name in self._steps_by_name or not name:
            count += 1
            name = f"{plain} ({count})"
        step = self._steps_by_name[name] = Step(name, Speed(time.monotonic()))
        return step

    def _begin(self, step: Step) -> None:
        if not step.began:
            step.began = True
            self._steps.started(step.name)

    def _end(self, step: Step) -> None:
        vertex, step.ended = step.ended, None
        if vertex is None:
            return
        step.error = self._redact(vertex.error)
        self._rest(step)
        outcome = outcome_of(vertex)
        if outcome == "failed":
            self.failed = FailedStep(step.name, step.error, tuple(step.last))
        self._steps.finished(step.name, sum(step.intervals.values()), outcome)

    def _printed(self, printed: Printed) -> None:
        step = self._step(printed.vertex, "")
        self._begin(step)
        self._pieces(step, step.splitter.feed(printed.text))

    def _rest(self, step: Step) -> None:
        self._pieces(step, step.splitter.close())

    def _pieces(self, step: Step, pieces: list[Piece]) -> None:
        for piece in pieces:
            lines = tuple(self._redact(last_picture(line)) for line in present_lines(piece))
            step.last.extend(lines)
            self._steps.printed(step.name, lines)

    def _moved(self, transfer: Transfer) -> None:
        if not transfer.done and not transfer.total:
            return
        step = self._step(transfer.vertex, "")
        self._begin(step)
        step.moved[transfer.id] = (transfer.done, transfer.total)
        done = sum(done for done, _ in step.moved.values())
        total = sum(total for _, total in step.moved.values())
        complete = 0 < total == done
        if step.speed.measure(done, time.monotonic()) or complete:
            self._steps.progressed(step.name, done, total, "B", step.speed.value)

    def _warned(self, warning: BuildWarning) -> None:
        step = self._step(warning.vertex, "")
        self._begin(step)
        where = f" (line {warning.line})" if warning.line else ""
        sentence = self._redact(warning.sentence.removesuffix(where))  # newer BuildKits say it too
        self._steps.printed(step.name, (f"warning: {sentence}{where}",))


def outcome_of(vertex: Vertex) -> StepOutcome:
    """Return how a vertex ended."""
    if vertex.error:
        return "cancelled" if CANCELED in vertex.error else "failed"
    return "cached" if vertex.cached else "done"


def last_picture(line: str) -> str:
    """Return what a line that redraws itself shows at last."""
    return line.rpartition("\r")[2]
