"""`redraft logs`: the stored lines, filtered, and with --follow those to come."""

import asyncio
import re
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from tui.cli.choosing import Choice
from tui.cli.options import Call, shared_options
from tui.cli.printing import Printer
from tui.cli.running import run
from tui.cli.session import telling, until_observed
from tui.cli.telling import tell, tell_fault
from tui.model import events as e
from tui.model.loglines import Level, LogFilter

POLL = 0.05
"""Seconds between two looks for new lines while following."""
NAMED = 8
"""Pods that are named where none of them is the one asked for."""
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
@click.option(
    "--tail",
    "-n",
    type=click.IntRange(min=0),
    help="Only so many of the last lines, and those to come.",
)
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
    tail: int | None,
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
    run(_logs(call, wanted, Choice(present, previous), tail, follow))


async def _logs(
    call: Call, wanted: LogFilter, choice: Choice, tail: int | None, follow: bool
) -> None:
    """Print what is stored while more is collected, so that both take the time of one.

    Which lines are the last is known only when all were collected.
    """
    from tui.wiring.opening import open_engine

    async with (
        open_engine(call.project, call.environment, watch=False) as opened,
        telling(opened.engine, _tell_fault),
    ):
        collected = asyncio.create_task(opened.engine.collected())
        if choice.asks_rollout:
            await until_observed(opened.engine)
        printer = Printer(call, opened.logs)
        if tail is not None:
            await collected
            await printer.leave_out(choice.narrowed(wanted, opened.engine.state.rollout), tail)
        while True:
            ends = collected.done() and not follow
            narrowed = choice.narrowed(wanted, opened.engine.state.rollout)
            await printer.print_on(narrowed)
            if ends:
                break
            if collected.done():
                await asyncio.sleep(POLL)
            else:
                await asyncio.wait({collected}, timeout=POLL)
        if not printer.printed:
            tell(nothing_matches(wanted, opened.logs.pods()))


def nothing_matches(wanted: LogFilter, pods: Sequence[str]) -> str:
    """Return what is told where no line was printed; pods of any revision if none asked for is."""
    if not wanted.pods or not wanted.pods.isdisjoint(pods):
        return "no stored line matches"
    if not pods:
        return "no stored line matches: no pod has said anything yet"
    more = f" and {len(pods) - NAMED} more" if len(pods) > NAMED else ""
    named = ", ".join(pods[:NAMED])
    return f"no stored line matches: pods with lines, of any revision, are {named}{more}"


def _tell_fault(stamped: e.Stamped) -> None:
    """Tell what keeps lines from being collected, or what runs from being seen."""
    if isinstance(stamped.event, e.FaultRaised):
        tell_fault(stamped.event.fault)
