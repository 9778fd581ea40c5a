"""Watching a list of the API: level-triggered, never polled, never at an end.

A watch lists, then follows from the list's resourceVersion on; bookmarks keep that version young.
The server ends each watch after some minutes and the next one goes on where it ended. When the
server has forgotten the version (410 Gone: its watch cache began anew) or the cluster's state was
put back, the list is read again and replaces what is known. A broken connection loses nothing: the
state says since when it is stale, and the watch goes on from the last version.
https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes

One task runs each watch; whoever reads `now` does so on the same loop, so no lock is needed.
"""

import asyncio
import contextlib
import json
import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any, NoReturn

import aiohttp

from tui.clients.kube.asking import asked
from tui.clients.kube.backoff import pause
from tui.clients.kube.faults import unreadable
from tui.clients.kube.session import KubeSession
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen

log = logging.getLogger("redraft.kubernetes")
PAGE = 100
"""Objects listed at once.

Decoding holds the interpreter, in a thread as well: 250 pods of 6 kB took 60 ms on a busy machine,
which would be seen on the screen.
"""
OPENING = 60.0
"""Seconds within which a server must begin to answer a watch; it does so before there is news."""
LASTING = (240, 480)
"""Seconds after which the server is asked to end a watch, at random between these."""
GRACE = 30
"""Seconds after that in which it should have done so; then the connection counts as dead."""
NOT_FOR_US = frozenset({"api-forbidden", "api-not-found"})
"""Faults that no waiting heals by itself."""
RARELY = 30.0
"""Seconds between two tries of what is not for us; that a right was granted is noticed sooner."""

RawObject = Mapping[str, Any]


class Gone(Exception):  # noqa: N818 - the API's own word for it
    """The server has forgotten the resourceVersion."""


@frozen
class Watched:
    """What is known of one list."""

    objects: Mapping[str, RawObject] = field(default_factory=dict)
    """By uid."""
    listed: bool = False
    """Whether `objects` was ever true."""
    lost_since: float = 0.0
    """Unix time since when the API is out of reach; 0 while the watch is connected."""
    fault: Fault | None = None
    """Why there is nothing to be had, or why it was lost."""


Removed = Callable[[RawObject], None]
"""Takes an object's last state once it is deleted."""


class Store:
    """The objects of one list and the version up to which they are known."""

    def __init__(self) -> None:
        self.version = ""
        self.objects: dict[str, RawObject] = {}

    def replace(self, items: Iterable[RawObject], version: str) -> None:
        """Take a whole list."""
        self.objects = {item["metadata"]["uid"]: item for item in items}
        self.version = version

    def apply(self, event: Mapping[str, Any]) -> bool:
        """Take one watch event; return whether the objects changed.

        Raises `Gone` for an ERROR event: whatever it says, a list makes it good.
        """
        kind, body = event["type"], event["object"]
        if kind == "ERROR":
            raise Gone(str(body.get("message", "")))
        self.version = body["metadata"]["resourceVersion"]
        if kind == "BOOKMARK":
            return False
        uid = body["metadata"]["uid"]
        if kind == "DELETED":
            return self.objects.pop(uid, None) is not None
        self.objects[uid] = body
        return True


class Watch:
    """Watches one list of the API, such as the pods of a namespace."""

    def __init__(
        self,
        session: KubeSession,
        path: str,
        changed: Callable[[], None],
        query: Mapping[str, str] | None = None,
        removed: Removed | None = None,
    ) -> None:
        self.now = Watched()
        """What is known now; replaced at each change, after which `changed` is called."""
        self._session = session
        self._path = path
        self._changed = changed
        self._query = dict(query or {})
        self._store = Store()
        self._removed = removed
        self._failures = 0
        self._again = asyncio.Event()

    def look_again(self) -> None:
        """Try what is not for us at once: the right to it may have been granted."""
        self._again.set()

    async def run(self) -> NoReturn:
        """Watch until cancelled; failures become part of `now`."""
        while True:
            try:
                if not self._store.version:
                    await self._list()
                await self._follow()
                await asyncio.sleep(pause(1))
            except Gone as gone:
                log.info("%s is listed anew: %s", self._path, gone)
                self._store.version = ""
                await asyncio.sleep(pause(1))
            except FaultError as error:
                self._lose(error.fault)
                await self._rest(error.fault)

    async def _list(self) -> None:
        """Read the list page by page; its pages are of one moment."""
        items: list[RawObject] = []
        query = {**self._query, "limit": str(PAGE)}
        while True:
            page = await self._page(query)
            items.extend(_typed(page))
            if not (token := page["metadata"].get("continue")):
                break
            query["continue"] = token
        self._store.replace(items, page["metadata"]["resourceVersion"])
        self._tell()

    async def _page(self, query: Mapping[str, str]) -> dict[str, Any]:
        try:
            return await self._session.get(self._path, query)
        except FaultError as error:
            if error.fault.code == "api-gone":  # the pages became too old while they were read
                raise Gone(*error.fault.evidence) from error
            raise

    async def _follow(self) -> None:
        """Follow one watch to its end, which the next one continues after a short pause."""
        seconds = random.randint(*LASTING)
        query = {
            **self._query,
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._store.version,
            "timeoutSeconds": str(seconds),
        }
        async with self._session.stream(self._path, query, OPENING) as content:
            if self.now.lost_since:
                self._tell()
            async with asyncio.timeout(seconds + GRACE):
                await self._read(content)

    async def _read(self, content: aiohttp.StreamReader) -> None:
        """Take events as they come; those that came together are told together."""
        rest = b""
        while chunk := await content.readany():
            *lines, rest = (rest + chunk).split(b"\n")
            changes = [self._apply(line) for line in lines if line]
            self._failures = 0
            if any(changes):
                self._tell()

    def _apply(self, line: bytes) -> bool:
        try:
            event = json.loads(line)
            changed = self._store.apply(event)
        except (ValueError, LookupError, TypeError) as error:
            raise FaultError(unreadable(self._session.server, line)) from error
        if self._removed is not None and event["type"] == "DELETED":
            self._removed(event["object"])
        return changed

    def _tell(self) -> None:
        self.now = Watched(dict(self._store.objects), listed=True)
        self._changed()

    def _lose(self, fault: Fault) -> None:
        """Keep what is known, say that it is stale, and list again unless only the way broke."""
        if fault.code != "api-unreachable":
            self._store.version = ""
        self._failures += 1
        lost_since = self.now.lost_since or time.time()
        if (self.now.lost_since, self.now.fault) != (lost_since, fault):
            self.now = replace(self.now, lost_since=lost_since, fault=fault)
            self._changed()

    async def _rest(self, fault: Fault) -> None:
        if fault.code not in NOT_FOR_US:
            await asyncio.sleep(pause(self._failures))
            return
        self._again.clear()
        with self._told_if_granted(fault), contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RARELY):
                await self._again.wait()

    def _told_if_granted(self, fault: Fault) -> contextlib.AbstractContextManager[None]:
        if fault.code != "api-forbidden":
            return contextlib.nullcontext()
        namespace = asked("GET", self._path).namespace
        return self._session.grants(namespace).told(self, self.look_again)


def _typed(page: Mapping[str, Any]) -> list[RawObject]:
    """Return a list's items with kind and apiVersion, which the API leaves out of lists."""
    kind = str(page["kind"]).removesuffix("List")
    version = page["apiVersion"]
    return [{"apiVersion": version, "kind": kind, **item} for item in page.get("items") or ()]
