import asyncio
import shutil
from pathlib import Path

import psutil
import pytest

from tui.clients.process.steps import run_step

ENV = {"PATH": "/usr/bin:/bin"}


async def run(text: str, folder: Path) -> tuple[int, list[str]]:
    lines: list[str] = []
    end = await run_step(("sh", "-c", text), folder, ENV, lines.extend)
    return end.code, lines


async def test_output_of_both_streams_is_told_line_by_line(tmp_path: Path) -> None:
    assert await run("echo one; echo two >&2; printf three", tmp_path) == (
        0,
        ["one", "two", "three"],
    )


async def test_the_code_and_the_last_lines_are_the_end(tmp_path: Path) -> None:
    end = await run_step(("sh", "-c", "seq 99; exit 7"), tmp_path, ENV, lambda lines: None)
    assert (end.code, end.last_lines) == (7, tuple(str(n) for n in range(70, 100)))


async def test_a_signal_is_a_negative_code(tmp_path: Path) -> None:
    assert (await run("kill -9 $$", tmp_path))[0] == -9


async def test_a_step_runs_in_its_folder_and_with_its_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    assert await run("ls; env | grep -c HOME", tmp_path) == (1, ["here", "0"])


async def test_a_missing_program_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await run_step(("no-such-program",), tmp_path, ENV, lambda lines: None)


async def test_what_a_step_leaves_in_the_background_ends_with_it(tmp_path: Path) -> None:
    _, lines = await run("sleep 1000 > /dev/null 2>&1 & echo $!", tmp_path)
    async with asyncio.timeout(10):
        while runs(int(lines[0])):  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_background_process_that_holds_the_output_open_does_not_hold_the_step(
    tmp_path: Path,
) -> None:
    async with asyncio.timeout(10):
        code, lines = await run("sleep 1000 & echo started; exit 3", tmp_path)
    assert (code, lines) == (3, ["started"])


@pytest.mark.skipif(shutil.which("setsid") is None, reason="setsid is not installed")
@pytest.mark.parametrize("times", [1, 20])
async def test_cancelling_ends_also_what_left_the_process_group(tmp_path: Path, times: int) -> None:
    lines: list[str] = []
    text = "setsid sh -c 'echo $$; trap \"\" TERM; exec sleep 1000' & sleep 1000"
    argv = ("sh", "-c", text)
    running = asyncio.create_task(run_step(argv, tmp_path, ENV, lines.extend))
    async with asyncio.timeout(10):
        while not lines:  # noqa: ASYNC110 - another process prints
            await asyncio.sleep(0.02)
    for _ in range(times):
        running.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not runs(int(lines[0]))
