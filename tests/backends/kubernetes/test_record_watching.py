"""What a watch of the records hands over."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import WHOLE
from tests.cluster import eventually
from tui.backends.kubernetes import record_watching
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.objects import RawObject
from tui.backends.kubernetes.record_watching import watch_records
from tui.backends.kubernetes.records import Record, record_secret
from tui.clients.kube.session import KubeSession
from tui.clients.kube.watching import Removed

MARKED = replace(WHOLE, deleted=True)
BEFORE = replace(WHOLE, release=replace(WHOLE.release, revision=WHOLE.release.revision - 1))
Taken = list[tuple[Record, ...]]


class ScriptedWatch:
    """Has listed and seen removed what it is told."""

    def __init__(
        self, _: Any, __: str, changed: Callable[[], None], ___: Any, removed: Removed
    ) -> None:
        self.now = SimpleNamespace(listed=False, objects={})
        self._changed = changed
        self._removed = removed

    async def see(self, left: Sequence[Record] = (), gone: Sequence[Record] = ()) -> None:
        for record in gone:
            self._removed(secret(record))
        objects = {str(number): secret(record) for number, record in enumerate(left)}
        self.now = SimpleNamespace(listed=True, objects=objects)
        self._changed()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def run(self) -> None:
        await asyncio.Event().wait()


def secret(record: Record) -> RawObject:
    return record_secret("greeter", record)


async def watched(
    monkeypatch: pytest.MonkeyPatch, *seen: tuple[Sequence[Record], Sequence[Record]]
) -> Taken:
    """Return what is handed over where a watch sees this, one after the other."""
    made: list[ScriptedWatch] = []

    def watch(*arguments: Any) -> ScriptedWatch:
        made.append(ScriptedWatch(*arguments))
        return made[-1]

    monkeypatch.setattr(record_watching, "Watch", watch)
    taken: Taken = []
    ledger = Ledger(cast(Cluster, SimpleNamespace(namespace="here")), "greeter")
    watching = asyncio.create_task(watch_records(cast(KubeSession, None), ledger, taken.append))
    try:
        await eventually(lambda: bool(made))
        for left, gone in seen:
            await made[0].see(left, gone)
    finally:
        watching.cancel()
    return taken


async def test_a_purge_is_told_though_its_mark_was_removed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = await watched(monkeypatch, ((WHOLE,), ()), ((), (MARKED,)))
    assert taken == [(WHOLE,), (MARKED,)]


async def test_a_record_that_went_without_a_mark_was_not_deleted_with_its_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = await watched(monkeypatch, ((), ()), ((BEFORE, WHOLE), ()), ((), (BEFORE, WHOLE)))
    assert taken == [(BEFORE, WHOLE)], "its namespace went, or nothing was released yet"
