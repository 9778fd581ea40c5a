"""`redraft replay`: tell a recorded run again."""

from typing import TextIO

import click

from tui.cli.options import Call, shared_options
from tui.cli.outlet import put_now
from tui.cli.session import show_json, show_plain
from tui.model.codec import event_from_json
from tui.model.faults import Fault, FaultError


@click.command()
@click.argument("recording", type=click.File(encoding="utf-8"))
@shared_options
def replay(call: Call, recording: TextIO) -> None:
    """Tell a run again that `--record` wrote."""
    show = show_json if call.json else show_plain
    for number, line in enumerate(recording, start=1):
        try:
            show(put_now, event_from_json(line))
        except ValueError as error:
            raise FaultError(
                Fault(
                    "recording-damaged",
                    "this line is no event of redraft",
                    kind="usage",
                    place=f"{recording.name}:{number}",
                    evidence=(str(error),),
                    remedy="replay a file that `redraft up --record FILE` wrote",
                )
            ) from error
