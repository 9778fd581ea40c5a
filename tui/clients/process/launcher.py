"""Launching the supervisor, detached: it lives on when redraft and its terminal are gone."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import tui

KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "USER", "LOGNAME")
NOTHING: Mapping[str, str] = MappingProxyType({})


def launch_supervisor(
    state: Path,
    module: str = "tui.supervisor",
    arguments: tuple[str, ...] = (),
    env: Mapping[str, str] = NOTHING,
) -> bool:
    """Start a supervisor for this environment and say whether that was possible. Blocking.

    `module` is run with the state folder and `arguments`; `env` is added to what every supervisor
    gets. It ends at once when there is one already.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(
        state / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, str(state.absolute()), *arguments],
            cwd="/",
            env={**_environment(), **env},
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
