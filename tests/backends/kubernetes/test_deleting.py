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
from tui.clients.helm.releases import HelmRelease, HelmRevision, Hook
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
    monkeypatch.setattr(Deleter, "_left", nothing)
    monkeypatch.setattr(Deleter, "_ours", ours)
    monkeypatch.setattr(Pruner, "remove", remove)
    deleter = Deleter(cast(Any, cluster), cast(Any, ledger), cast(Any, ReadsOnly()), "app", ME)
    with pytest.raises(FaultError, match="took this release over"):
        await deleter.delete(Steps(0, "deploy", lambda event: None), purge=False)
    assert not removed
    assert not ledger.held.deleted


JOB, EARLIER = (
    Ref("batch/v1", "Job", OneLease.namespace, "migrate-2"),
    Ref("batch/v1", "Job", OneLease.namespace, "migrate-1"),
)


class Uninstalling(ReadsOnly):
    """A helm that has hooks, and makes one of them anew when it uninstalls."""

    def __init__(self, live: dict[Ref, dict[str, Any]]) -> None:
        self._live = live

    async def status(self, name: str) -> HelmRelease:
        hooks = (Hook("Job", "migrate-2"), Hook("Pod", "test"), Hook("Secret", "made-before"))
        return HelmRelease(await self.find(name), "", hooks=hooks)

    async def uninstall(self, name: str, *, keep_history: bool) -> None:
        assert keep_history
        self._live[JOB] = live_hook("anew")


def live_hook(uid: str, **annotations: str) -> dict[str, Any]:
    told = {"helm.sh/hook": "pre-install,pre-delete"} | annotations
    return {"metadata": {"uid": uid, "annotations": told}}


async def test_hooks_of_every_release_on_record_are_removed_as_helm_left_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = {JOB: live_hook("old"), EARLIER: live_hook("earlier")}
    removed: dict[Ref, str] = {}

    async def there(_: Pruner, refs: list[Ref]) -> list[tuple[Ref, dict[str, Any]]]:
        return [(ref, live[ref]) for ref in refs if ref in live]

    async def remove(_: Pruner, ref: Ref, one: dict[str, Any]) -> None:
        removed[ref] = one["metadata"]["uid"]

    monkeypatch.setattr(Pruner, "there", there)
    monkeypatch.setattr(Pruner, "remove", remove)
    ledger = OneRecord()
    ledger.held = replace(ledger.held, means="chart", ran=(EARLIER,))
    helm = Uninstalling(live)
    deleter = Deleter(cast(Any, OneLease()), cast(Any, ledger), cast(Any, helm), "app", ME)
    assert [one for one in await deleter.belongings() if one.endswith("a hook")] == [
        "Job migrate-1, a hook",
        "Job migrate-2, a hook",
    ]
    await deleter.delete(Steps(0, "deploy", lambda event: None), purge=False)
    assert removed == {EARLIER: "earlier", JOB: "anew"}
