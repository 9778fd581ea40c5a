"""The local backend: an image is a snapshot, a pod is a process, the cluster is the supervisor.

Everything that lives on is in the state folder and in the supervisor; this object only asks and
remembers. When the supervisor died before its time (killed, or the machine was restarted), whoever
observes brings it back: it ends what was left over, and the release that served last is started
again as it was recorded.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tui.backends.differing import settings_difference
from tui.backends.history import History
from tui.backends.legible import check_history
from tui.backends.local.building import Builder, Plan
from tui.backends.local.checking import check_local
from tui.backends.local.collecting import collect
from tui.backends.local.deploying import app_for, release_spec
from tui.backends.local.entries import LocalEntry
from tui.backends.local.executing import execute, open_shell, pod_named
from tui.backends.local.grounds import Grounds, LookedAt, Seen, grounds
from tui.backends.local.pruning import prune
from tui.backends.local.revisions import tree_size
from tui.backends.masking import masked_files
from tui.backends.observing import observe
from tui.backends.protecting import marked
from tui.backends.removing import remove_kept
from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.supervisor import SupervisorClient
from tui.config.environment import Environment
from tui.model.faults import Fault, FaultError
from tui.model.images import FileDifference, Image, ReleaseDifference
from tui.model.loglines import LogBatch
from tui.model.places import Place
from tui.model.recipes import LocalRecipe
from tui.model.releases import Release
from tui.model.rollouts import Pod, Rollout
from tui.ports.backend import Build, Checked, DiskUse, LoadEnvironment, Tell
from tui.ports.capabilities import Terminal, Testimony
from tui.ports.enduring import to_its_end
from tui.ports.running import CommandEnd, TellLines
from tui.ports.telling import Steps
from tui.supervisor.places import environment_id
from tui.supervisor.strays import end_strays

OURS = ("dependencies", "hashes", "objects", "port", "releases", "revisions", "snapshots", "spool")


class LocalBackend:
    """Runs an environment on this machine, without containers."""

    def __init__(
        self,
        project: Path,
        state: Path,
        load: LoadEnvironment,
        opened: Environment,
        recipe: Callable[[Environment], LocalRecipe],
        looked_at: LookedAt,
    ) -> None:
        self._project = project
        self._state = state
        self._load = load
        self._opened = opened
        self._recipe = recipe
        self._looked_at = looked_at
        self._seen: Seen | None = None
        self._grounds = Grounds([], [])
        self._turn = 0
        self._history = History(state, LocalEntry)
        self._builder = Builder(project, state, self._history)
        self._supervisor = SupervisorClient(state)
        self._plans: dict[str, Plan] = {}
        self._appeared = asyncio.Event()

    @property
    def capabilities(self) -> frozenset[str]:
        """Commands and shells inside a replica, beyond the verbs."""
        return frozenset({"exec", "shell"})

    @property
    def place(self) -> Place:
        """Return this machine."""
        return Place(socket.gethostname(), protection=marked(self._opened))

    async def check(self) -> tuple[Checked, ...]:
        """Look whether the project can be built and run here."""
        running = await self._supervisor.answers()
        return await asyncio.to_thread(self._checked, running)

    def _checked(self, running: bool) -> tuple[Checked, ...]:
        checked = check_local(self._load, self._recipe, self._state, running=running)
        return (*checked, check_history(self._history))

    async def build(self, iteration: int, tell: Tell) -> Build:
        """Take a snapshot of the present tree and run the recipe's steps."""
        steps = Steps(iteration, "build", tell)
        self._seen = await self._look(steps)
        return await self._build(self._seen, steps)

    async def let_go(self) -> None:
        """End the install that a cancelled build left going for the next one."""
        await self._builder.let_go()

    async def watch_over(self) -> bool:
        """Have the supervisor watch the tree as it was built last, and what else counts."""
        if self._seen is None or sys.platform != "linux":
            return False
        self._grounds = await self._grounds_of(self._seen)
        try:
            self._turn = await self._supervisor.witness(*self._grounds)
        except SupervisorLostError:
            return False
        return self._turn > 0

    async def rehearse(self, iteration: int, tag: str, tell: Tell) -> Build | None:
        """Build again, unless the tree or what is to be watched differs from what it was."""
        steps = Steps(iteration, "build", tell)
        seen = await self._look(steps)
        if seen.look.manifest.tag != tag or await self._grounds_of(seen) != self._grounds:
            return None
        return await self._build(seen, steps)

    async def attest(self, revision: int, testimony: Testimony) -> bool:
        """Have the supervisor tell this while all is as it is."""
        try:
            return await self._supervisor.attest(self._turn, revision, testimony)
        except SupervisorLostError:
            return False

    async def _look(self, steps: Steps) -> Seen:
        environment, recipe = await asyncio.to_thread(self._settings)
        return Seen(environment, recipe, await self._builder.look(environment, steps))

    def _settings(self) -> tuple[Environment, LocalRecipe]:
        environment = self._load()
        return environment, self._recipe(environment)

    async def _grounds_of(self, seen: Seen) -> Grounds:
        looked_at = await asyncio.to_thread(self._looked_at, seen.environment)
        return grounds(self._project, self._state, seen, looked_at)

    async def _build(self, seen: Seen, steps: Steps) -> Build:
        environment, recipe, look = seen
        built = await self._builder.build(environment, recipe, look.manifest, steps)
        self._plans = {built.plan.tag: built.plan}
        image = Image(environment.name, built.plan.tag, cached=built.cached, size=built.added)
        return Build(image, release_spec(environment, recipe))

    async def push(self, iteration: int, build: Build, tell: Tell) -> Build:
        """Do nothing: the snapshot is where it is needed."""
        return build

    async def deploy(self, iteration: int, release: Release, tell: Tell) -> Release:
        """Make the release's folder, record the release, and have the supervisor run it."""
        steps = Steps(iteration, "deploy", tell)
        plan = self._plan(release)
        planned = replace(release, revision=self._history.next_revision(), outcome="pending")
        await self._builder.prepare(planned.revision, plan, steps)
        folders = self._builder.folders(planned.revision, plan.dependencies)
        app = app_for(planned.image.name, planned, plan.recipe, folders)
        entry = LocalEntry(planned, app, recipe=plan.recipe, dependencies=plan.dependencies)
        async with self._history.begun(entry), steps.step("start"):
            await self._supervisor.run(app)
        self._appeared.set()
        return planned

    async def record(self, release: Release) -> None:
        """Keep the release's outcome."""
        await asyncio.to_thread(self._history.rewrite, release)

    def observe(self) -> AsyncIterator[Rollout]:
        """Yield what the supervisor runs, bringing it back when it died."""
        return observe(self._supervisor, self._state, self._history, self._appeared)

    def logs(self, positions: Mapping[str, str]) -> AsyncGenerator[LogBatch, None]:
        """Yield what the app printed, from the spool."""
        return collect(self._supervisor, self._state / "spool", positions, self._appeared)

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in a replica's folder and environment; raises FaultError."""
        entry = await asyncio.to_thread(self._history.entry, pod.revision)
        return await execute(entry, environment_id(self._state), pod, argv, tell)

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run the user's shell in a replica's folder with its environment; raises FaultError."""
        there = pod_named(await self._supervisor.picture(), pod)
        entry = await asyncio.to_thread(self._history.entry, there.revision)
        return await open_shell(entry, environment_id(self._state), there, terminal)

    async def releases(self) -> tuple[Release, ...]:
        """Return the history, oldest first."""
        return await asyncio.to_thread(self._history.releases)

    async def changed(self, old: Image, new: Image) -> tuple[str, ...]:
        """Return the files in which two snapshots differ; none when one was pruned."""
        snapshots, tags = self._builder.snapshots, (old.tag, new.tag)
        known = all(map(snapshots.has, tags))
        return await asyncio.to_thread(snapshots.changed, *tags) if known else ()

    async def difference(self, old: Release, new: Release) -> ReleaseDifference:
        """Return files and settings that differ; no files when a snapshot was pruned."""
        snapshots = self._builder.snapshots
        tags = (old.image.tag, new.image.tag)
        files: tuple[FileDifference, ...] = ()
        if tags[0] != tags[1] and all(snapshots.has(tag) for tag in tags):
            files = await asyncio.to_thread(snapshots.difference, *tags)
        return ReleaseDifference(masked_files(files), settings_difference(old.spec, new.spec))

    async def prune(self) -> tuple[tuple[str, ...], int]:
        """Delete snapshots, folders and dependencies that no retained release needs."""
        rollout = await self._supervisor.picture()
        pruning = asyncio.to_thread(prune, self._history, self._builder, rollout)
        return await to_its_end(pruning)

    async def disk(self) -> DiskUse:
        """Measure what is kept."""
        return await asyncio.to_thread(self._disk)

    async def belongings(self) -> tuple[str, ...]:
        """Return what `delete` would remove."""
        return ("the app's processes", f"its revisions, history and logs in {self._state}")

    async def delete(self, tell: Tell, *, purge: bool = False) -> None:
        """End the app and the supervisor; remove all files made here."""
        await self.let_go()
        await self._supervisor.stop()
        await asyncio.to_thread(self._remove)

    async def close(self) -> None:
        """Let nothing go on: every request to the supervisor has a connection of its own."""
        await self.let_go()

    def _plan(self, release: Release) -> Plan:
        """Return how to build and run a release: as it was built just now, or as it ran then."""
        past = self._history.entry(release.rollback_of) if release.rollback_of else None
        if past is not None:
            return Plan(release.image.tag, past.recipe, release.spec.env, past.dependencies)
        plan = self._plans.get(release.image.tag)
        if plan is None:
            raise FaultError(_not_built(release))
        return plan

    def _disk(self) -> DiskUse:
        kept = self._builder.snapshots.size() + self._builder.revisions.size()
        return DiskUse(kept, tree_size(self._state / "dependencies"))

    def _remove(self) -> None:
        steps = self._builder.dependencies.marker, self._builder.revisions.marker
        end_strays((f"{environment_id(self._state)}/", *steps))
        remove_kept(self._state, OURS)


def _not_built(release: Release) -> Fault:
    what = f"revision {release.rollback_of}" if release.rollback_of else release.image.reference
    return Fault(
        "release-unknown",
        f"it is not on record how {what} was built",
        remedy="bring the tree itself up: `redraft up`",
    )
