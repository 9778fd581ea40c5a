"""Writing the scaffold: all is checked before any is written, and each file appears whole."""

import contextlib
import errno
import os
from pathlib import Path

from tui.model.faults import Fault, FaultError
from tui.model.proposals import FilePlan


def write_files(project: Path, files: tuple[FilePlan, ...], force: bool) -> tuple[str, ...]:
    """Write the files that differ and return their paths.

    Raises `FaultError` before anything is written: when a file of another content is there and
    `force` is False, or when a path leads out of the project.
    """
    wanted = [file for file in files if file.differs]
    for file in wanted:
        _stay_inside(project, file.path)
    there = [file.path for file in wanted if (project / file.path).exists()]
    if there and not force:
        raise FaultError(_would_overwrite(there))
    for file in wanted:
        try:
            _write(project / file.path, file.content)
        except OSError as error:
            raise FaultError(_unwritable(file.path, error)) from error
    return tuple(file.path for file in wanted)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new~")
    try:
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


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
