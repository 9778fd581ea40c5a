"""Timing processes fairly: turn about with the baseline, medians, the kernel's own accounts."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

PYTHON = sys.executable
REDRAFT = str(Path(sys.executable).with_name("redraft"))
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Undoes what keeps Python from storing bytecode.

An installed package has it; without, a process compiles each of our modules at every start.
"""


def seconds(
    argv: Sequence[str], cwd: Path | None = None, env: dict[str, str] | None = None
) -> float:
    """Return the wall time of a command that must succeed."""
    began = time.perf_counter()
    subprocess.run(argv, cwd=cwd, env=env or compiled(), check=True, capture_output=True)
    return time.perf_counter() - began


def turn_about(
    one: Callable[[], float], other: Callable[[], float], times: int = 9
) -> tuple[float, float]:
    """Return the medians of two measures taken in turn, after one of each that does not count."""
    one(), other()
    pairs = [(one(), other()) for _ in range(times)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def processor_seconds(processes: Sequence[psutil.Process]) -> float:
    """Return the user and system time the processes have used so far."""
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system
    return total


def resident(process: psutil.Process) -> float:
    """Return a process's resident memory in MiB."""
    size: int = process.memory_info().rss
    return size / (1 << 20)


def own_state(folder: Path) -> dict[str, str]:
    """Return an environment in which redraft keeps its state below `folder`.

    Its `python3` is ours, so that an app is started by the same one here and there: what else goes
    by that name may be a script that looks for a Python first.
    """
    state = {"XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder / "home")}
    path = f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"
    return {**compiled(), **state, "PATH": path}


def compiled() -> dict[str, str]:
    """Return our environment without what keeps Python from storing bytecode."""
    return {**os.environ, **COMPILED}
