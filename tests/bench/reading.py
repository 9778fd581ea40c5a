"""How the cockpit bears a million lines, and nothing at all: memory, filter, processor."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.stopwatch import REDRAFT, own_state, processor_seconds, resident
from tests.bench.table import Row
from tests.projects import write_server
from tests.terminal import Terminal
from tui.logs.reader import LogReader
from tui.logs.store import LogStore
from tui.model.loglines import LogBatch, LogFilter, LogRecord
from tui.wiring.places import make_private, state_folder

MILLION = 1_000_000
IDLE_SECONDS = 30
REST_SECONDS = 8


def million_lines(folder: Path) -> list[Row]:
    """Measure memory, filter and search with a million lines in the store."""
    project = write_server(folder / "million", name="millionbench")
    env = own_state(folder)
    with cockpit(project, env) as (terminal, process):
        idle = resident(process)
    text = _fill(project, env)
    with cockpit(project, env) as (terminal, process):
        terminal.press("l")
        terminal.wait_for("request 00999999")
        for key in ("\x1b[5~",) * 20:
            terminal.press(key)
        terminal.press("\x1b[H")
        terminal.wait_for("request 00000000")
        full = resident(process)
    return [
        Row(
            "memory with 1,000,000 lines stored",
            full - idle,
            "MiB",
            f"the idle cockpit ({idle:.0f} MiB)",
            aim="+ 60 MiB",
            met=full - idle <= 60,
        ),
        *_filtering(project, env, text),
    ]


def _filtering(project: Path, env: dict[str, str], text: Path) -> list[Row]:
    pattern = "request 00[0-9]*77 handled"
    grep = _timed(lambda: subprocess.run(["grep", "-cE", pattern, text], check=True, stdout=-1))
    reader = LogReader(database(project, env))
    oldest, newest = reader.bounds()

    def scan() -> tuple[float, float]:
        began = time.perf_counter()
        chunks = reader.matching(LogFilter(include=pattern), oldest, newest + 1)
        count = len(next(chunks))
        first = time.perf_counter() - began
        count += sum(len(chunk) for chunk in chunks)
        assert count == MILLION // 100
        return first, time.perf_counter() - began

    scans = [scan() for _ in range(5)]
    first = statistics.median(s[0] for s in scans)
    whole = statistics.median(s[1] for s in scans)
    painted = _first_hit_painted(project, env)
    beside = "`grep -cE` on the same text"
    return [
        Row("filter 1,000,000 lines: first hits found", first * 1000, "ms", beside, grep * 1000),
        Row(
            "filter 1,000,000 lines: first hits painted",
            painted * 1000,
            "ms",
            beside,
            grep * 1000,
            "150 ms",
            painted <= 0.15,
            note="from the last key, typing pause included",
        ),
        Row(
            "filter 1,000,000 lines: all",
            whole * 1000,
            "ms",
            beside,
            grep * 1000,
            "1.5 s",
            whole <= 1.5,
        ),
    ]


def _first_hit_painted(project: Path, env: dict[str, str]) -> float:
    with cockpit(project, env) as (terminal, _):
        terminal.press("l")
        terminal.wait_for("request 00999999")
        terminal.press("/")
        terminal.wait_for("include")
        terminal.press("request 009998")
        terminal.wait_for("request 00999899")
        terminal.forget()
        began = time.monotonic()
        terminal.press("7")
        return terminal.seen(b"00999879") - began


def _timed(work: object) -> float:
    assert callable(work)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _fill(project: Path, env: dict[str, str]) -> Path:
    """Store a million lines and write the same text to a file; return the file."""
    path = database(project, env)
    make_private(path.parent)
    text = project.parent / "million.txt"
    store = LogStore(path)
    store.start()
    import asyncio

    async def store_all() -> None:
        with text.open("w") as file:
            for first in range(0, MILLION, 5000):
                lines = [
                    f"INFO request {n:08d} handled in 12 ms" for n in range(first, first + 5000)
                ]
                file.write("\n".join(lines) + "\n")
                now = time.time_ns()
                store.put(
                    LogBatch(
                        "", "", [LogRecord(now, 1, "app-1", "app", 0, "stdout", x) for x in lines]
                    )
                )
                await store.flush()
        await store.close()

    asyncio.run(store_all())
    return text


def database(project: Path, env: dict[str, str]) -> Path:
    import os

    os.environ["XDG_STATE_HOME"] = env["XDG_STATE_HOME"]
    return state_folder(project, "development") / "logs.db"


@contextmanager
def cockpit(
    project: Path, env: dict[str, str], *, emulate: bool = True
) -> Iterator[tuple[Terminal, psutil.Process]]:
    """Open the cockpit and wait until it has come to rest."""
    with Terminal([REDRAFT], cwd=project, env=env, emulate=emulate) as terminal:
        terminal.seen("● watching".encode())
        time.sleep(2)  # noqa: TID251 - lets start-up come to rest, nothing is awaited
        yield terminal, psutil.Process(terminal.pid)


def idle(folder: Path) -> list[Row]:
    """Measure the processor time of an idle cockpit with its app running."""
    project = write_server(folder / "idle", name="idlebench")
    env = own_state(folder)
    subprocess.run([REDRAFT, "up"], cwd=project, env=env, check=True, capture_output=True)
    with cockpit(project, env) as (_, process):
        time.sleep(REST_SECONDS)  # noqa: TID251 - idle is what has been so for a while
        processes = [process, *supervisors(folder)]
        before, began = processor_seconds(processes), time.monotonic()
        time.sleep(IDLE_SECONDS)  # noqa: TID251 - the time that is measured
        share = (processor_seconds(processes) - before) / (time.monotonic() - began)
    subprocess.run([REDRAFT, "delete", "--yes"], cwd=project, env=env, check=True)
    return [
        Row(
            "idle, nothing happening",
            share * 100,
            "% of a core",
            "cockpit and supervisor together",
            aim="0.5 % of a core",
            met=share <= 0.005,
        )
    ]


def supervisors(folder: Path) -> list[psutil.Process]:
    """Return the supervisors whose state is below `folder`."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if "tui.supervisor" in (arguments := process.info["cmdline"] or [])
        and any(str(folder) in argument for argument in arguments)
    ]
