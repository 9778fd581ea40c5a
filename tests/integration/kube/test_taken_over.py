"""A lease that another takes over right before a change: the change is not made.

What helm is asked for is in tests/backends/kubernetes/test_by_chart.py and test_recovering.py.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.backends.kubernetes.test_leasing import BOB, ME, held
from tests.cluster import eventually, kubectl
from tui.backends.kubernetes import deploying, leasing
from tui.backends.kubernetes.applied import Applied, refs_of
from tui.backends.kubernetes.by_manifests import ByManifests
from tui.backends.kubernetes.by_revision import ByRevision
from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.deleting import Deleter
from tui.backends.kubernetes.deploying import Deployer
from tui.backends.kubernetes.documents import Document
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.labels import RELEASE, release_labels
from tui.backends.kubernetes.leasing import leased
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.planning import Ask, once_done
from tui.backends.kubernetes.pulling import pull_secret_object, write_pull_secret
from tui.backends.kubernetes.records import Content, Mark, Record
from tui.backends.kubernetes.restarting import restart
from tui.backends.kubernetes.turns import Hold, Turn
from tui.clients.helm.program import Program
from tui.clients.helm.verbs import Helm
from tui.model.faults import FaultError
from tui.model.images import Image
from tui.model.releases import Release as Released
from tui.ports.telling import Steps

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
NAME = "web"
STEPS = Steps(1, "deploy", lambda event: None)
RELEASED = Released(1, Image("busybox", "latest"), outcome="ready", started=1000.0)


def deployment(text: str) -> Document:
    """Return a Deployment without pods, of which each text is another revision."""
    app = {"app": NAME}
    container = {"name": "web", "image": "busybox", "env": [{"name": "TEXT", "value": text}]}
    template = {"metadata": {"labels": app}, "spec": {"containers": [container]}}
    spec = {"replicas": 0, "selector": {"matchLabels": app}, "template": template}
    return document("apps/v1", "Deployment", NAME, spec=spec)


def config_map(name: str, text: str) -> Document:
    return document("v1", "ConfigMap", name, data={"text": text})


def document(version: str, kind: str, name: str, **more: Any) -> Document:
    metadata = {"name": name, "labels": release_labels(NAME)}
    return Document({"apiVersion": version, "kind": kind, "metadata": metadata} | more)


ALL = (deployment("two"), config_map("settings", "1"), config_map("a", "1"), config_map("b", "1"))


class Release:
    """A release in a fresh namespace, whose lease another takes over when it is told to."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.ledger = Ledger(cluster, NAME)
        self.manifests = ByManifests(cluster, NAME)
        self.refs = refs_of(ALL, cluster.namespace)
        self.record = Record(RELEASED, "manifests", objects=self.refs)

    async def make(self) -> None:
        """Release it, the Deployment twice, and put it on record."""
        nothing = Turn(held, self.intend)
        await self.manifests.deploy([deployment("one")], (), nothing, STEPS)
        await eventually(lambda: self.revisions() == {"1"})
        await self.manifests.deploy(ALL, (), nothing, STEPS)
        await eventually(lambda: self.revisions() == {"1", "2"})
        await self.ledger.add(self.record)

    async def intend(self, *_: object) -> None:
        """Put nothing on record."""

    def revisions(self) -> set[str]:
        kept = self.kubectl("get", "replicasets", "-o", "json")
        return {
            one["metadata"]["annotations"]["deployment.kubernetes.io/revision"]
            for one in json.loads(kept)["items"]
        }

    def there(self) -> dict[str, Any]:
        """Return all that was released, and what is on record of it."""
        kinds = "deployments,configmaps,secrets"
        found = self.kubectl("get", kinds, "-l", f"{RELEASE}={NAME}", "-o", "json")
        return {
            f"{one['kind']} {one['metadata']['name']}": one.get("spec") or one.get("data")
            for one in json.loads(found)["items"]
        }

    def take_over(self) -> None:
        """Have another hold the lease from now on."""
        spec = json.dumps({"spec": {"holderIdentity": BOB}})
        self.kubectl("patch", "lease", f"redraft-{NAME}", "--type=merge", "-p", spec)

    def kubectl(self, *arguments: str) -> str:
        return kubectl("-n", self.cluster.namespace, *arguments)

    def losing(self, hold: Hold, at: int) -> Hold:
        """Return what loses the lease right before it is looked at for the so-manieth time."""
        looks = 0

        async def look() -> None:
            nonlocal looks
            looks += 1
            if looks == at:
                self.take_over()
            await hold()

        return look

    def deployer(self, state: Path) -> Deployer:
        place = self.cluster.place
        helm = Helm(Program(place.context, place.namespace, state / "helm.lock"))
        storage = HelmStorage(self.cluster, helm)
        chronology = Chronology(self.cluster, self.ledger, helm, storage, NAME)
        return Deployer(self.cluster, self.ledger, chronology, NAME, ME)

    def deleter(self) -> Deleter:
        return Deleter(self.cluster, self.ledger, Helm(Program("", "", Path())), NAME, ME)


@pytest.fixture
async def release(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Return a release, of which the lease is looked at before every change."""
    monkeypatch.setattr(leasing, "FRESH", 0.0)
    one = Release(cluster)
    await one.make()
    return one


async def applied(release: Release, turn: Turn) -> None:
    await release.manifests.deploy([config_map("settings", "2")], (), turn, STEPS)


async def forced(release: Release, turn: Turn) -> None:
    """Apply what kubectl has changed meanwhile, which is refused at first."""
    change = json.dumps({"data": {"text": "by hand"}})
    release.kubectl("patch", "configmap", "settings", "--type=merge", "-p", change)
    await applied(release, turn)


async def pruned(release: Release, turn: Turn) -> None:
    await release.manifests.deploy([ALL[1]], [release.record], turn, STEPS)


async def put_back(release: Release, turn: Turn) -> None:
    past = replace(release.record, marks=(Mark("Deployment", NAME, "", 1, "1"),))
    await ByRevision(release.cluster).roll_back(past, turn, STEPS)


async def restarted(release: Release, turn: Turn) -> None:
    await restart(release.cluster, release.refs, "busybox", turn.hold)


async def forgotten(release: Release, turn: Turn) -> None:
    await release.ledger.forget({1}, turn.hold)


async def let_pull(release: Release, turn: Turn) -> None:
    """Write the pull secret of a release."""
    secret = pull_secret_object(NAME, b"{}")
    ask = once_done(partial(write_pull_secret, release.cluster, secret), nothing_more)
    await ask(RELEASED, (), turn)


async def nothing_more(*_: Any) -> Applied:
    return Applied("manifests", Content(), ())


Change = Callable[[Release, Turn], Awaitable[None]]


@pytest.mark.parametrize(
    ("change", "at"),
    [
        (applied, 1),
        (forced, 2),
        (pruned, 2),
        (put_back, 1),
        (restarted, 1),
        (forgotten, 1),
        (let_pull, 1),
    ],
)
async def test_nothing_is_changed_of_what_another_took_over(
    release: Release, change: Change, at: int
) -> None:
    known: list[dict[str, Any]] = []

    async def looked_at() -> None:
        known.append(release.there())
        await losing()

    async with leased(release.cluster, NAME, ME, STEPS.tell) as hold:
        losing = release.losing(hold, at)
        with pytest.raises(FaultError) as raised:
            await change(release, Turn(looked_at, release.intend))
    assert raised.value.fault.code == "lease-lost"
    assert BOB in raised.value.fault.sentence
    assert len(known) == at
    assert release.there() == known[-1]


@pytest.mark.parametrize(("change", "at"), [(pruned, 3), (forgotten, 2)])
async def test_of_several_changes_none_follows_once_another_took_over(
    release: Release, change: Change, at: int
) -> None:
    await release.ledger.complete(release.record, Content())
    before = release.there()
    async with leased(release.cluster, NAME, ME, STEPS.tell) as hold:
        with pytest.raises(FaultError, match="took this release over"):
            await change(release, Turn(release.losing(hold, at), release.intend))
    assert len(release.there()) == len(before) - 1


async def asked(release: Release, planned: Released, records: Any, turn: Turn) -> Applied:
    """Say what is about to be changed, and be taken over then."""
    await turn.intend(release.refs)
    release.take_over()
    return Applied("manifests", Content(({"kind": "ours"},)), release.refs)


async def intended(release: Release, planned: Released, records: Any, turn: Turn) -> Applied:
    release.take_over()
    await turn.intend(release.refs)
    raise AssertionError("it goes on")


@pytest.mark.parametrize("asking", [asked, intended])
async def test_of_a_release_that_another_took_over_it_is_on_record_only_that_it_failed(
    release: Release,
    asking: Callable[..., Awaitable[Applied]],
    tmp_path: Path,
) -> None:
    ask: Ask = partial(asking, release)
    with pytest.raises(FaultError, match="took this release over"):
        await release.deployer(tmp_path).deploy(RELEASED, "manifests", ask, STEPS)
    _, failed = await release.ledger.records()
    assert (failed.release.outcome, failed.release.cause) == ("failed", "lease-lost")
    assert failed.objects == (release.refs if asking is asked else ())
    assert not failed.pieces


@pytest.mark.parametrize("purge", [False, True])
async def test_nothing_is_deleted_of_what_another_took_over(
    release: Release, monkeypatch: pytest.MonkeyPatch, *, purge: bool
) -> None:
    looked = Deleter._ours

    async def taken(deleter: Deleter, *arguments: Any) -> Any:
        found = await looked(deleter, *arguments)
        release.take_over()
        return found

    monkeypatch.setattr(Deleter, "_ours", taken)
    before = release.there()
    with pytest.raises(FaultError, match="took this release over"):
        await release.deleter().delete(STEPS, purge=purge)
    assert release.there() == before


async def test_old_records_are_left_to_whoever_took_over_from_a_release_that_is_whole(
    release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(deploying, "forgettable", lambda records: {1})
    complete = Ledger.complete

    async def completed(ledger: Ledger, *arguments: Any) -> Record:
        whole = await complete(ledger, *arguments)
        release.take_over()
        return whole

    monkeypatch.setattr(Ledger, "complete", completed)
    first, whole = await release.deployer(tmp_path).deploy(
        RELEASED, "manifests", nothing_more, STEPS
    )
    assert await release.ledger.records() == (first, whole)
