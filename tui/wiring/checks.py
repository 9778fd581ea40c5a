"""What `doctor` looks at besides the backend: Python, the project, the state folder, watching."""

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

from tui.config.draft_toml import load_environment
from tui.model.faults import Fault, FaultError
from tui.ports.backend import Checked
from tui.wiring.opening import open_backend
from tui.wiring.places import make_private, state_folder
from tui.wiring.removal import remove_empty

FREE_WANTED = 1 << 30
WATCHES_WANTED = 65_536
INOTIFY = Path("/proc/sys/fs/inotify/max_user_watches")


async def check_all(project: Path, environment: str) -> tuple[Checked, ...]:
    """Check everything; a check that cannot be made is a failed one, never an exception."""
    here = await asyncio.to_thread(_check_here, project, environment)
    try:
        async with open_backend(project, environment) as backend:
            return (*here, *await backend.check())
    except FaultError:
        return here


def _check_here(project: Path, environment: str) -> tuple[Checked, ...]:
    return (
        _python(),
        _git(),
        _draft_toml(project, environment),
        *_state(project, environment),
        *_inotify(),
        _clock(project),
    )


def _python() -> Checked:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Checked("python", "ok", f"{version} at {sys.executable}")


def _git() -> Checked:
    path = shutil.which("git")
    if path:
        return Checked("git", "ok", path)
    fault = Fault("git-missing", "git is not installed", remedy="install git")
    return Checked("git", "warning", "not found: the history will know no commits", fault)


def _draft_toml(project: Path, environment: str) -> Checked:
    try:
        loaded = load_environment(project, environment)
    except FaultError as error:
        return Checked("draft.toml", "failed", error.fault.sentence, error.fault)
    return Checked("draft.toml", "ok", f"{loaded.name}, {environment}, {loaded.backend} backend")


def _state(project: Path, environment: str) -> tuple[Checked, ...]:
    try:
        folder = state_folder(project, environment)
        known = folder.exists()
        make_private(folder)
    except FaultError as error:
        return (Checked("state folder", "failed", error.fault.sentence, error.fault),)
    free = shutil.disk_usage(folder).free
    if not known:  # looking leaves nothing behind
        remove_empty(project, environment)
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free >= FREE_WANTED:
        return (Checked("state folder", "ok", str(folder)), Checked("disk", "ok", detail))
    fault = Fault("disk-low", detail, remedy="free some space: snapshots and logs need it")
    return (Checked("state folder", "ok", str(folder)), Checked("disk", "warning", detail, fault))


def _inotify() -> tuple[Checked, ...]:
    """Look at Linux's limit on watches; other systems have none."""
    try:
        limit = int(INOTIFY.read_text())
    except (OSError, ValueError):
        return ()
    detail = f"{limit} watches allowed"
    if limit >= WATCHES_WANTED:
        return (Checked("inotify", "ok", detail),)
    remedy = (
        "raise it: sysctl fs.inotify.max_user_watches=524288; until then large trees are polled"
    )
    return (Checked("inotify", "warning", detail, Fault("inotify-low", detail, remedy=remedy)),)


def _clock(project: Path) -> Checked:
    """Compare our clock with the file system's, which a network share keeps for itself."""
    try:
        newest = max((entry.stat().st_mtime for entry in os.scandir(project)), default=0.0)
    except OSError as error:
        fault = Fault("project-unreadable", str(error), remedy="make the folder readable")
        return Checked("project", "failed", str(error), fault)
    ahead = newest - time.time()
    if ahead < 2:
        return Checked("clock", "ok", "agrees with the project's files")
    fault = Fault("clock-behind", "files come from the future", remedy="set the clock")
    return Checked("clock", "warning", f"files are {ahead:.0f} s ahead of the clock", fault)
