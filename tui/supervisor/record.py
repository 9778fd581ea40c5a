"""The record: `supervisor.json`, by which redraft finds the supervisor and what it served.

It is there while a supervisor runs, and stays behind when one dies before its time; then it tells
the next one that processes may be left over, and which revision served last.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "supervisor.json"


def read_record(state: Path) -> Mapping[str, Any] | None:
    """Return the record in a state folder, None when there is no readable one."""
    try:
        record = json.loads((state / NAME).read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def last_served(state: Path) -> int:
    """Return the revision that served last as far as the record knows, else 0."""
    served = (read_record(state) or {}).get("serving")
    return served if isinstance(served, int) else 0


def write_record(state: Path, record: Mapping[str, Any]) -> None:
    """Write the record at one go; raises OSError."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = state / f"{NAME}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(record, file)
    fresh.replace(state / NAME)
