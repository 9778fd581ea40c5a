"""Executing: a command or a shell inside a replica's container."""

from contextlib import aclosing

from tui.clients.docker.executing import Execution
from tui.clients.process.steps import LAST, present_lines
from tui.ports.running import CommandEnd, TellLines
from tui.supervisor.splitting import LineSplitter


async def execute(execution: Execution, tell: TellLines) -> CommandEnd:
    """Run a command to its end and tell its lines; raises FaultError when it cannot be started."""
    splitter, last = LineSplitter(), list[str]()
    async with aclosing(execution.output()) as output:
        async for data in output:
            for piece in splitter.feed(data):
                lines = present_lines(piece)
                tell(lines)
                last = [*last, *lines][-LAST:]
    for piece in splitter.close():
        lines = present_lines(piece)
        tell(lines)
        last = [*last, *lines][-LAST:]
    return CommandEnd(execution.code, tuple(last))
