"""`redraft replay`: play a recorded run again, in the cockpit or as lines."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from tui.cli.options import Call, shared_options
from tui.cli.outlet import put_now
from tui.cli.running import run
from tui.cli.session import show_json, show_plain
from tui.cli.telling import on_terminal
from tui.model import events as e
from tui.model.codec import event_from_json
from tui.model.faults import Fault, FaultError

if TYPE_CHECKING:
    from tui.engine.replaying import Player


@click.command()
@click.argument("recording", type=click.File(encoding="utf-8"))
@shared_options
def replay(call: Call, recording: TextIO) -> None:
    """Play a run again that `--record` wrote: in the cockpit, or as lines without a terminal."""
    if on_terminal() and not call.json:
        run(_play(list(_events(recording))))
        return
    show = show_json if call.json else show_plain
    for stamped in _events(recording):
        show(put_now, stamped)


def _events(recording: TextIO) -> Iterator[e.Stamped]:
    """Yield the recorded events; raises FaultError at a line that is none."""
    try:
        for number, line in enumerate(recording, start=1):
            try:
                yield event_from_json(line)
            except ValueError as error:
                raise FaultError(_damaged(f"{recording.name}:{number}", error)) from error
    except UnicodeDecodeError as error:
        raise FaultError(_damaged(recording.name, error)) from error


async def _play(events: Sequence[e.Stamped]) -> None:
    """Open the cockpit on a recorded run.

    The app's own lines are not among the events; what builds and redraft itself said is, and goes
    into a log store of its own while it is played.
    """
    from tui.engine.chronicle import chronicle
    from tui.engine.replaying import Player
    from tui.logs.reader import LogReader
    from tui.logs.store import LogStore
    from tui.view.replaying import ReplayCockpit
    from tui.view.session import Session

    opened = next((s.event for s in events if isinstance(s.event, e.ProjectOpened)), None)
    player = Player(events)
    with tempfile.TemporaryDirectory(prefix="redraft-replay-") as folder:
        database = Path(folder) / "logs.db"
        store = LogStore(database)
        store.start()
        session = Session(
            Path(opened.project if opened else folder),
            opened.environment if opened else "",
            engine=player,
            logs=LogReader(database),
            player=player,
        )
        app = ReplayCockpit(session, player)
        writing = asyncio.create_task(chronicle(player.subscribe(), store))
        playing = asyncio.create_task(_after(app.painted, player))
        try:
            await app.run_async()
        finally:
            for task in (playing, writing):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await store.close()


async def _after(painted: asyncio.Event, player: "Player") -> None:
    await painted.wait()
    await player.play()


def _damaged(place: str, error: ValueError) -> Fault:
    return Fault(
        "recording-damaged",
        "this is no event of redraft",
        kind="usage",
        place=place,
        evidence=(str(error),),
        remedy="replay a file that `redraft up --record FILE` wrote",
    )
