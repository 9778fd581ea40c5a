"""`redraft logs`: the stored lines, filtered, and with --follow those to come."""

import asyncio
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from tui.cli.choosing import Choice
from tui.cli.options import Call, shared_options
from tui.cli.running import run
from tui.cli.session import until_observed
from tui.cli.telling import answer, answer_json
from tui.logs.reader import LogReader
from tui.model.loglines import Level, LogFilter, LogLine

SLICE = 2_000
POLL = 0.05
"""Seconds between two looks for new lines while following."""
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Since(click.ParamType[int]):
    """A duration such as `90s`, `15m`, `2h`, `1d`, or a time in ISO 8601; Unix nanoseconds."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the Unix time in nanoseconds from which lines are wanted."""
        if isinstance(value, int):
            return value
        if match := re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", value):
            return int((time.time() - float(match[1]) * UNITS[match[2]]) * 1e9)
        try:
            return int(datetime.fromisoformat(value).astimezone().timestamp() * 1e9)
        except ValueError:
            self.fail(f"{value!r} is neither a duration such as 15m nor a time", param, ctx)


@click.command()
@click.option("--follow", "-f", is_flag=True, help="Go on with the lines to come.")
@click.option("--since", type=Since(), default=0, help="Only lines from then on: 15m, 2h, a time.")
@click.option("--grep", default="", metavar="REGEX", help="Only lines in which it is found.")
@click.option(
    "--level",
    type=click.Choice([level.name.lower() for level in Level if level]),
    help="Only lines at least this severe (and those of unknown level).",
)
@click.option("--revision", type=int, help="Only lines of this revision; the present one without.")
@click.option("--all-revisions", is_flag=True, help="The lines of every revision.")
@click.option("--pod", "pods", multiple=True, help="Only lines of this pod; may be repeated.")
@click.option("--container", "containers", multiple=True, help="Only lines of this container.")
@click.option("--previous", is_flag=True, help="Only those of the run before the last restart.")
@shared_options
def logs(
    call: Call,
    follow: bool,
    since: int,
    grep: str,
    level: str | None,
    revision: int | None,
    all_revisions: bool,
    pods: tuple[str, ...],
    containers: tuple[str, ...],
    previous: bool,
) -> None:
    """Print the app's stored log lines."""
    wanted = LogFilter(
        include=grep,
        level=Level[level.upper()] if level else Level.UNKNOWN,
        pods=frozenset(pods),
        containers=frozenset(containers),
        revisions=frozenset() if revision is None else frozenset({revision}),
        streams=frozenset({"stdout", "stderr"}),
        since=since,
    )
    present = revision is None and not all_revisions
    run(_logs(call, wanted, Choice(present, previous), follow))


async def _logs(call: Call, wanted: LogFilter, choice: Choice, follow: bool) -> None:
    from tui.wiring.opening import open_engine

    async with open_engine(call.project, call.environment, watch=False) as opened:
        await opened.engine.collected()
        if choice.asks_rollout:
            await until_observed(opened.engine)
        after = 0
        while True:
            narrowed = choice.narrowed(wanted, opened.engine.state.rollout)
            after = _print(call, opened.logs, narrowed, after)
            if not follow:
                return
            await asyncio.sleep(POLL)


def _print(call: Call, reader: LogReader, wanted: LogFilter, after: int) -> int:
    """Print the lines beyond id `after`; return the last id looked at."""
    oldest, newest = reader.bounds()
    if newest <= after:
        return after
    for line in _lines(reader, wanted, max(oldest, after + 1), newest + 1):
        if call.json:
            answer_json(line_fields(line))
        else:
            answer(present_line(line))
    return newest


def _lines(reader: LogReader, wanted: LogFilter, start: int, stop: int) -> Iterator[LogLine]:
    for ids in reader.matching(wanted, start, stop, newest_first=False):
        for at in range(0, len(ids), SLICE):
            yield from reader.lines(ids[at : at + SLICE])


def line_fields(line: LogLine) -> dict[str, Any]:
    """Return one line of `logs --output json`: its keys are stable."""
    return {
        "time": _time(line).isoformat(),
        "revision": line.revision,
        "pod": line.pod,
        "container": line.container,
        "level": line.level.name.lower(),
        "message": line.message,
    }


def present_line(line: LogLine) -> str:
    """Return a line as plain text: local time, pod, message."""
    clock = _time(line).astimezone().strftime("%H:%M:%S.%f")[:-3]
    return f"{clock} {line.pod} {line.message}"


def _time(line: LogLine) -> datetime:
    return datetime.fromtimestamp(line.time / 1e9, UTC)
