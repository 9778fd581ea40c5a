"""The chronicle: build output and redraft's own events, written among the app's log lines.

The evidence of a fault is written only where it is not among the lines already: of a failed step it
is what the step printed, of a crash what the app said. So is a fault that is told twice.
"""

import contextlib
from collections import deque
from collections.abc import Iterable
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from tui.engine.bus import Subscription
from tui.model import events as e
from tui.model.loglines import LogBatch, LogRecord, LogStream
from tui.ports.logstore import LogSink

if TYPE_CHECKING:
    from tui.model.faults import Fault

POD = "redraft"
REMEMBERED = 1_000
"""Lines said last that evidence is compared with; more than any evidence has."""


async def chronicle(subscription: Subscription, sink: LogSink) -> None:
    """Bring what the bus tells into the store, until cancelled; the rest goes in at the end."""
    chronicler = Chronicler()
    try:
        while True:
            _write(chronicler.records(await subscription.wait()), sink)
    finally:
        _write(chronicler.records(subscription.drain()), sink)
        with contextlib.suppress(ValueError):
            subscription.close()


def _write(records: list[LogRecord], sink: LogSink) -> None:
    if records:
        sink.put(LogBatch("", "", records))


class Chronicler:
    """Makes log lines of events, knowing what was said before them."""

    def __init__(self) -> None:
        self._said: deque[str] = deque(maxlen=REMEMBERED)
        self._fault: Fault | None = None

    def records(self, events: Iterable[e.Stamped]) -> list[LogRecord]:
        """Return the log lines that tell of events; none for most."""
        return [record for stamped in events for record in self._records(stamped)]

    def _records(self, stamped: e.Stamped) -> list[LogRecord]:
        if isinstance(stamped.event, e.IterationStarted):
            self._fault = None
        stream: LogStream = "build" if isinstance(stamped.event, e.StepPrinted) else "redraft"
        number = getattr(stamped.event, "iteration", 0)
        container = getattr(stamped.event, "step", "")
        time = int(stamped.time * 1e9)
        lines = (*_lines(stamped.event), *self._fault_lines(stamped.event))
        self._said.extend(_said(stamped.event))
        return [LogRecord(time, number, POD, container, 0, stream, line) for line in lines]

    def _fault_lines(self, event: e.Event) -> tuple[str, ...]:
        """Return what an event tells of a fault that was not told yet."""
        fault: Fault | None = getattr(event, "fault", None)
        if fault is None or fault == self._fault:
            return ()
        self._fault = fault
        evidence = (line for line in fault.evidence if line not in self._said)
        return (f"ERROR {fault.code}: {fault.sentence}", *evidence)


@singledispatch
def _said(event: Any) -> tuple[str, ...]:
    """Return the lines of an event that are among the logs without the chronicle's doing more."""
    return ()


@_said.register
def _(event: e.StepPrinted) -> tuple[str, ...]:
    return event.lines


@_said.register
def _(event: e.RolloutObserved) -> tuple[str, ...]:
    containers = (container for pod in event.rollout.pods for container in pod.containers)
    ends = (container.last for container in containers if container.last is not None)
    return tuple(line for end in ends for line in end.last_lines)


@singledispatch
def _lines(event: Any) -> tuple[str, ...]:
    return ()


@_lines.register
def _(event: e.StepPrinted) -> tuple[str, ...]:
    return event.lines


@_lines.register
def _(event: e.SettingsChanged) -> tuple[str, ...]:
    return (event.sentence,)


@_lines.register
def _(event: e.IterationStarted) -> tuple[str, ...]:
    because = ", ".join(event.paths[:5]) or event.trigger
    more = f" and {len(event.paths) - 5} more" if len(event.paths) > 5 else ""
    return (f"iteration {event.iteration} started: {because}{more}",)


@_lines.register
def _(event: e.StepFinished) -> tuple[str, ...]:
    return (f"{event.step}: {event.outcome} in {event.seconds:.2f} s",)


@_lines.register
def _(event: e.ReleaseStarted) -> tuple[str, ...]:
    return (f"revision {event.release.revision} is {event.release.image.reference}",)


@_lines.register
def _(event: e.IterationFinished) -> tuple[str, ...]:
    return (f"iteration {event.iteration} {event.outcome} after {event.seconds:.2f} s",)


@_lines.register
def _(event: e.Noticed) -> tuple[str, ...]:
    return (event.text,)
