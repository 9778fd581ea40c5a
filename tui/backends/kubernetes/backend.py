"""The Kubernetes backend: images from docker's engine, releases by helm or server-side apply.

Everything that must outlive redraft is in the cluster: the release, its record and the lease under
which it was made. The state folder holds what belongs to this machine: the pin, helm's lock, and
the builder's memory. This object only delegates.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from functools import partial
from pathlib import Path

from tui.backends.differing import settings_difference
from tui.backends.images.builder import ImageBuilder
from tui.backends.images.loader import ImageLoader
from tui.backends.images.pusher import ImagePusher
from tui.backends.kubernetes.by_chart import ByChart
from tui.backends.kubernetes.by_manifests import ByManifests
from tui.backends.kubernetes.by_revision import ByRevision
from tui.backends.kubernetes.checking import check_cluster
from tui.backends.kubernetes.chronology import Chronology
from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.configuration import release_spec
from tui.backends.kubernetes.deleting import Deleter
from tui.backends.kubernetes.deploying import Deployer
from tui.backends.kubernetes.differing import objects_difference
from tui.backends.kubernetes.dry_running import DryRuns
from tui.backends.kubernetes.helm_storage import HelmStorage
from tui.backends.kubernetes.hooks import Hooks
from tui.backends.kubernetes.imaging import Imaging
from tui.backends.kubernetes.leasing import Holder
from tui.backends.kubernetes.ledger import Ledger
from tui.backends.kubernetes.namespaces import ensure_namespace
from tui.backends.kubernetes.pinning import write_pin
from tui.backends.kubernetes.planning import Ask, Planner, once_done
from tui.backends.kubernetes.pulling import read_pull_secret, write_pull_secret
from tui.backends.kubernetes.reaching import Reach
from tui.backends.kubernetes.records import Means, Record
from tui.backends.kubernetes.recovering import Recovery
from tui.backends.kubernetes.secret_values import values_held
from tui.backends.kubernetes.standing import Standing
from tui.backends.masking import masked_files
from tui.backends.syncing import sync_into
from tui.clients.docker.engine import Engine
from tui.clients.helm.program import Program
from tui.clients.helm.verbs import Helm
from tui.model import events as e
from tui.model.connections import Connection
from tui.model.images import Image, ReleaseDifference
from tui.model.loglines import LogBatch
from tui.model.places import Place
from tui.model.releases import UNREADABLE, Release
from tui.model.rollouts import Pod, Rollout
from tui.model.synced import Incarnation
from tui.model.syncing import SyncFile
from tui.ports.backend import Build, Checked, DiskUse, LoadEnvironment, Tell
from tui.ports.capabilities import Terminal
from tui.ports.running import CommandEnd, TellLines
from tui.ports.telling import Steps


class KubernetesBackend:
    """Runs an environment in a namespace of a cluster."""

    def __init__(
        self, project: Path, state: Path, load: LoadEnvironment, place: Place, holder: Holder
    ) -> None:
        self._project, self._state, self._load = project, state, load
        self._environment = load()
        self._records: tuple[Record, ...] = ()
        name = self._environment.name
        cluster = self._cluster = Cluster(place)
        engine = Engine()
        builder = ImageBuilder(project, state, engine)
        loader = ImageLoader(project, engine)
        self._imaging = Imaging(engine, builder, ImagePusher(engine), loader, cluster)
        self._ledger = Ledger(cluster, name)
        helm = self._helm = Helm(Program(place.context, place.namespace, state / "helm.lock"))
        storage = HelmStorage(cluster, helm)
        hooks = Hooks(cluster, helm, storage, name)
        dry_runs = DryRuns(helm, name, place.namespace, self._ledger.content)
        self._planner = Planner(
            project,
            self._ledger,
            ByChart(
                helm,
                Recovery(helm, storage, state),
                name,
                place.namespace,
                dry_runs,
                hooks,
            ),
            ByManifests(cluster, name),
            ByRevision(cluster),
        )
        self._chronology = Chronology(cluster, self._ledger, helm, storage, name)
        self._standing = Standing(cluster, self._chronology, hooks)
        self._deployer = Deployer(cluster, self._ledger, self._chronology, name, holder)
        self._deleter = Deleter(cluster, self._ledger, helm, name, holder)
        self._reach = Reach(cluster, self._standing)

    @property
    def capabilities(self) -> frozenset[str]:
        """What it offers beyond the verbs."""
        return frozenset({"connect", "exec", "purge", "push", "shell", "sync"})

    @property
    def place(self) -> Place:
        """The pinned context and namespace."""
        return self._cluster.place

    async def check(self) -> tuple[Checked, ...]:
        """Look whether everything the verbs need is within reach."""
        environment, objects = self._environment, partial(self._planner.objects, self._environment)
        return await check_cluster(self._cluster, self._imaging, self._helm, environment, objects)

    async def build(self, iteration: int, tell: Tell) -> Build:
        """Build the image of the present tree."""
        environment = self._environment = await asyncio.to_thread(self._load)
        spec = await asyncio.to_thread(release_spec, self._project, environment)
        steps = Steps(iteration, "build", tell)
        with self._planner.beside_build(environment, spec, self._records):
            return Build(await self._imaging.builder.build(environment, steps), spec)

    async def let_go(self) -> None:
        """End what a cancelled build left going for the next one."""
        await self._imaging.builder.let_go()

    async def push(self, iteration: int, build: Build, tell: Tell) -> Build:
        """Bring the image where the cluster finds it."""
        steps = Steps(iteration, "push", tell)
        return Build(await self._imaging.bring(build.image, self._environment, steps), build.spec)

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        """Ask the cluster for the release, and record it there."""
        steps = Steps(iteration, "deploy", tell)
        await self._prepare(tell)
        ask = await self._ask(release, steps)
        means: Means = "manifests" if self._environment.manifests else "chart"
        records = await self._deployer.deploy(release, means, ask, steps)
        self._know(records)
        return records[-1].release

    async def record(self, release: Release) -> None:
        """Keep the release's outcome."""
        await self._deployer.settle(release, self._standing.hashes())

    def observe(self) -> AsyncIterator[Rollout]:
        """Yield what runs now and again at every change, until cancelled."""
        return self._standing.observe()

    def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        """Yield the log lines of all pods after `positions` as they come, until cancelled."""
        return self._standing.lines(positions)

    async def connect(self) -> AsyncIterator[tuple[Connection, ...]]:
        """Keep local ports open that lead to a ready pod, and yield how they stand."""
        environment = await asyncio.to_thread(self._load)
        async with aclosing(self._reach.connect(environment.override_ports)) as connections:
            async for opened in connections:
                yield opened

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run a shell in a container on the user's terminal."""
        return await self._reach.shell(pod, container, terminal)

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in the pod's app container."""
        return await self._reach.execute(pod, argv, tell)

    async def sync(self, into: tuple[Incarnation, ...], files: tuple[SyncFile, ...]) -> None:
        """Copy saved files into the pods' containers."""
        await sync_into(self._project, into, files, self._reach.copy)

    async def releases(self) -> tuple[Release, ...]:
        """Return the history, oldest first."""
        records = await self._chronology.records()
        self._know(records)
        return tuple(record.release for record in records)

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        """Return the files in which two images differ; none when a context was pruned."""
        return await self._imaging.builder.changed(old, new)

    async def difference(self, old: Release, new: Release) -> ReleaseDifference:
        """Return what going from `old` to `new` changes."""
        tags = old.image.tag, new.image.tag
        files = await self._imaging.builder.difference(*tags) if tags[0] != tags[1] else ()
        settings = settings_difference(old.spec, new.spec)
        if not (old.revision and new.revision):
            return ReleaseDifference(masked_files(files), settings)
        before, after = await self._chronology.objects(old.revision, new.revision)
        settings += objects_difference(before, after) if before and after else ()
        secrets = values_held((*before, *after))
        return ReleaseDifference(masked_files(files, secrets), settings)

    async def prune(self) -> tuple[tuple[str, ...], int]:
        """Forget the build contexts on this machine that no release on record was made from.

        None while a record cannot be read: another version of redraft may know what it was made
        from.
        """
        records = await self._ledger.records()
        if any(record.release.cause == UNREADABLE for record in records):
            return (), 0
        return await self._imaging.builder.prune({r.release.image.tag for r in records})

    async def disk(self) -> DiskUse:
        """Measure what is kept on this machine: contexts of builds."""
        return DiskUse(await self._imaging.builder.size(), 0)

    async def belongings(self) -> tuple[str, ...]:
        """Return what `delete` would remove from the cluster."""
        return await self._deleter.belongings()

    async def delete(self, tell: Tell, *, purge: bool = False) -> None:
        """Remove what this release made; its history too if it is to be purged."""
        await self._deleter.delete(Steps(0, "deploy", tell), purge=purge)

    async def close(self) -> None:
        """Let go of the connections and of builds; what runs in the cluster goes on."""
        await self.let_go()
        await self._cluster.close()
        self._imaging.engine.close()

    def _know(self, records: tuple[Record, ...]) -> None:
        self._records = records
        self._standing.release(records)

    async def _prepare(self, tell: Tell) -> None:
        """See that the namespace is there, and pin it."""
        create = self._environment.create_namespace
        if await ensure_namespace(self._cluster, create=create):
            tell(e.Noticed(f"the namespace {self.place.namespace} was made"))
        await asyncio.to_thread(write_pin, self._state, self.place)

    async def _ask(self, release: Release, steps: Steps) -> Ask:
        if release.rollback_of:
            return self._planner.rollback(release.rollback_of, steps)
        environment = self._environment
        if not environment.pull_secret:
            return await self._planner.release(environment, release, "", steps)
        engine = self._imaging.engine
        secret = await read_pull_secret(engine, environment.name, release.image)
        name = secret["metadata"]["name"]
        ask = await self._planner.release(environment, release, name, steps)
        return once_done(partial(write_pull_secret, self._cluster, secret), ask)
