"""Programs that do not end, do not stop talking, or leave something behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import eventually
from tui.clients.programs import Answer, ask_program

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
LEFT_BEHIND = "sleep 1000 & echo $! >left\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder of its own; what was left behind is ended."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    if (left := tmp_path / "left").exists() and runs(left):
        os.kill(int(left.read_text()), signal.SIGKILL)


def runs(written: Path) -> bool:
    """Whether the process lives whose number is in the file; to be reaped is not to live."""
    try:
        status = Path(f"/proc/{int(written.read_text())}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def sh(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


async def test_what_it_said_and_its_exit_code_are_the_answer() -> None:
    answer = await ask_program(sh("cat; echo two >&2; exit 3"), stdin="one")
    assert answer == Answer(3, "one", "two\n")


async def test_what_it_left_behind_with_its_output_open_is_not_waited_for() -> None:
    assert await ask_program(sh(f"{LEFT_BEHIND}echo done")) == Answer(0, "done\n", "")


async def test_a_late_one_is_ended_with_all_that_it_started(folder: Path) -> None:
    with pytest.raises(TimeoutError):
        await ask_program(sh(f"{LEFT_BEHIND}wait"), patience=0.5)
    await eventually(lambda: not runs(folder / "left"))


async def test_one_that_is_cancelled_twice_is_left_only_when_it_has_ended(folder: Path) -> None:
    script = "trap 'sleep 0.2; rm pid; exit' TERM; echo $$ >pid; while :; do sleep 0.02; done"
    asking = asyncio.create_task(ask_program(sh(script), grace=1000.0))
    await eventually((folder / "pid").exists)
    for _ in range(20):
        asking.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not (folder / "pid").exists()


async def test_one_that_talks_without_end_ends_when_cancelled(folder: Path) -> None:
    asking = asyncio.create_task(ask_program(sh("echo $$ >pid; exec yes"), grace=1000.0))
    await eventually((folder / "pid").exists)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not runs(folder / "pid")


async def test_one_that_takes_no_leave_is_killed_after_its_grace(folder: Path) -> None:
    stubborn = sh("trap '' TERM; echo $$ >pid; while true; do sleep 0.1; done")
    with pytest.raises(TimeoutError):
        await ask_program(stubborn, patience=0.5, grace=0.2)
    assert not runs(folder / "pid")


async def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        await ask_program(("no-such-program",))


LEFT_RUNNING = """\
import asyncio
from tui.clients.programs import ask_program

async def main(steps):
    asking = asyncio.create_task(ask_program(("sleep", "1000")))
    for _ in range(steps):
        await asyncio.sleep(0)

for steps in range(5):
    asyncio.run(main(steps))
"""


def test_a_loop_that_ends_while_one_is_being_started_ends_it() -> None:
    subprocess.run([sys.executable, "-c", LEFT_RUNNING], check=True, timeout=30)
