"""Launching the supervisor, detached: it lives on when redraft and its terminal are gone."""

import os
import subprocess
import sys
from pathlib import Path

import tui

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "USER", "LOGNAME")


def launch_supervisor(state: Path) -> bool:
    """Start a supervisor for this environment and say whether that was possible. Blocking.

    It ends at once when there is one already.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(
        state / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tui.supervisor", str(state.absolute())],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )
    finally:
        os.close(log)
    return not done.returncode


def _environment() -> dict[str, str]:
    """Return what the supervisor itself needs; the app's environment comes with each release."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
