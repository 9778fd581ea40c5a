"""The chronicle: build output and redraft's own events, written among the app's log lines."""

import contextlib
from functools import singledispatch
from typing import Any

from tui.engine.bus import Subscription
from tui.model import events as e
from tui.model.faults import Fault
from tui.model.loglines import LogBatch, LogRecord, LogStream
from tui.ports.logstore import LogSink

POD = "redraft"


async def chronicle(subscription: Subscription, sink: LogSink) -> None:
    """Bring what the bus tells into the store, until cancelled; the rest goes in at the end."""
    try:
        while True:
            _write(await subscription.wait(), sink)
    finally:
        _write(subscription.drain(), sink)
        with contextlib.suppress(ValueError):
            subscription.close()


def _write(events: list[e.Stamped], sink: LogSink) -> None:
    records = [record for stamped in events for record in present_records(stamped)]
    if records:
        sink.put(LogBatch("", "", records))


def present_records(stamped: e.Stamped) -> list[LogRecord]:
    """Return the log lines that tell of an event; none for most."""
    stream: LogStream = "build" if isinstance(stamped.event, e.StepPrinted) else "redraft"
    number = getattr(stamped.event, "iteration", 0)
    container = getattr(stamped.event, "step", "")
    time = int(stamped.time * 1e9)
    return [
        LogRecord(time, number, POD, container, 0, stream, line) for line in _lines(stamped.event)
    ]


@singledispatch
def _lines(event: Any) -> tuple[str, ...]:
    return ()


@_lines.register
def _(event: e.StepPrinted) -> tuple[str, ...]:
    return event.lines


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
    head = f"iteration {event.iteration} {event.outcome} after {event.seconds:.2f} s"
    return (head, *(_fault_lines(event.fault) if event.fault else ()))


@_lines.register
def _(event: e.FaultRaised) -> tuple[str, ...]:
    return _fault_lines(event.fault)


@_lines.register
def _(event: e.WatchFailed) -> tuple[str, ...]:
    return _fault_lines(event.fault)


@_lines.register
def _(event: e.Noticed) -> tuple[str, ...]:
    return (event.text,)


def _fault_lines(fault: Fault) -> tuple[str, ...]:
    return (f"ERROR {fault.code}: {fault.sentence}", *fault.evidence)
