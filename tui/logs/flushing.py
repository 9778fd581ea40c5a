"""Flushing: those who wait until what was put is written."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

if TYPE_CHECKING:
    from concurrent.futures import Future


@frozen
class Flush:
    """Someone who waits until so many lines are done."""

    target: int
    done: "Future[None]"


def answered(flushes: Iterable[Flush], done: int, fault: Fault | None) -> list[Flush]:
    """Tell who waits that so many lines are done, or what keeps them; return who waits on."""
    waiting = list[Flush]()
    for flush in flushes:
        if not fault and done < flush.target:
            waiting.append(flush)
        elif not flush.done.set_running_or_notify_cancel():
            continue  # whoever waited has gone
        elif fault:
            flush.done.set_exception(FaultError(fault))
        else:
            flush.done.set_result(None)
    return waiting
