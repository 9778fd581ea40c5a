"""Dockerfiles: their instructions with the lines they begin on. Pure, and no text is an error."""

import re
from collections.abc import Iterator

from tui.model.frozen import frozen

INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(\S.*)", re.DOTALL)
HEREDOC = re.compile(r"<<-?(['\"]?)(\w+)\1")


@frozen
class Instruction:
    """One instruction, continued lines joined, what a here-document holds left out."""

    line: int
    """Counted from 1."""
    word: str
    """In capitals."""
    rest: str


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile."""
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = INSTRUCTION.fullmatch(_whole(line, lines))
        if match is None:
            continue
        for heredoc in HEREDOC.finditer(match[2]):
            _skip_to(lines, heredoc[2])
        yield Instruction(number, match[1].upper(), match[2].strip())


def _whole(line: str, lines: Iterator[tuple[int, str]]) -> str:
    """Return a line with those it goes on in; comments among them are left out."""
    while line.rstrip().endswith("\\"):
        more = next((text for _, text in lines if not text.lstrip().startswith("#")), "")
        line = f"{line.rstrip()[:-1]} {more}"
    return line


def _skip_to(lines: Iterator[tuple[int, str]], end: str) -> None:
    for _, line in lines:
        if line.strip() == end:
            return
