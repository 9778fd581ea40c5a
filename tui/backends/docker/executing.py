"""Executing: a command inside a replica's container, its lines told as they come."""

from collections import defaultdict
from contextlib import aclosing

from tui.clients.docker.executing import Execution
from tui.clients.process.steps import LAST, present_lines
from tui.ports.running import CommandEnd, TellLines
from tui.supervisor.splitting import LineSplitter, Piece


async def execute(execution: Execution, tell: TellLines) -> CommandEnd:
    """Run a command to its end and tell its lines; raises FaultError when it cannot be started.

    Each stream is cut into lines by itself: an unfinished line of one is not the other's.
    """
    splitters: dict[str, LineSplitter] = defaultdict(LineSplitter)
    last: list[str] = []

    def present(piece: Piece) -> None:
        lines = present_lines(piece)
        tell(lines)
        last[:] = [*last, *lines][-LAST:]

    async with aclosing(execution.output()) as output:
        async for stream, data in output:
            for piece in splitters[stream].feed(data):
                present(piece)
    for splitter in splitters.values():
        for piece in splitter.close():
            present(piece)
    return CommandEnd(execution.code, tuple(last))
