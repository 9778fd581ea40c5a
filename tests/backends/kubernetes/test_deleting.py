"""What a deletion leaves of the record; what it removes is tested on the cluster."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.backends.kubernetes.test_deploying import PENDING, REF
from tests.backends.kubernetes.test_leasing import BOB, ME, OneLease
from tui.backends.kubernetes import leasing
from tui.backends.kubernetes.deleting import Deleter, hook_refs, is_hook
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
    monkeypatch.setattr(Deleter, "_hooks", nothing)
    monkeypatch.setattr(Deleter, "_ours", ours)
    monkeypatch.setattr(Pruner, "remove", remove)
    deleter = Deleter(cast(Any, cluster), cast(Any, ledger), cast(Any, ReadsOnly()), "app", ME)
    with pytest.raises(FaultError, match="took this release over"):
        await deleter.delete(Steps(0, "deploy", lambda event: None), purge=False)
    assert not removed
    assert not ledger.held.deleted


def hook(version: str, kind: str, name: str, namespace: str = "") -> Hook:
    place = f", namespace: {namespace}" if namespace else ""
    metadata = f"{{name: {name}{place}}}"
    return Hook(kind, name, f"apiVersion: {version}\nkind: {kind}\nmetadata: {metadata}\n")


def test_of_hooks_all_is_looked_for_but_what_takes_data_with_it() -> None:
    hooks = [
        hook("batch/v1", "Job", "migrate"),
        hook("v1", "Pod", "test", "elsewhere"),
        hook("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.com"),
        hook("v1", "PersistentVolumeClaim", "data"),
        hook("v1", "Namespace", "elsewhere"),
        Hook("Job", "", "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n"),
        hook("batch/v1", "Job", "migrate"),
    ]
    job, pod = Ref("batch/v1", "Job", "team", "migrate"), Ref("v1", "Pod", "elsewhere", "test")
    assert hook_refs(hooks, "team") == (job, pod)


@pytest.mark.parametrize(
    ("annotations", "ours"),
    [
        ({"helm.sh/hook": "pre-install"}, True),
        ({"helm.sh/hook": "pre-install", "helm.sh/resource-policy": "keep"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_what_is_no_hook_or_says_that_it_is_to_be_kept_stays(
    annotations: dict[str, str] | None, ours: bool
) -> None:
    assert is_hook({"metadata": {"annotations": annotations}}) is ours
