"""Launching the supervisor, detached: it lives on when redraft and its terminal are gone."""

import os
import subprocess
import sys
from pathlib import Path

import tui

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "USER", "LOGNAME")


def launch_supervisor(state: Path) -> "subprocess.Popen[bytes]":
    """Start a supervisor for this environment; it ends at once when there is one already."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(
        state / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
    )
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "tui.supervisor", str(state.absolute())],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    finally:
        os.close(log)


def _environment() -> dict[str, str]:
    """Return what the supervisor itself needs; the app's environment comes with each release."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
