"""Writing the scaffold: all is checked before any is written, and nothing is written by halves.

Every file is written whole under another name first; only when all are there do they take their
places. A full disk or a folder that cannot be written thus leaves the project as it was.
"""

import contextlib
import errno
import os
from collections.abc import Sequence
from pathlib import Path

from tui.model.faults import Fault, FaultError
from tui.model.proposals import FilePlan


def write_files(project: Path, files: tuple[FilePlan, ...], force: bool) -> tuple[str, ...]:
    """Write the files that differ and return their paths.

    Raises `FaultError` before anything is written: when a file of another content is there and
    `force` is False, when a path leads out of the project, or when there is no room.
    """
    wanted = [file for file in files if file.differs]
    for file in wanted:
        _stay_inside(project, file.path)
    there = [file.path for file in wanted if os.path.lexists(project / file.path)]
    if there and not force:
        raise FaultError(_would_overwrite(there))
    made: list[Path] = []
    try:
        staged = [_stage(project, file, made) for file in wanted]
        for temporary, file in zip(staged, wanted, strict=True):
            _place(temporary, project, file.path)
    finally:
        _clear(made)
    return tuple(file.path for file in wanted)


def _stage(project: Path, file: FilePlan, made: list[Path]) -> Path:
    """Write a file beside its place and return where; `made` takes what has come into being."""
    path = project / file.path
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new~")
    try:
        for folder in reversed(path.parents):
            if folder.is_relative_to(project) and not folder.is_dir():
                folder.mkdir()
                made.append(folder)
        made.append(temporary)
        temporary.write_text(file.content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FaultError(_unwritable(file.path, error)) from error
    return temporary


def _place(temporary: Path, project: Path, path: str) -> None:
    try:
        temporary.replace(project / path)
    except OSError as error:
        raise FaultError(_unwritable(path, error)) from error


def _clear(made: Sequence[Path]) -> None:
    """Remove temporary files that are left, and folders made for nothing."""
    for path in reversed(made):
        # A folder that came into use cannot be removed; whatever made us fail is told already.
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)


def _stay_inside(project: Path, path: str) -> None:
    """Refuse a path that a link leads out of the project."""
    root = project.resolve()
    if not (project / path).parent.resolve().is_relative_to(root):
        raise FaultError(
            Fault(
                "create-outside",
                f"{path} lies outside of the project, a link leads there",
                kind="usage",
                place=path,
                remedy="replace the link by a folder",
            )
        )


def _would_overwrite(paths: list[str]) -> Fault:
    return Fault(
        "create-would-overwrite",
        "files of another content are there already; nothing was written",
        kind="usage",
        evidence=tuple(paths),
        remedy="write over them with --force (ctrl+o in the cockpit), or move them away",
    )


def _unwritable(path: str, error: OSError) -> Fault:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return Fault(
        "disk-full" if full else "project-unwritable",
        f"{path} cannot be written: {error.strerror}",
        kind="usage",
        place=path,
        remedy="free some space" if full else "make the project's folder writable",
    )
