"""The history: one file a release, with what is needed to run it again.

Numbers of revisions rise and are never used twice: the newest file is never pruned. A damaged file
is left where it is and only counts by its number, with a line in the log file; what a newer redraft
wrote besides is kept. A file is always put in place of the one before, so one of which the system
says what it said before is not read again: with two hundred that would take longer than all else
before a deploy.

An outcome is recorded in a thread to its end, even where what asked for it is cancelled: then the
next iteration may come to the same release, and waits until the file is in place.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from tui.backends.newest import FOLDER
from tui.clients.disk import disk_faults
from tui.model.faults import FaultError
from tui.model.plain import from_plain, join, part, to_plain
from tui.model.releases import UNREADABLE, Release, unreadable
from tui.ports.enduring import to_its_end
from tui.supervisor.protocol import App
from tui.supervisor.record import last_served

log = logging.getLogger("redraft.backends")


@dataclass(frozen=True, slots=True)
class Entry:
    """A release with how it was run; a backend's own kind adds how it was made."""

    release: Release
    app: App | None = None
    """How it was run, to be started again as it was; None for one that was never asked for."""


E = TypeVar("E", bound=Entry)


class History(Generic[E]):
    """The releases of an environment, in files that only the user can read.

    What is no coroutine blocks.
    """

    def __init__(self, state: Path, kind: type[E]) -> None:
        self._state = state
        self._kind = kind
        self._folder = state / FOLDER
        self._known: dict[int, tuple[tuple[int, ...], E]] = {}
        self._unknown: dict[int, Mapping[str, Any]] = {}
        self._running = 0
        self._had = 0
        self._writing = Lock()

    def running(self, revision: int) -> None:
        """Learn what runs: files may have been deleted under it, and no number comes twice."""
        self._running = max(self._running, revision)
        self._had = max(self._had, revision)

    def lost(self) -> bool:
        """Whether the newest release that this redraft made, saw running or found is gone.

        It goes by a deletion only, with all others; others may have come since. Told once. Raises
        FaultError.
        """
        had, self._had = self._had, max(_numbers(self._folder), default=0)
        return self._had < had

    def entries(self) -> tuple[E, ...]:
        """Return all releases that can be read, oldest first."""
        read = (self._read(number) for number in sorted(_numbers(self._folder)))
        return tuple(entry for entry in read if entry is not None)

    def releases(self) -> tuple[Release, ...]:
        """Return all releases, oldest first."""
        numbers = sorted(_numbers(self._folder))
        self._had = max((self._had, *numbers))
        read = [(number, self._read(number)) for number in numbers]
        return tuple(
            entry.release if entry else unreadable(number)
            for number, entry in read
            if entry or self._path(number).exists()
        )

    def unreadable(self) -> tuple[Path, ...]:
        """Return the files that cannot be read: what such a release needs is not known."""
        lost = (release for release in self.releases() if release.cause == UNREADABLE)
        return tuple(self._path(release.revision) for release in lost)

    def entry(self, revision: int) -> E | None:
        """Return one release."""
        return self._read(revision)

    def next_revision(self) -> int:
        """Return a number that no release had, as far as files and supervisor remember."""
        return max(last_served(self._state), self._running, *_numbers(self._folder)) + 1

    def write(self, entry: Entry) -> None:
        """Keep a release, in place of what is known of it; raises FaultError."""
        with disk_faults("recording the release", self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._keep(entry)

    def rewrite(self, release: Release) -> None:
        """Keep a release's outcome; does nothing for one that is not in the history any more.

        Raises FaultError.
        """
        entry = self._read(release.revision)
        if entry is None:
            return
        deleted = contextlib.suppress(FileNotFoundError)  # just now, and it stays so
        with disk_faults("recording the release", self._folder), deleted:
            self._keep(replace(entry, release=release))

    def _keep(self, entry: Entry) -> None:
        revision = entry.release.revision
        with self._writing:
            unknown = self._unknown.get(revision, {})
            _write(self._path(revision), json.dumps(join(to_plain(entry), unknown)))
            self._had = max(self._had, revision)

    @contextlib.asynccontextmanager
    async def begun(self, entry: Entry) -> AsyncIterator[None]:
        """Keep a release as pending while it is asked for, and as failed when that raises a fault.

        Raises FaultError.
        """
        await to_its_end(asyncio.to_thread(self.write, entry))
        try:
            yield
        except FaultError as error:
            failed = replace(entry.release, outcome="failed", cause=error.fault.code)
            await to_its_end(asyncio.to_thread(self.rewrite, failed))
            raise

    def forget(self, revisions: Iterable[int]) -> None:
        """Remove releases."""
        for revision in revisions:
            self._path(revision).unlink(missing_ok=True)
            self._known.pop(revision, None)
            self._unknown.pop(revision, None)

    def _read(self, revision: int) -> E | None:
        path = self._path(revision)
        try:
            status, known = path.stat(), self._known.get(revision)
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
            if known is None or known[0] != stamp:
                fields, self._unknown[revision] = part(self._kind, json.loads(path.read_bytes()))
                known = self._known[revision] = stamp, self._entry_from(fields)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("release %d cannot be read: %s: %s", revision, path, error)
            return None
        return known[1]

    def _entry_from(self, plain: Any) -> E:
        entry: E = from_plain(self._kind, plain)
        return entry

    def _path(self, revision: int) -> Path:
        return self._folder / f"{revision}.json"


def _write(path: Path, text: str) -> None:
    """Write a file at one go, so that it is there whole or as it was.

    It is not synced: a crash of ours cannot lose it, and every turn of the loop would wait.
    """
    fresh = path.with_suffix(".new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(os.open(fresh, flags, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _numbers(folder: Path) -> list[int]:
    with disk_faults("reading the history", folder):
        try:
            stems = [path.stem for path in folder.iterdir() if path.suffix == ".json"]
        except FileNotFoundError:
            return []
    return [int(stem) for stem in stems if stem.isascii() and stem.isdecimal()]
