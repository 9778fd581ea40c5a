"""Sharing: what a build that was superseded still does that the next one may want as well. Pure.

BuildKit works once at a step that two builds have in common, if the second comes to it while the
first is at it (moby/buildkit: solver/scheduler.go, "merging edges"). Digests do not tell that: what
is copied from the context, and all that follows, has other ones in each build, for its session is
in them. And of a step that another build began Docker 20.10's BuildKit tells nothing until it is
over, 26.1's tells it by the other's digest. So steps are compared by what they are called.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace

from tui.clients.docker.progress import Printed, Progress, Transfer, Vertex

NUMBERED = re.compile(r"\[((?:[^\]]* )?)\d+/\d+\] (.*)", re.DOTALL)
"""An instruction of the Dockerfile: `[build 2/4] RUN make`; all else is the builder's own."""
CONTEXT = "[internal] load build context"
KEPT = 100
"""Pieces of a step's output, the last ones, that are kept to be told once more."""


class Vertices:
    """The vertices of one build, each as it was told last."""

    def __init__(self) -> None:
        self._now: dict[str, Vertex] = {}
        self._moved: set[str] = set()
        self._printed: dict[str, deque[Printed]] = defaultdict(lambda: deque(maxlen=KEPT))

    def take(self, batch: Iterable[Progress]) -> None:
        """Learn what a batch of progress says."""
        for progress in batch:
            if isinstance(progress, Vertex):
                self._now[progress.id] = progress
            elif isinstance(progress, Transfer):
                self._moved.add(progress.vertex)
            elif isinstance(progress, Printed):
                self._printed[progress.vertex].append(progress)

    @property
    def under_way(self) -> tuple[Vertex, ...]:
        """The instructions that are being done."""
        return tuple(v for v in self._now.values() if _runs(v) and instruction(v.name))

    @property
    def unfinished(self) -> tuple[Vertex, ...]:
        """The instructions that were begun and not done, for they go on or failed."""
        begun = (v for v in self._now.values() if v.started and instruction(v.name))
        return tuple(v for v in begun if v.error or not v.completed)

    @property
    def at_rest(self) -> bool:
        """Whether its instructions are known, and nothing is done by itself as far as was told."""
        named = any(instruction(v.name) for v in self._now.values())
        return named and self.has_context and not any(map(_runs, self._now.values()))

    @property
    def has_context(self) -> bool:
        """Whether the builder has all it wants of the context, which may change from then on.

        It is asked for in two intervals, of which only the second one moves anything.
        """
        contexts = [v for v in self._now.values() if v.name == CONTEXT]
        return all(v.completed and v.id in self._moved for v in contexts)

    def may_want(self, step: Vertex) -> bool:
        """Whether this build may still come to a step that another one does, or waits for it.

        It does not once it did the same by itself or found it done, is at it on its own, or proved
        to have no such step. Where it found it failed, the other one has yet to tell of that.
        """
        named = [v for v in self._now.values() if instruction(v.name)]
        same = [v for v in named if instruction(v.name) == instruction(step.name)]
        if any((v.completed and not v.error) or (_runs(v) and v.id != step.id) for v in same):
            return False
        return bool(same) or not named

    def story(self, step: Vertex) -> list[Progress]:
        """Return what was told of a step, its output as far as it is kept."""
        return [replace(step, completed=0.0, error=""), *self._printed[step.id], step]


def instruction(name: str) -> tuple[str, str] | None:
    """Return stage and text of a step of the Dockerfile, whatever its number; None for others."""
    match = NUMBERED.match(name)
    return (match[1], match[2]) if match else None


def still_wanted(older: Vertices, newer: Vertices | None) -> bool:
    """Whether a superseded build is at anything that the next one may want, begun or not."""
    steps = older.under_way
    return any(newer is None or newer.may_want(step) for step in steps)


def waited_for(older: Vertices, newer: Vertices) -> tuple[Vertex, ...]:
    """Return the steps of a superseded build that the next one waits for without telling them.

    It may still be about to begin one by itself if it was told something just before.
    """
    if not newer.at_rest:
        return ()
    return tuple(s for s in older.unfinished if newer.may_want(s))


def _runs(vertex: Vertex) -> bool:
    return bool(vertex.started) and not vertex.completed
