"""The codec of events: one JSON line each, and back. A run recorded so can be replayed."""

import json
from collections.abc import Mapping
from typing import get_args

from tui.model.events import Event, Stamped
from tui.model.plain import from_plain, to_plain

EVENT_TYPES: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


def event_to_json(stamped: Stamped) -> str:
    """Write a stamped event as one JSON line: `event`, `number`, `time`, then its own fields."""
    head = {
        "event": type(stamped.event).__name__,
        "number": stamped.number,
        "time": stamped.time,
    }
    return json.dumps(head | to_plain(stamped.event), ensure_ascii=True)


def event_from_json(line: str) -> Stamped:
    """Read back what `event_to_json` wrote; raises ValueError for anything else."""
    fields = json.loads(line)
    if not isinstance(fields, dict) or fields.get("event") not in EVENT_TYPES:
        raise ValueError(f"not an event: {line[:80]!r}")
    kind = EVENT_TYPES[fields.pop("event")]
    number, time = fields.pop("number", 0), fields.pop("time", 0.0)
    return Stamped(from_plain(int, number), from_plain(float, time), from_plain(kind, fields))
