"""Start-up time is a feature: what the command line imports before it knows what is asked."""

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


def test_importing_the_command_line_loads_no_heavy_library() -> None:
    code = f"import sys, tui.cli.main; print(*sorted({HEAVY!r} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []
