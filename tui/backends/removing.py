"""Removing what a backend with a supervisor kept in its state folder."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from tui.supervisor.doors import close_doors
from tui.supervisor.lock import held
from tui.supervisor.places import socket_path

SUPERVISORS = ("supervisor.json", "supervisor.lock", "supervisor.log")


def remove_kept(state: Path, names: Iterable[str]) -> None:
    """Remove files and folders by name, and what a supervisor that has ended leaves. Blocking.

    One that another redraft has started since then, or while that takes its time, is left what it
    is found by: without that there would soon be two.
    """
    for path in (state / name for name in names):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if not held(state):
        _remove_supervisors(state)


def _remove_supervisors(state: Path) -> None:
    for name in SUPERVISORS:
        (state / name).unlink(missing_ok=True)
    socket = socket_path(state)
    close_doors(str(socket))
    socket.unlink(missing_ok=True)
