"""Runs the command `redraft`, which at SIGUSR1 tells what each of its tasks waits for."""

import asyncio
import runpy
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any


def tell_tasks(number: int, frame: FrameType | None) -> None:
    """Print every task of the loop that runs, down to where it waits."""
    for task in asyncio.all_tasks():
        lines = (f"task {task.get_name()}", *waiting_at(task.get_coro()))
        sys.stderr.write("\n  ".join(lines) + "\n")


def waiting_at(awaited: Any) -> Iterator[str]:
    """Yield the place in each coroutine and generator that waits for the next one."""
    while awaited is not None:
        kind = next((k for k in ("cr", "gi", "ag") if hasattr(awaited, f"{k}_frame")), "")
        frame = getattr(awaited, f"{kind}_frame", None)
        yield f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else repr(awaited)
        after = "yieldfrom" if kind == "gi" else "await"
        awaited = getattr(awaited, f"{kind}_{after}", None)


if __name__ == "__main__":
    sys.path.pop(0)  # this folder, in which `docker` is another one
    signal.signal(signal.SIGUSR1, tell_tasks)
    runpy.run_module("tui", run_name="__main__")
