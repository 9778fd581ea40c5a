"""What a deletion leaves of the record; what it removes is tested on the cluster."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, REF
from tests.backends.kubernetes.test_leasing import ME, OneLease
from tests.cluster import eventually
from tui.backends.kubernetes import leasing
from tui.backends.kubernetes.deleting import Deleter
from tui.backends.kubernetes.pruning import Pruner
from tui.backends.kubernetes.records import Record, Ref
from tui.model.events import Event
from tui.model.faults import FaultError
from tui.ports.telling import Steps


class OneRecord:
    """A ledger of one release, whose redraft settles it while another deletes it."""

    def __init__(self) -> None:
        self.held = Record(PENDING)

    async def records(self) -> tuple[Record, ...]:
        return (self.held,)

    async def change(self, revision: int, decide: Callable[[Record], Record]) -> None:
        self.held = decide(self.held)

    async def settle(self, *_: Any) -> tuple[()]:
        self.held = replace(self.held, release=replace(PENDING, outcome="ready"))
        return ()


async def test_a_release_that_was_settled_during_its_deletion_keeps_its_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger, settled = OneRecord(), Record(replace(PENDING, outcome="ready"))
    for looked_for in ("_ours", "_claims"):
        monkeypatch.setattr(Deleter, looked_for, ledger.settle)
    deleter = Deleter(cast(Any, OneLease()), cast(Any, ledger), cast(Any, None), "app", ME)
    await deleter.delete(Steps(0, "deploy", lambda event: None), purge=False)
    assert ledger.held == replace(settled, deleted=True)


async def test_what_another_released_since_it_took_over_is_not_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger, cluster = OneRecord(), OneLease()
    told: list[Event] = []
    removed: list[Any] = []

    async def no_claims(*_: Any) -> tuple[()]:
        return ()

    async def ours(*_: Any) -> list[tuple[Ref, dict[str, Any]]]:
        cluster.taken_over("bob@host-2/greeter-2/development/77")
        await eventually(lambda: told, 10)
        return [(REF, {})]

    async def remove(*asked: Any) -> None:
        removed.append(asked)

    monkeypatch.setattr(leasing, "RENEWED_EVERY", 0.01)
    monkeypatch.setattr(Deleter, "_claims", no_claims)
    monkeypatch.setattr(Deleter, "_ours", ours)
    monkeypatch.setattr(Pruner, "remove", remove)
    deleter = Deleter(cast(Any, cluster), cast(Any, ledger), cast(Any, None), "app", ME)
    with pytest.raises(FaultError, match="took this release over"):
        await deleter.delete(Steps(0, "deploy", told.append), purge=False)
    assert not removed
    assert not ledger.held.deleted
