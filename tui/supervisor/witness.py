"""The witness: knows whether anything has happened since redraft found that nothing is to be done.

redraft first has everything watched that its decision rests on, then decides, then attests: what
question the witness may answer from now on, and with which lines. Folders are watched by inotify,
files elsewhere are looked at when the question comes, and so are the mounts and how the app is. The
kernel's queue is read in the moment of the question too, so that a write which returned before it
is seen. At the first event of any kind the witness forgets everything: it is never asked what
changed, that is for redraft to find out, by looking at the tree. It only ever knows less than that.

While nothing happens nothing is done here. Watching begins and ends in a thread: of many folders
it takes a while.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.model.rollouts import Rollout
from tui.supervisor.doors import mounts_seen, open_door
from tui.supervisor.mounts import all_seen, mounts_of

if TYPE_CHECKING:
    from tui.supervisor.inotify import Inotify

GOOD_FOR = 3600.0
"""Seconds for which a testimony counts: then redraft looks at everything itself again."""
Told = Sequence[Sequence[Any]]
"""Lines, each with the file descriptor that it is for."""
Stamp = tuple[int, ...]


class Watched(NamedTuple):
    """Everything that a decision rests on, as it was when watching it began."""

    inotify: "Inotify"
    tops: tuple[str, ...]
    mounts: tuple[tuple[bytes, ...], ...]
    stamps: Mapping[str, Stamp | None]

    def unchanged(self) -> bool:
        """Whether all of it is as it was."""
        same = self.stamps == {path: stamp_of(path) for path in self.stamps}
        return same and self.mounts == tuple(map(mounts_of, self.tops)) and self.inotify.silent()


class Testimony(NamedTuple):
    """What may be said to which question, while the app is as it was then."""

    question: Mapping[str, Any]
    told: Told
    logged: Sequence[Sequence[Any]]
    """Lines for the log, each with its iteration."""
    health: tuple[Any, ...]
    until: float
    door: Path


class Witness:
    """Watches for one redraft at a time, the last that asked for it."""

    def __init__(
        self, socket: Path, picture: Callable[[], Rollout], say: Callable[[int, str], None]
    ) -> None:
        self._socket = socket
        self._picture = picture
        self._say = say
        self._turn = 0
        self._watched: Watched | None = None
        self._testimony: Testimony | None = None

    async def watch(self, folders: Sequence[str], files: Sequence[str]) -> int:
        """Begin to watch; return the number to attest under, 0 where it is not possible."""
        self.forget()
        self._turn = turn = self._turn + 1
        try:
            watched = await asyncio.to_thread(begin, folders, files)
        except OSError:
            return 0
        if turn != self._turn:
            watched.inotify.close()
            return 0
        self._watched = watched
        asyncio.get_running_loop().add_reader(watched.inotify.descriptor, self.forget)
        return turn

    def attest(
        self,
        turn: int,
        revision: int,
        question: Mapping[str, Any],
        told: Told,
        logged: Sequence[Sequence[Any]],
        door: str,
    ) -> bool:
        """Take the lines to tell while nothing happens; whether nothing has happened already."""
        health = health_of(self._picture())
        if turn != self._turn or not self._still() or health is None or health[0] != revision:
            return False
        if question["mounts"] != mounts_seen():
            return False
        place = self._socket.with_name(os.path.basename(door))  # noqa: PTH119 - a name, no path
        try:
            open_door(str(place), str(self._socket))
        except OSError:
            return False
        until = time.monotonic() + GOOD_FOR
        self._testimony = Testimony(question, told, logged, health, until, place)
        return True

    def answer(self, question: Mapping[str, Any]) -> Told | None:
        """Return the lines to tell if nothing has happened; None for a question not known."""
        said = self._testimony
        if said is None or said.question != question:
            return None
        same = said.health == health_of(self._picture()) and time.monotonic() < said.until
        if not same or not self._still():
            return None
        for iteration, line in said.logged:
            self._say(iteration, line)
        return said.told

    def forget(self) -> None:
        """Watch nothing any more and have nothing to say."""
        if self._testimony is not None:
            self._testimony.door.unlink(missing_ok=True)
        if self._watched is not None:
            loop, inotify = asyncio.get_running_loop(), self._watched.inotify
            loop.remove_reader(inotify.descriptor)
            loop.run_in_executor(None, inotify.close)
        self._testimony = self._watched = None

    def _still(self) -> bool:
        """Whether nothing has happened since watching began; forgets when something has."""
        with contextlib.suppress(OSError):
            if self._watched is not None and self._watched.unchanged():
                return True
        self.forget()
        return False


def begin(folders: Sequence[str], files: Sequence[str]) -> Watched:
    """Begin to watch; raises OSError where that is not possible. Blocking."""
    from tui.supervisor.inotify import Inotify  # ctypes, which no supervisor begins with

    tops = _tops(folders)
    mounts = tuple(map(mounts_of, tops))
    if not all(all_seen(*pair) for pair in zip(mounts, tops, strict=True)):
        raise OSError("changes there cannot be seen from here")
    stamps = {path: stamp_of(path) for path in files}
    inotify = Inotify()
    try:
        inotify.watch(folders)
    except OSError:
        inotify.close()
        raise
    return Watched(inotify, tops, mounts, stamps)


def stamp_of(path: str) -> Stamp | None:
    """Return what the system says of a file, whatever link it is reached by; None without one."""
    try:
        found = os.stat(path)  # noqa: PTH116 - paths come as texts
    except OSError:
        return None
    times = (found.st_mtime_ns, found.st_ctime_ns)
    return (found.st_dev, found.st_ino, found.st_mode, found.st_size, *times)


def health_of(rollout: Rollout) -> tuple[Any, ...] | None:
    """Return the wanted revision and which incarnations of it serve; None unless all are ready."""
    pods = [pod for pod in rollout.pods if pod.revision == rollout.revision]
    if rollout.serving != rollout.revision or not pods or not all(pod.ready for pod in pods):
        return None
    begun = ((pod.name, *(one.started for one in pod.containers)) for pod in pods)
    return (rollout.revision, rollout.url, *begun)


def _tops(folders: Sequence[str]) -> tuple[str, ...]:
    """Return those that lie in none of the others."""
    tops: list[str] = []
    for folder in sorted(folders, key=lambda one: one.split("/")):
        if not tops or not f"{folder}/".startswith(f"{tops[-1].rstrip('/')}/"):
            tops.append(folder)
    return tuple(tops)
