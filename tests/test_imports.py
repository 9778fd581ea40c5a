"""Start-up time is a feature: what the command line imports before it knows what is asked."""

import os
import subprocess
import sys

HEAVY = {
    "aiohttp",
    "docker",
    "kubernetes",
    "psutil",
    "rich",
    "sqlite3",
    "textual",
    "tomlkit",
    "watchfiles",
}


BEFORE_ASKING = HEAVY | {"asyncio", "click", "dataclasses", "pathlib", "typing"}


def loaded(module: str, among: set[str]) -> list[str]:
    """Return which of these are loaded by importing a module."""
    code = f"import sys, {module}; print(*sorted({among!r} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return result.stdout.split()


def test_importing_the_command_line_loads_no_heavy_library() -> None:
    assert loaded("tui.cli.main", HEAVY) == []


def test_an_up_that_is_answered_at_once_loads_next_to_nothing() -> None:
    assert loaded("tui.cli.quick", BEFORE_ASKING) == []
