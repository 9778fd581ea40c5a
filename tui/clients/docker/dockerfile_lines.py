"""Which line of a Dockerfile a build step is about. Pure.

BuildKit numbers the steps of each stage by the instructions that make a vertex and names the stage
where there are several: `[2/4] RUN ...`, `[builder 3/5] ...`, `[linux/arm64 stage-1 2/2] ...`.
"""

import re

from tui.model.dockerfiles import Instruction, instructions

NAME = re.compile(r"\[(?:\S+/\S+ )?(?:(?P<stage>[^\s\]]+) )?(?P<number>\d+)/\d+\] (?P<word>\w+)")
MAKE_A_VERTEX = frozenset({"FROM", "RUN", "COPY", "ADD", "WORKDIR"})
DEFAULT_HOST = "docker.io/"
DEFAULT_OWNER = "library/"


def line_of_step(text: str, name: str) -> int:
    """Return the line of the instruction a vertex is named after; 0 where it cannot be told."""
    match = NAME.match(name)
    if match is None:
        return 0
    steps = _stages(text).get(match["stage"] or "", [])
    number = int(match["number"])
    if number > len(steps) or steps[number - 1].word != match["word"].upper():
        return 0
    return steps[number - 1].line


def line_of_base(text: str, image: str) -> int:
    """Return the line of the FROM that names an image as BuildKit spells it; 0 for none."""
    wanted = _short(image)
    for instruction in instructions(text):
        if instruction.word == "FROM":
            words = [word for word in instruction.rest.split() if not word.startswith("--")]
            if words and _short(words[0]) == wanted:
                return instruction.line
    return 0


def _stages(text: str) -> dict[str, list[Instruction]]:
    """Return the instructions that make vertices by stage; the last stage has no name besides."""
    stages: dict[str, list[Instruction]] = {"": []}
    last: list[Instruction] = []
    count = 0
    for instruction in instructions(text):
        if instruction.word == "FROM":
            words = instruction.rest.split()
            named = len(words) > 2 and words[-2].upper() == "AS"
            last = stages.setdefault(words[-1].lower() if named else f"stage-{count}", [])
            count += 1
        if instruction.word in MAKE_A_VERTEX:
            last.append(instruction)
    return {**stages, "": last}


def _short(image: str) -> str:
    """Return an image's name without what is understood, and with its tag."""
    name = image.partition("@")[0].removeprefix(DEFAULT_HOST).removeprefix(DEFAULT_OWNER)
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"
