"""Attesting: after an `up`, what the next one would say is given to whoever can tell it at once.

What is given is told by the usual ways from the usual events, those of a rehearsal; nothing here
knows a sentence of it. Where it is not possible the next `up` does its work as this one did.
"""

import logging

from tui.cli.options import Call
from tui.cli.outlet import STDOUT
from tui.cli.quick import question_of
from tui.cli.session import Session, answer_url, show_plain
from tui.engine.chronicle import Chronicler
from tui.engine.rehearsing import rehearse
from tui.model import events as e
from tui.model.faults import FaultError
from tui.ports.capabilities import Testimony, Witnessing
from tui.supervisor.doors import door_name

log = logging.getLogger("redraft.cli")


async def attest(call: Call, opened: Session) -> None:
    """Have the next `up` answered at once while nothing changes; see `tui.cli.quick`."""
    backend = opened.means.backend
    if not isinstance(backend, Witnessing):
        return
    try:
        question = question_of(str(call.project), call.environment)
        door = door_name(str(call.project), call.environment)
        events = await rehearse(opened.means, opened.engine.state)
        if events and isinstance(ended := events[-1].event, e.IterationFinished):
            told = tuple(_told(opened, events, ended))
            records = Chronicler().records(events)
            logged = tuple((record.revision, record.message) for record in records)
            await backend.attest(ended.revision, Testimony(question, told, logged, door))
    except (FaultError, OSError) as error:
        log.info("the next `up` will look for itself: %s", error)


def _told(
    opened: Session, events: tuple[e.Stamped, ...], ended: e.IterationFinished
) -> list[tuple[int, str]]:
    """Return the lines that tell of events as `up` tells them, each with its descriptor."""
    told: list[tuple[int, str]] = []

    def put(line: str, descriptor: int = STDOUT) -> None:
        told.append((descriptor, line))

    subscription = opened.engine.subscribe()
    for stamped in (*subscription.drain(), *events):
        show_plain(put, stamped)
    subscription.close()
    answer_url(put, opened.engine.state, ended)
    return told
