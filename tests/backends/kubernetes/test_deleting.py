"""What a deletion leaves of the record; what it removes is tested on the cluster."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, REF
from tests.backends.kubernetes.test_leasing import BOB, ME, OneLease
from tui.backends.kubernetes import leasing
from tui.backends.kubernetes.deleting import Deleter
from tui.backends.kubernetes.pruning import Pruner
from tui.backends.kubernetes.records import Means, Record, Ref
from tui.clients.helm.releases import HelmRelease, HelmRevision
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


class ReadsOnly:
    """A helm that has a release, and is asked for nothing but that."""

    async def find(self, name: str) -> HelmRevision:
        return HelmRevision(1, "deployed")

    async def status(self, name: str) -> HelmRelease:
        return HelmRelease(await self.find(name), "")


@pytest.mark.parametrize("found", [(), ((REF, {}),)])
@pytest.mark.parametrize("means", ["manifests", "chart"])
async def test_what_another_released_since_it_took_over_is_not_deleted(
    monkeypatch: pytest.MonkeyPatch, found: tuple[tuple[Ref, dict[str, Any]], ...], means: Means
) -> None:
    ledger, cluster = OneRecord(), OneLease()
    ledger.held = replace(ledger.held, means=means)
    removed: list[Any] = []

    async def nothing(*_: Any) -> tuple[()]:
        cluster.taken_over(BOB)
        return ()

    async def ours(*_: Any) -> tuple[tuple[Ref, dict[str, Any]], ...]:
        return found

    async def remove(*asked: Any) -> None:
        removed.append(asked)

    monkeypatch.setattr(leasing, "FRESH", 0.0)
    monkeypatch.setattr(Deleter, "_claims", nothing)
    monkeypatch.setattr(Deleter, "_hooks", nothing)
    monkeypatch.setattr(Deleter, "_ours", ours)
    monkeypatch.setattr(Pruner, "remove", remove)
    deleter = Deleter(cast(Any, cluster), cast(Any, ledger), cast(Any, ReadsOnly()), "app", ME)
    with pytest.raises(FaultError, match="took this release over"):
        await deleter.delete(Steps(0, "deploy", lambda event: None), purge=False)
    assert not removed
    assert not ledger.held.deleted
