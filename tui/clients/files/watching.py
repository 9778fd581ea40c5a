"""Watching the project: file events, gathered until the files come to rest.

watchfiles tells of events up to two of its steps late; a group ends when nothing that counts
happened for the quiet period, or at the latest after the longest wait, so that a steady writer
cannot put off the loop for ever. The quiet period begins with the change itself, not with the word
of it, and before a group ends its files are looked at for what was not told yet. A group is told
before its end as well, to whoever can use the time. Ignored files neither begin nor prolong a group
that counts. What was saved after a watcher was made and before events came is found by the times of
the files. A folder that is moved away, or replaced by another of its name, takes the events with
it: then watching ends with a fault, and may be begun again once there is a folder. So it does with
a file or folder that cannot be read, until it can be. Where the system gives no native events (its
limit on watches is reached, or the file system has none) files are polled, and `reason` says so.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.clients.files.beside import counting_paths, ignored_by, may_count, paths_beside
from tui.clients.files.git_ignores import unchanged
from tui.clients.files.grouping import present_group
from tui.clients.files.ignoring import IGNORE_FILES, IgnoreRules, load_rules
from tui.clients.files.looking import Looks, changed_at
from tui.clients.files.losing import Identity, broken, gone, identity, readable, why_polling
from tui.clients.files.moved_folders import files_below, folders_of, is_folder, known_below
from tui.model.changes import Change, WatchMode
from tui.model.faults import FaultError
from tui.ports.watching import Group

if TYPE_CHECKING:
    from watchfiles import Change as Kind

STEP = 0.025
"""Seconds between two looks of watchfiles at what came in: each costs, though nothing happens."""
WORTH_TELLING = 0.02
"""Seconds that must be left of a quiet period for something to be done in them."""
LATENESS = 2 * STEP
"""Seconds after which watchfiles tells of a change at the latest: two of its steps."""
POLL = 500
LONGEST_WAIT = 1.6
LOOKED_AT = 200
"""Files of a group that are looked at again before it ends; more are no single save."""
COARSE = 0.01
"""Seconds by which a file system's clock may be behind."""
LOOK = 2.0
"""Seconds between two looks whether the folder is there: one above it tells of no move."""
UNSURE = 1.5 * LOOK
"""Seconds before a loss was noticed in which changes may have gone untold."""
T = TypeVar("T")
Paths = set[str]


class FileWatcher:
    """Watches one project; implements `tui.ports.watching.Watcher`."""

    def __init__(self, project: Path, quiet: float, own_outputs: Collection[Path] = ()) -> None:
        self.mode: WatchMode = "native"
        self.reason = ""
        self._project = project.resolve()
        self.quiet = quiet
        self.beside: tuple[str, ...] = ()
        self._heeded: tuple[str, ...] = ()
        self._own = tuple(f"{path.resolve()}{os.sep}" for path in own_outputs)
        self._rules = IgnoreRules((), "")
        self._known: set[str] = set()
        self._since = time.time() - COARSE
        self._folders: set[str] = set()
        self._begun = False
        self._folder = Identity()
        self._lost = False
        self._unread = False

    async def changes(self) -> AsyncGenerator[Group, None]:
        """Yield what changed before and after each quiet period; raises FaultError."""
        arrived: asyncio.Queue[Paths | FaultError] = asyncio.Queue()
        before, self._folder = self._folder, identity(self._project)
        self._begun = self._lost = self._unread = False
        self.mode, self.reason = "native", ""
        reading = asyncio.create_task(self._read(arrived))
        noticing = asyncio.create_task(self._notice_loss(arrived))
        try:
            _taken(await arrived.get())  # nothing: events come from now on
            another = bool(before) and before != self._folder
            if missed := await self._reading(partial(self._load, another=another)):
                arrived.put_nowait(missed)
            yield Group((), at_rest=True)
            while True:
                if self.beside != self._heeded:
                    await self._reading(self._heed)
                async with aclosing(self._group(arrived)) as growing:
                    async for group in growing:
                        yield group
        finally:
            self._since = time.time() - UNSURE
            reading.cancel()
            noticing.cancel()
            await asyncio.gather(reading, noticing, return_exceptions=True)

    async def possible(self) -> None:
        """Wait until there is a folder again that can be read.

        For ever where neither was what ended it.
        """
        while not await asyncio.to_thread(self._is_possible):  # noqa: ASYNC110 - nothing would tell
            await asyncio.sleep(LOOK)

    def _is_possible(self) -> bool:
        if self._lost:
            return self._project.is_dir()
        return self._unread and readable(self._project)

    async def _reading(self, read: Callable[[], T]) -> T:
        """Read the project in a thread; raises FaultError for what cannot be read."""
        self._unread = True
        answer = await asyncio.to_thread(read)
        self._unread = False
        return answer

    async def _notice_loss(self, arrived: "asyncio.Queue[Paths | FaultError]") -> None:
        """Notice that the folder is gone when no event says so."""
        try:
            while True:
                await asyncio.sleep(LOOK)
                self._raise_if_gone()
        except FaultError as error:
            arrived.put_nowait(error)

    async def _group(
        self, arrived: "asyncio.Queue[Paths | FaultError]"
    ) -> AsyncGenerator[Group, None]:
        """Gather paths until they come to rest; raises FaultError when watching ended."""
        loop = asyncio.get_running_loop()
        news, group = self._look(_taken(await arrived.get())), Looks()
        began, quiet = loop.time(), self.quiet
        latest = began + max(LONGEST_WAIT, 4 * quiet)
        rested, told = began - self._age(news), False
        while news and loop.time() < latest:
            group |= news
            counting = {p: at for p, at in news.items() if not self._ignored_by(p)}
            if counting:
                rested = max(rested, loop.time() - self._age(counting))
            until = min(rested + quiet, latest)
            if counting and (told := until - loop.time() > WORTH_TELLING):
                changes = await self._reading(partial(self._present, set(group)))
                yield Group(changes, at_rest=False)
            news = await self._news(arrived, until) or self._changed_since(group)
        changes = await self._reading(partial(self._present, {*group, *news}, at_rest=True))
        yield Group(changes, at_rest=True, told=told and not news)

    async def _news(self, arrived: "asyncio.Queue[Paths | FaultError]", until: float) -> Looks:
        """Return what is told next; nothing at that time of the loop's clock."""
        try:
            async with asyncio.timeout_at(until):
                return self._look(_taken(await arrived.get()))
        except TimeoutError:
            return {}

    def _look(self, paths: Iterable[str]) -> Looks:
        return {path: changed_at(self._project, path) for path in paths}

    def _changed_since(self, before: Looks) -> Looks:
        """Return the files of a group that changed once more, though nobody has told it yet."""
        now = self._look(islice(before, LOOKED_AT))
        return {path: at for path, at in now.items() if at != before[path]}

    def _age(self, looks: Looks) -> float:
        """Return for how many seconds none of these files has changed, as far as it is certain."""
        newest = max(at or time.time() for at in looks.values())
        return min(max(time.time() - newest, 0.0), LATENESS)

    async def _read(self, arrived: "asyncio.Queue[Paths | FaultError]") -> None:
        """Put events into the queue, by polling where native events fail."""
        try:
            await self._follow_somehow(arrived.put_nowait)
        except FaultError as error:
            arrived.put_nowait(error)
        except Exception as error:  # noqa: BLE001 - must reach whoever waits, whatever it is
            arrived.put_nowait(FaultError(broken(error)))

    async def _follow_somehow(self, put: Callable[[Paths], None]) -> None:
        """Follow native events, by polling where there are none.

        Passing over forbidden folders makes watchfiles pass over the limit on watches as well, in
        silence. So that is asked for only when a folder did turn out to be forbidden.
        """
        from watchfiles._rust_notify import WatchfilesRustInternalError

        try:
            await self._follow(put)
        except PermissionError:
            await self._follow(put, forbidden=True)
        except (WatchfilesRustInternalError, OSError) as error:
            self._raise_if_gone()
            self.mode, self.reason = "polling", why_polling(str(error))
            await self._follow(put, forbidden=True, polling=True)

    async def _follow(
        self, put: Callable[[Paths], None], *, forbidden: bool = False, polling: bool = False
    ) -> None:
        from watchfiles import awatch

        watched = awatch(
            self._project,
            watch_filter=self._concerns,
            step=round(1000 * STEP),
            debounce=round(1000 * LATENESS),
            rust_timeout=0,  # it would only wake the loop to begin anew
            force_polling=polling,
            poll_delay_ms=POLL,
            ignore_permission_denied=forbidden,
        )
        async with aclosing(watched):
            first = asyncio.create_task(anext(watched))
            await asyncio.sleep(0)  # it begins to watch before it waits for the first time
            if not first.done() and not self._begun:
                self._begun = True
                put(set())
            events = await first
            while True:
                self._raise_if_gone()
                put(await self._told(events))
                events = await anext(watched)

    async def _told(self, events: "set[tuple[Kind, str]]") -> Paths:
        """Return the paths that events tell of, with the files of folders that came or went."""
        paths = {self._relative(path) for _, path in events}
        moved = {self._relative(path) for kind, path in events if kind.name != "modified"}
        came = {path for path in moved if is_folder(self._project / path)}
        if not came and moved.isdisjoint(self._folders):
            return paths
        return paths | await asyncio.to_thread(self._moved, came, moved & self._folders)

    def _moved(self, came: Paths, went: Paths) -> Paths:
        """Return the files in folders that came, and those that were in folders that went."""
        counts = partial(may_count, beside=self.beside, rules=self._rules)
        there = files_below(self._project, came, counts)
        return {*there, *known_below(self._known, went)}

    def _concerns(self, kind: "Kind", path: str) -> bool:
        """Whether an event is worth waking for; called on watchfiles' own thread."""
        if self._own and path.startswith(self._own):
            return False
        relative = self._relative(path)
        if relative in {"", "."}:
            self._lost = self._lost or kind.name == "deleted"  # moved away as well
            return self._lost
        return not relative.startswith((".git/", ".draft/")) and relative != ".git"

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._project).replace(os.sep, "/")

    def _raise_if_gone(self) -> None:
        if self._lost or not self._folder or identity(self._project) != self._folder:
            self._lost = True
            raise FaultError(gone(self._project))

    def _load(self, *, another: bool) -> Paths:
        """Read the rules, and return what was changed while nobody watched; all of another folder.

        `_known` stays as it was where it was known before: so what came and went meanwhile is told.
        """
        self._rules, self._heeded = load_rules(self._project), self.beside
        before, now = self._known, counting_paths(self._project, self.beside, self._rules)
        self._known = before or now
        self._folders = folders_of(self._known)
        moved = now if another else {p for p in now if changed_at(self._project, p) >= self._since}
        return moved | (self._known ^ now)

    def _heed(self) -> None:
        """Know what has come to be deployed beside the image as if it had been all along."""
        self._heeded = self.beside
        self._known |= set(paths_beside(self._project, self._heeded, self._rules))
        self._folders = folders_of(self._known)

    def _present(self, group: set[str], *, at_rest: bool = False) -> tuple[Change, ...]:
        """Return what changed; new ignore rules hold for it already."""
        told = any(path.rpartition("/")[2].endswith(tuple(IGNORE_FILES)) for path in group)
        if told or not unchanged(self._rules.elsewhere):
            self._rules = load_rules(self._project)
        there = {path: at for path, at in self._look(group).items() if at}
        rules = {path: rule for path in group if (rule := self._ignored_by(path))}
        outside = {path for path in group if self._rules.out_of_context(path)}
        changes = present_group(group, self._known, there, rules, outside)
        if at_rest:
            self._known = (self._known - group) | there.keys()
            self._folders |= folders_of(there)
        return changes

    def _ignored_by(self, path: str) -> str:
        return ignored_by(path, self.beside, self._rules)


def _taken(arrived: Paths | FaultError) -> Paths:
    if isinstance(arrived, FaultError):
        raise arrived
    return arrived
