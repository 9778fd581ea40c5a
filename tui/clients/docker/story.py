"""What the engine's own builder says, told in BuildKit's terms, so that both look alike. Pure.

Its texts are meant for people: `Step 2/4 : RUN make` begins an instruction, ` ---> Using cache`
says that nothing was done, an id with bytes is a base image's layer on its way. Podman writes
`STEP 2/4: RUN make` and `--> Using cache`; where there are several stages it counts the steps of
each anew, behind its own number: `[2/3] STEP 1/4: FROM busybox`. Steps begin with FROM there, and
what comes after `COMMIT` is about the image (containers/buildah: imagebuildah/stage_executor.go).
"""

import re
from typing import Any

from tui.clients.docker.progress import Printed, Progress, Solved, Transfer, Unsolved, Vertex
from tui.clients.docker.push import error_in
from tui.model.dockerfiles import instructions

STEP = re.compile(
    r"(?:\[(?P<stage>\d+)/\d+\] )?step (?P<number>\d+)/(?P<of>\d+) ?: ?(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
CACHED = re.compile(r"\s*-+> (?:Using cache|CACHED)")
COMMIT = re.compile(r"(?:\[\d+/\d+\] )?COMMIT ")
NOISE = re.compile(r"\s*-+> |Removing intermediate container|Successfully (?:built|tagged)|\s*$")


class Story:
    """The engine's texts, read as progress."""

    def __init__(self, dockerfile: str) -> None:
        self._instructions = list(instructions(dockerfile))
        self._step: Vertex | None = None
        self._number = 0
        """Of the instruction in the Dockerfile, from 1."""
        self._before = 0
        """How many instructions there are before the stage's first."""
        self._cached = False
        self._error = ""

    def take(self, message: dict[str, Any], now: float) -> list[Progress]:
        """Return what a message says, at Unix time `now`."""
        if error := error_in(message):
            self._error = error.strip()
        if isinstance(message.get("stream"), str):
            return self._text(message["stream"], now)
        return self._transfer(message)

    def close(self, now: float) -> list[Progress]:
        """Return the end."""
        if self._error:
            return [*self._end(now, self._error), Unsolved((self._error,), self._line())]
        return [*self._end(now), Solved()]

    def _text(self, text: str, now: float) -> list[Progress]:
        if match := STEP.match(text):
            return [*self._end(now), self._begin(match, now)]
        if COMMIT.match(text):
            return self._end(now)
        if self._step is None:
            return []
        if CACHED.match(text):
            self._cached = True
        return [] if NOISE.match(text) else [Printed(self._step.id, text.encode())]

    def _begin(self, match: re.Match[str], now: float) -> Vertex:
        number, text = int(match["number"]), match["text"].strip()
        if number == 1:
            self._before = self._before_stage(int(match["stage"] or 1), text)
        self._number = self._before + number
        stage = f"stage-{int(match['stage']) - 1} " if match["stage"] else ""
        name = f"[{stage}{number}/{match['of']}] {text}"
        self._step, self._cached = Vertex(f"step-{self._number}", name, now), False
        return self._step

    def _before_stage(self, stage: int, first: str) -> int:
        """Return what is before a stage whose first step is told so: an ARG may be, uncounted."""
        if not first.upper().startswith("FROM"):
            return 0
        found = [i for i, one in enumerate(self._instructions) if one.word == "FROM"]
        return found[stage - 1] if 0 < stage <= len(found) else 0

    def _transfer(self, message: dict[str, Any]) -> list[Progress]:
        detail, layer = message.get("progressDetail"), message.get("id")
        if self._step is None or not isinstance(layer, str) or not isinstance(detail, dict):
            return []
        if "total" not in detail:
            return []
        moved = f"{message.get('status')} {layer}"
        return [Transfer(self._step.id, moved, detail.get("current", 0), detail["total"])]

    def _end(self, now: float, error: str = "") -> list[Progress]:
        step, self._step = self._step, None
        if step is None:
            return []
        return [Vertex(step.id, step.name, step.started, now, self._cached, error)]

    def _line(self) -> int:
        """Return the line of the step that failed: every instruction is a step here."""
        if 0 < self._number <= len(self._instructions):
            return self._instructions[self._number - 1].line
        return 0
