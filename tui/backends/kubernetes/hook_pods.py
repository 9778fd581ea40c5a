"""Which pods a chart's hooks run in: those of a migration before the app, or of a test after it.

Hooks are not among what a release consists of. helm stores their names with the release before it
makes them, so it is asked whenever one is seen that nobody knew: it may be another release's. It
may remove one as soon as that has ended; its pods are known by it all the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator

from tui.backends.kubernetes.hook_objects import VERSIONS, is_hook_of
from tui.backends.kubernetes.objects import Objects, RawObject
from tui.backends.kubernetes.picture.reading import created, name, uid
from tui.backends.kubernetes.picture.wanted import Member, Wanted, controller
from tui.clients.kube.backoff import pause
from tui.model.faults import FaultError

TRIES = 6
"""How often in a row helm does not tell before that is told, and it is asked more rarely.

That takes about five seconds.
"""
RARELY = 30.0
"""Seconds between two tries then: each starts a process."""
ReadHooks = Callable[[], Awaitable[Collection[Member]]]
"""Returns kinds and names of the hooks of the newest release; raises FaultError."""


class HookPods:
    """Tells hooks of the release from those of others, and which revision's they are."""

    def __init__(
        self,
        release: str,
        read: ReadHooks,
        changed: Callable[[], None],
        note: Callable[[str], None],
    ) -> None:
        """Ask `read`; call `changed` after each answer, and `note` where logs will be missing."""
        self._release = release
        self._read = read
        self._changed = changed
        self._note = note
        self._objects = Objects()
        self._names: set[Member] = set()
        self._ours: set[str] = set()
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
        self._objects = objects
        for kind, hook in self._hooks(objects):
            own, member = uid(hook), (kind, name(hook))
            if wanted.latest and created(hook) >= wanted.made:
                self._revisions[own] = wanted.latest
            if member in self._names:
                self._ours.add(own)
            elif not (own in self._others or own in self._unknown):
                self._unknown[own] = member
                self._seen.set()
        (self.known.clear if self._unknown else self.known.set)()
        return [(pod, self._revisions.get(own, 0)) for own, pod in self._pods_of(self._ours)]

    async def ask(self) -> None:
        """Ask whose the hooks are that were seen and are not known, until cancelled."""
        while True:
            await self._seen.wait()
            self._seen.clear()
            asked = dict(self._unknown)
            self._names |= await self._read_patiently()
            for own, member in asked.items():
                del self._unknown[own]
                if member in self._names:
                    self._take(own, member)
                else:
                    self._others.add(own)
            self._changed()

    def _take(self, own: str, member: Member) -> None:
        """Take a hook for the release's, and say so where it has gone meanwhile."""
        self._ours.add(own)
        there = any(uid(hook) == own for _, hook in self._hooks(self._objects))
        if not there and not list(self._pods_of({own})):
            kind, named = member
            self._note(f"the log of {kind} {named}, a hook, is missing: it was removed too soon")

    def _hooks(self, objects: Objects) -> Iterator[tuple[str, RawObject]]:
        """Yield what says that it is a hook; a hook's pod may have been given the same words."""
        for kind in VERSIONS:
            for one in objects.of(kind):
                if is_hook_of(one, self._release) and not controller(one):
                    yield kind, one

    def _pods_of(self, hooks: set[str]) -> Iterator[tuple[str, RawObject]]:
        """Yield the pods of these hooks, each with the uid of its hook."""
        for pod in self._objects.of("Pod") if hooks else ():
            for own in (uid(pod), controller(pod)):
                if own in hooks:
                    yield own, pod

    async def _read_patiently(self) -> set[Member]:
        """Return the hooks of the release, once helm tells; none where there is no helm."""
        failures = 0
        while True:
            try:
                return set(await self._read())
            except FaultError as error:
                fault = error.fault
            if fault.code == "helm-missing":
                return set()
            failures += 1
            if failures == TRIES:
                self._note(f"logs of the chart's hooks cannot be read: {fault.sentence}")
            await asyncio.sleep(pause(failures) if failures < TRIES else RARELY)
