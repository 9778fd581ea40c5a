"""What a deletion leaves of the record; what it removes is tested on the cluster."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING
from tests.backends.kubernetes.test_leasing import ME, OneLease
from tui.backends.kubernetes.deleting import Deleter
from tui.backends.kubernetes.records import Record
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
