"""What `doctor` looks at besides the backend: Python, the project, the state folder, watching."""

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

from tui.clients.git import Git
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
    git, here = await asyncio.gather(
        _git(project), asyncio.to_thread(_check_here, project, environment)
    )
    here = (_python(), git, *here)
    try:
        async with open_backend(project, environment) as backend:
            return (*here, *await backend.check())
    except FaultError as error:
        told = any(one.fault == error.fault for one in here)
        return here if told else (*here, _backend(error.fault))


def _check_here(project: Path, environment: str) -> tuple[Checked, ...]:
    return (
        _draft_toml(project, environment),
        *_state(project, environment),
        *_inotify(),
        _clock(project),
    )


def _python() -> Checked:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Checked("python", "ok", f"{version} at {sys.executable}")


async def _git(project: Path) -> Checked:
    path = shutil.which("git")
    if path is None:
        fault = Fault("git-missing", "git is not installed", remedy="install git")
        return Checked("git", "warning", "not found: the history will know no commits", fault)
    if said := await Git(project).refusal():
        remedy = "do what git says; until then the history knows no commits of this project"
        fault = Fault(
            "git-refuses",
            "git refuses this checkout",
            evidence=tuple(said.split("\n")),
            remedy=remedy,
        )
        return Checked("git", "warning", fault.sentence, fault)
    return Checked("git", "ok", path)


def _draft_toml(project: Path, environment: str) -> Checked:
    try:
        loaded = load_environment(project, environment)
    except FaultError as error:
        return Checked("draft.toml", "failed", error.fault.sentence, error.fault)
    return Checked("draft.toml", "ok", f"{loaded.name}, {environment}, {loaded.backend} backend")


def _backend(fault: Fault) -> Checked:
    return Checked("backend", "failed", fault.sentence, fault)


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
