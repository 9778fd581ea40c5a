"""What a watch of the records hands over, and what stands then."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import WHOLE
from tests.cluster import eventually
from tui.backends.kubernetes import record_watching
from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.observing import Observer
from tui.backends.kubernetes.picture.wanted import Wanted
from tui.backends.kubernetes.record_watching import watch_records
from tui.backends.kubernetes.records import Record
from tui.backends.kubernetes.standing import Standing
from tui.clients.kube.session import KubeSession

LEDGER = cast(Ledger, SimpleNamespace(path="", query={}, read=tuple))


class ScriptedWatch:
    """Has listed what it is told."""

    def __init__(self, _: Any, __: str, changed: Callable[[], None], ___: Any) -> None:
        self.now = SimpleNamespace(listed=False, objects={})
        self._changed = changed

    def see(self, *records: Record) -> None:
        self.now = SimpleNamespace(listed=True, objects=dict(enumerate(records)))
        self._changed()

    async def run(self) -> None:
        await asyncio.Event().wait()


async def test_records_that_are_gone_are_told_though_their_mark_was_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[ScriptedWatch] = []

    def watch(*arguments: Any) -> ScriptedWatch:
        made.append(ScriptedWatch(*arguments))
        return made[-1]

    monkeypatch.setattr(record_watching, "Watch", watch)
    taken: list[tuple[Record, ...]] = []
    session = cast(KubeSession, None)
    watching = asyncio.create_task(watch_records(session, LEDGER, taken.append))
    try:
        await eventually(lambda: bool(made))
        for records in ((), (WHOLE,), ()):
            made[0].see(*records)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    finally:
        watching.cancel()
    assert taken == [(WHOLE,), ()], "before the first release there is nothing to tell"


def test_where_no_record_is_left_the_environment_was_deleted() -> None:
    told: list[Wanted] = []
    standing = Standing(cast(Cluster, None), cast(Chronology, None))
    objects = SimpleNamespace(of=lambda kind: ())
    standing._observer = cast(Observer, SimpleNamespace(want=told.append, objects=objects))
    standing.release((WHOLE,))
    standing._take(())
    assert [one.revision for one in told] == [WHOLE.release.revision, 0]
    assert [one.deleted for one in told] == [False, True]
