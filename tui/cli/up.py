"""`redraft up` and `redraft rollback`: one iteration, or with --watch one after another."""

import asyncio

import click

from tui.cli.attesting import attest
from tui.cli.confirming import agree, confirm_option, confirm_place
from tui.cli.narration import present_fault
from tui.cli.options import Call, shared_options, yes_option
from tui.cli.previewing import present_difference
from tui.cli.running import run
from tui.cli.session import answer_url, carry_out, session
from tui.cli.telling import tell
from tui.engine.engine import Engine
from tui.model import events as e
from tui.model.commands import Rollback, Up
from tui.model.faults import Fault, FaultError
from tui.model.permissions import rollback_target
from tui.model.releases import Release, present_synced
from tui.model.state import State


@click.command()
@click.option("--watch", is_flag=True, help="Stay, and go round again at every save.")
@click.option("--record", type=click.Path(dir_okay=False), help="Write every event to FILE.")
@confirm_option
@shared_options
def up(call: Call, watch: bool, record: str | None, confirm: str) -> None:
    """Build and deploy the tree as it is now; stdout carries the URL."""
    ended = run(_up(call, watch, record, confirm))
    end_with(ended)


@click.command()
@click.argument("revision", type=int, default=0)
@yes_option
@confirm_option
@shared_options
def rollback(call: Call, revision: int, yes: bool, confirm: str) -> None:
    """Deploy REVISION again, or the last good one before the present."""
    ended = run(_rollback(call, revision, yes, confirm))
    end_with(ended)


async def _up(call: Call, watch: bool, record: str | None, confirm: str) -> e.IterationFinished:
    async with session(call, watch=watch, record=record) as opened:
        await confirm_place(opened.engine, confirm)
        ended = await carry_out(opened.engine, Up("command"))
        if not call.json:
            answer_url(opened.outlet.put, opened.engine.state, ended)
        if watch:
            await asyncio.Event().wait()
        if ended.outcome in {"ready", "unchanged"} and not call.json:
            await attest(call, opened)
        return ended


async def _rollback(call: Call, revision: int, yes: bool, confirm: str) -> e.IterationFinished:
    async with session(call, watch=False) as opened:
        target = target_of(opened.engine.state, revision)
        if not yes:
            await _confirm(opened.engine, target)
        await confirm_place(opened.engine, confirm)
        ended = await carry_out(opened.engine, Rollback(target.revision))
        if not call.json:
            answer_url(opened.outlet.put, opened.engine.state, ended)
        return ended


def target_of(state: State, revision: int) -> Release:
    """Return the release to go back to; raises FaultError where there is none."""
    target = rollback_target(state, revision)
    if target is None:
        what = f"revision {revision}" if revision else "earlier good revision"
        raise FaultError(
            Fault(
                "rollback-no-revision",
                f"there is no {what} to roll back to",
                kind="usage",
                remedy="see `redraft history` for those there are",
            )
        )
    return target


async def _confirm(engine: Engine, target: Release) -> None:
    """Show what going back changes, and ask."""
    newest = engine.state.releases[-1]
    present = newest.revision
    if newest.synced:
        tell(present_synced(newest))
    try:
        lines = present_difference(await engine.difference(present, target.revision))
    except FaultError as error:  # one may go back without having seen it
        lines = present_fault(error.fault)
    for line in lines:
        tell(line)
    question = f"Roll back from revision {present} to {target.revision} ({target.image.tag[:12]})?"
    await asyncio.to_thread(agree, question)


def end_with(ended: e.IterationFinished) -> None:
    """Exit as the iteration ended."""
    if ended.outcome == "superseded":
        tell("superseded by something newer")
        raise click.exceptions.Exit(1)
    if ended.outcome in {"aborted", "interrupted"}:
        tell(ended.outcome)
        raise click.exceptions.Exit(130)
    if ended.outcome == "failed":
        raise click.exceptions.Exit(ended.fault.exit_code if ended.fault else 1)
