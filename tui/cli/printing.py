"""Printing log lines by the thousand: a block of the store is one piece of text and one write."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from tui.cli.options import Call
from tui.logs.reader import LogReader
from tui.model.loglines import LogFilter, LogLine
from tui.model.printing import printable

SECOND = 1_000_000_000


class Printer:
    """Prints the store's lines from where it printed last; on stderr what it has to say of them.

    That are our own marks, such as that lines are missing, and where a container was restarted.
    """

    def __init__(self, call: Call, reader: LogReader) -> None:
        self._present = present_json if call.json else present_plain
        self._reader = reader
        self._after = 0
        self.printed = False
        """Whether there was any line to print."""

    async def leave_out(self, wanted: LogFilter, last: int) -> None:
        """Pass over all stored lines but the last so many that are wanted."""
        oldest, newest = self._reader.bounds()
        self._after, left = newest, last
        for ids in self._reader.matching(wanted, oldest, newest + 1) if last else ():
            self._after = ids[min(left, len(ids)) - 1] - 1
            left -= len(ids)
            if left <= 0:
                return
            await asyncio.sleep(0)

    async def print_on(self, wanted: LogFilter) -> None:
        """Print the lines that came since; others get their turn between two blocks."""
        oldest, newest = self._reader.bounds()
        if newest <= self._after:
            return
        marked = replace(wanted, streams=wanted.streams | {"marker"})
        for lines in self._reader.found(marked, max(oldest, self._after + 1), newest + 1):
            if said := [line for line in lines if line.stream != "marker"]:
                click.echo(self._present(said))
                self.printed = True
            if marks := [line for line in lines if line.stream == "marker"]:
                click.echo(present_plain(marks), err=True)
            await asyncio.sleep(0)
        self._after = newest


def present_json(lines: Iterable[LogLine]) -> str:
    """Return lines as JSON objects, one a line."""
    return "\n".join(json.dumps(line_fields(line)) for line in lines)


def line_fields(line: LogLine) -> dict[str, Any]:
    """Return one line of `logs --output json`: its keys are stable."""
    return {
        "time": datetime.fromtimestamp(line.time / 1e9, UTC).isoformat(),
        "revision": line.revision,
        "pod": line.pod,
        "container": line.container,
        "level": line.level.name.lower(),
        "message": line.message,
    }


def present_plain(lines: Iterable[LogLine]) -> str:
    """Return lines as plain text: local time, pod, message. Those of one second share its text."""
    texts, known, clock = [], -1, ""
    for line in lines:
        second, rest = divmod(line.time, SECOND)
        if second != known:
            local = datetime.fromtimestamp(second, UTC).astimezone()
            known, clock = second, local.strftime("%H:%M:%S")
        texts.append(printable(f"{clock}.{rest // 1_000_000:03d} {line.pod} {line.message}"))
    return "\n".join(texts)
