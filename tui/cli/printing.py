"""Printing log lines by the thousand: a block of the store is one piece of text and one write."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from tui.cli.options import Call
from tui.logs.found import Found
from tui.logs.reader import LogReader
from tui.model.loglines import LogFilter, LogLine
from tui.model.printing import is_plain, printable

MILLISECOND = 1_000_000


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
        for found in self._reader.found(marked, max(oldest, self._after + 1), newest + 1):
            said, marks = found.parted()
            if said.indexes:
                click.echo(self._present(said), color=True)  # there is none to be taken out
                self.printed = True
            if marks.indexes:
                click.echo(present_plain(marks), err=True)
            await asyncio.sleep(0)
        self._after = newest


def present_json(found: Found) -> str:
    """Return lines as JSON objects, one a line."""
    return "\n".join(json.dumps(line_fields(line)) for line in found.lines())


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


def present_plain(found: Found) -> str:
    """Return lines as plain text: local time, pod, message. Those of one moment share its text."""
    texts, clocks, known, clock = [], Clocks(), -1, ""
    for time, pod, message in found.columns():
        moment = time // MILLISECOND
        if moment != known:
            known, clock = moment, clocks.at(moment)
        texts.append(f"{clock} {pod} {message}")
    joined = "\n".join(texts)
    return joined if is_plain(joined, len(texts) - 1) else "\n".join(map(printable, texts))


class Clocks:
    """Tells local times; moments of one second share the work on it."""

    def __init__(self) -> None:
        self._known, self._second = -1, ""

    def at(self, moment: int) -> str:
        """Return the local time of a Unix time in milliseconds."""
        second, rest = divmod(moment, 1000)
        if second != self._known:
            local = datetime.fromtimestamp(second, UTC).astimezone()
            self._known, self._second = second, local.strftime("%H:%M:%S")
        return f"{self._second}.{rest:03d}"
