"""Losing sight of the files: how a folder is known again, and what is told when watching fails."""

import stat
from pathlib import Path

from tui.clients.files.context import context_paths
from tui.clients.files.ignoring import load_rules
from tui.model.faults import Fault, FaultError

Identity = tuple[int, ...]


def identity(folder: Path) -> Identity:
    """Return what tells a folder from another one of its name; nothing where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return Identity()
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else Identity()


def readable(project: Path) -> bool:
    """Whether all ignore files and all folders of the context can be read. Blocking."""
    try:
        context_paths(project, load_rules(project))
    except FaultError:
        return False
    return True


def gone(project: Path) -> Fault:
    """Return the fault of a folder that is away, or another one."""
    replaced = project.is_dir()
    return Fault(
        "project-gone",
        "the project's folder was replaced by another one"
        if replaced
        else "the project's folder is not there any more",
        kind="usage",
        evidence=(str(project),),
        remedy="it is watched from now on; what differs in it is built"
        if replaced
        else "bring it back: then watching goes on by itself",
    )


def broken(error: Exception) -> Fault:
    """Return the fault of an error that nobody expected."""
    return Fault(
        "watch-failed",
        "watching the files failed",
        evidence=(f"{type(error).__name__}: {error}",),
        remedy="open redraft again; `u` builds the tree meanwhile",
    )


def why_polling(said: str) -> str:
    """Return in a sentence why watchfiles has no native events; `said` ends in Rust's own notation.

    Linux counts watches and their instances by user (inotify(7)).
    """
    if "MaxFilesWatch" in said:
        return "the limit on file watches is reached: raise fs.inotify.max_user_watches"
    if "Too many open files" in said:
        return "too many programs watch files: raise fs.inotify.max_user_instances"
    return f"native file events failed: {said.partition(' about [')[0]}"
