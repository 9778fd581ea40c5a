"""Which pods a chart's hooks run in: those of a migration before the app, or of a test after it.

Hooks are not among what a release consists of. helm stores their names with the release before it
makes them, so it is asked whenever one is seen that nobody knew: it may be another release's.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import suppress

from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import created, field, name, uid
from tui.backends.kubernetes.picture.wanted import Member, Wanted, pods_of
from tui.clients.kube.backoff import pause
from tui.model.faults import FaultError

HOOK = "helm.sh/hook"
KINDS = ("Job", "Pod")
"""Kinds of hooks that run something."""
TRIES = 8
"""Times that helm is asked, within 20 s or so; then they are taken for another release's."""
ReadHooks = Callable[[], Awaitable[Collection[Member]]]
"""Returns kinds and names of the hooks of the newest release; raises FaultError."""


class HookPods:
    """Tells hooks of the release from those of others, and which revision's they are."""

    def __init__(self, read: ReadHooks, changed: Callable[[], None]) -> None:
        """Ask `read`, and call `changed` where by its answer there are more pods."""
        self._read = read
        self._changed = changed
        self._ours: set[Member] = set()
        self._others: set[str] = set()
        self._revisions: dict[str, int] = {}
        self._unknown: dict[str, Member] = {}
        self._seen = asyncio.Event()
        self.known = asyncio.Event()
        """Set while all that was there at the last look is known to be ours or another's."""

    def of(self, objects: Objects, wanted: Wanted) -> list[tuple[RawObject, int]]:
        """Return the pods of hooks that are known, with the revisions they were run for.

        That is 0 for a hook which was there before the newest release, and before it was seen.
        """
        found = list[tuple[RawObject, int]]()
        for kind, hook in hooks_in(objects):
            member, own = (kind, name(hook)), uid(hook)
            if member in self._ours:
                pods = [hook] if kind == "Pod" else pods_of(objects, kind, hook)
                found += ((pod, self._revision(hook, wanted)) for pod in pods)
            elif own not in self._others and own not in self._unknown:
                self._unknown[own] = member
                self._seen.set()
        (self.known.clear if self._unknown else self.known.set)()
        return found

    async def ask(self) -> None:
        """Ask whose the hooks are that were seen and are not known, until cancelled."""
        while True:
            await self._seen.wait()
            self._seen.clear()
            asked = dict(self._unknown)
            ours = await self._read_patiently()
            self._ours |= ours
            self._others |= {own for own, member in asked.items() if member not in ours}
            for own in asked:
                del self._unknown[own]
            self._changed()

    def _revision(self, hook: RawObject, wanted: Wanted) -> int:
        own = uid(hook)
        if created(hook) >= wanted.made:
            self._revisions[own] = wanted.latest
        return self._revisions.get(own, 0)

    async def _read_patiently(self) -> set[Member]:
        """Return the hooks of the release; none where helm does not tell."""
        for failures in range(1, TRIES + 1):
            with suppress(FaultError):
                return set(await self._read())
            await asyncio.sleep(pause(failures))
        return set()


def hooks_in(objects: Objects) -> Iterator[tuple[str, RawObject]]:
    """Yield whatever says that it is a hook, of this release or another."""
    for kind in KINDS:
        for one in objects.of(kind):
            if field(one, "metadata", "annotations", HOOK) is not None:
                yield kind, one
