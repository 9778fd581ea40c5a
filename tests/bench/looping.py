"""How fast a turn of the loop is: from a save to seeing it, and to the app answering anew."""

import asyncio
import json
import statistics
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import watchfiles

from tests.bench.stopwatch import PYTHON, REDRAFT, own_state, seconds, turn_about
from tests.bench.table import Row
from tests.projects import greet, write_server
from tui.clients.files.context import HashCache, scan_context
from tui.clients.files.watching import FileWatcher

QUIET = 0.2
ROUNDS = 7
TURNS = 15
FILES = 20_000
PAUSE = 0.5


def change_seen(folder: Path) -> list[Row]:
    """Measure from a save to its group of changes, beside watchfiles with its defaults."""
    project = write_server(folder / "seen")
    ours = asyncio.run(_seen_by_watcher(project))
    alone = asyncio.run(_seen_by_watchfiles(project))
    return [
        Row(
            "save to change seen",
            ours * 1000,
            "ms",
            "watchfiles alone (its default step, 50 ms)",
            alone * 1000,
            f"quiet period ({QUIET * 1000:.0f} ms) + 100 ms",
            ours <= QUIET + 0.1,
        )
    ]


async def _seen_by_watcher(project: Path) -> float:
    await asyncio.sleep(PAUSE)  # what was written just now would count as a change
    groups = FileWatcher(project, QUIET).changes()
    await anext(groups)  # it watches from here on

    async def at_rest() -> None:
        while not (await anext(groups)).at_rest:
            pass

    return await _median_of_saves(project, at_rest)


async def _seen_by_watchfiles(project: Path) -> float:
    stop = asyncio.Event()
    changes = watchfiles.awatch(project, stop_event=stop)
    try:
        return await _median_of_saves(project, changes.__anext__)
    finally:
        stop.set()


async def _median_of_saves(project: Path, following: object) -> float:
    assert callable(following)
    taken = []
    for number in range(ROUNDS):
        seen = asyncio.ensure_future(following())
        await asyncio.sleep(PAUSE)
        began = time.perf_counter()
        greet(project, f"hello {number} {began}")
        await asyncio.wait_for(seen, 20)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def answer_anew(folder: Path) -> list[Row]:
    """Measure from a save to the new revision's HTTP answer, beside starting the app by hand."""
    project = write_server(folder / "anew")
    env = own_state(folder)
    rounds = []
    with subprocess.Popen(
        [REDRAFT, "up", "--watch", "--output", "json"],
        cwd=project,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as watcher:
        try:
            url = _first_url(watcher)
            threading.Thread(target=_drain, args=(watcher,), daemon=True).start()
            for number in range(TURNS):  # in turn: a machine is not the same a minute later
                started = _start_by_hand(project, number)
                rounds.append((_save_to_answer(project, url, number), started))
        finally:
            watcher.terminate()
            watcher.wait()
    subprocess.run([REDRAFT, "delete", "--yes"], cwd=project, env=env, check=True)
    taken, by_hand = (statistics.median(one[at] for one in rounds) for at in range(2))
    return [
        Row(
            "save to new revision answering HTTP",
            taken * 1000,
            "ms",
            "starting that app by hand",
            by_hand * 1000,
            f"quiet period ({QUIET * 1000:.0f} ms) + 1.5 x",
            taken <= QUIET + 1.5 * by_hand,
            note=f"{(taken - QUIET) / by_hand:.2f} x beyond the quiet period",
        )
    ]


def _start_by_hand(project: Path, number: int) -> float:
    port = 18_470 + number
    began = time.perf_counter()
    with subprocess.Popen(
        [PYTHON, "app.py"],
        cwd=project,
        env={**own_state(project), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    ) as process:
        _answers(f"http://127.0.0.1:{port}", "hello")
        taken = time.perf_counter() - began
        process.terminate()
    return taken


def _first_url(watcher: "subprocess.Popen[str]") -> str:
    assert watcher.stdout is not None
    url = ""
    for line in watcher.stdout:
        event = json.loads(line)
        if event["event"] == "RolloutObserved":
            url = event["rollout"]["url"] or url
        if event["event"] == "IterationFinished":
            break
    return url


def _drain(watcher: "subprocess.Popen[str]") -> None:
    """Read on, so that a full pipe never holds the watcher up."""
    assert watcher.stdout is not None
    for _ in watcher.stdout:
        pass


def _save_to_answer(project: Path, url: str, number: int) -> float:
    time.sleep(2 * PAUSE)  # noqa: TID251 - lets the round before come to rest, nothing is awaited
    greeting = f"hello anew {number}"
    began = time.perf_counter()
    greet(project, greeting)
    _answers(url, greeting)
    return time.perf_counter() - began


def _answers(url: str, wanted: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                if wanted in response.read().decode():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.005)  # noqa: TID251 - polling a condition from the bench's own thread
    raise TimeoutError(url)


def context_warm(folder: Path) -> list[Row]:
    """Measure the hash of a context of 20,000 files that was hashed by an earlier process."""
    project = _large_project(folder)
    hashes = folder / "hashes"

    def scan() -> float:
        began = time.perf_counter()
        assert scan_context(project, HashCache(hashes)).tag
        return time.perf_counter() - began

    time.sleep(PAUSE)  # noqa: TID251 - files are remembered once they have rested
    ours, status = turn_about(scan, lambda: seconds(["git", "status"], project), times=9)
    return [
        Row(
            "context hash of 20,000 files, warm",
            ours * 1000,
            "ms",
            "`git status`",
            status * 1000,
            "150 ms",
            ours <= 0.15,
        )
    ]


def _large_project(folder: Path) -> Path:
    """Write and commit a project of 20,000 files."""
    project = write_server(folder / "many")
    for number in range(FILES):
        path = project / f"d{number % 200}" / f"f{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{number}\n" * 20)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], cwd=project, check=True)
    return project


def second_up(folder: Path) -> list[Row]:
    """Measure a second `up` with nothing changed on 20,000 files, beside `git status`."""
    project, env = _large_project(folder), own_state(folder)
    subprocess.run([REDRAFT, "up"], cwd=project, env=env, check=True, capture_output=True)
    ours, status = turn_about(
        lambda: seconds([REDRAFT, "up"], project, env),
        lambda: seconds(["git", "status"], project, env),
        times=7,
    )
    subprocess.run([REDRAFT, "delete", "--yes"], cwd=project, env=env, check=True)
    return [
        Row(
            "second `up`, nothing changed, 20,000 files",
            ours * 1000,
            "ms",
            "`git status`",
            status * 1000,
            "1.5 x",
            ours <= 1.5 * status,
        )
    ]
