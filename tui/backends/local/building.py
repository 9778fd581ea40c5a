"""Building: snapshot, dependencies, and the working folder of the revision to come.

The steps of a build are told in this order: `context` (find what changed), `snapshot` (keep it),
the recipe's steps that install dependencies, `copy` (make the app's own folder), then those steps
that run in it. That folder is that of the next revision, and not made for what the newest one is.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from tui.backends.history import History
from tui.backends.local.dependencies import Dependencies, dependency_key
from tui.backends.local.entries import LocalEntry
from tui.backends.local.installing import Installer, alone
from tui.backends.local.placeholders import Folders, step_environment
from tui.backends.local.revisions import Revisions
from tui.backends.local.steps import run_as_step
from tui.clients.files.context import HashCache, Look, look_at_context
from tui.clients.files.manifest import Manifest
from tui.clients.files.snapshots import Snapshots
from tui.clients.lock import FileLock, taken_if_free
from tui.config.environment import Environment
from tui.model.counts import count_of
from tui.model.frozen import frozen
from tui.model.recipes import LocalRecipe, LocalStep
from tui.ports.enduring import to_its_end
from tui.ports.telling import Steps
from tui.supervisor.strays import MARKER

T = TypeVar("T")


@frozen
class Plan:
    """A snapshot and how it is built and run."""

    tag: str
    recipe: LocalRecipe
    settings: tuple[tuple[str, str], ...]
    """draft.toml's own `env`."""
    dependencies: str
    """The key of the dependency folder; empty without one."""


@frozen
class Built:
    """What a build made."""

    plan: Plan
    added: int
    """Bytes that the snapshot added to the disk."""
    cached: bool
    """Snapshot and dependencies were there already."""


class Builder:
    """Builds the present tree of a project."""

    def __init__(self, project: Path, state: Path, history: History[LocalEntry]) -> None:
        self._project = project
        self._history = history
        self._hashes = HashCache(state / "hashes")
        self._prepared: tuple[int, Plan, int] | None = None
        self._thread = ThreadPoolExecutor(1, "build")
        self._installer = Installer()
        self._install_lock = state / "install.lock"
        self.snapshots = Snapshots(state)
        self.dependencies = Dependencies(state, self.snapshots)
        self.revisions = Revisions(state, self.snapshots)

    async def look(self, environment: Environment, steps: Steps) -> Look:
        """Look at the tree; raises FaultError."""
        async with steps.step("context") as note:
            dockerfile = environment.dockerfile
            look = await self._in_turn(look_at_context, self._project, self._hashes, dockerfile)
            note.text = count_of(look.manifest.count, "file")
        return look

    async def build(
        self, environment: Environment, recipe: LocalRecipe, manifest: Manifest, steps: Steps
    ) -> Built:
        """Build what was seen; raises FaultError."""
        async with steps.step("snapshot") as note:
            known = self.snapshots.has(manifest.tag)
            added = await self._in_turn(self.snapshots.add, self._project, manifest)
            note.text = f"{added:,} bytes added"
        key = dependency_key(recipe, manifest)
        cached = known and (not key or self.dependencies.complete(key))
        plan = Plan(manifest.tag, recipe, tuple(sorted(environment.env.items())), key)
        await self._install(plan, steps)
        if not await self._in_turn(self._is_latest, plan):
            await self.prepare(self._history.next_revision(), plan, steps)
        return Built(plan, added, cached)

    async def let_go(self) -> None:
        """End the install that a cancelled build left going."""
        await self._installer.drop()

    async def prepare(self, revision: int, plan: Plan, steps: Steps) -> None:
        """Make the working folder of a revision, with all that it needs.

        Does nothing when the build has done it already. Raises FaultError.
        """
        if self._prepared == (revision, plan, self.revisions.touched(revision)):
            return
        if plan.dependencies and not self.dependencies.complete(plan.dependencies):
            await self._install(plan, steps)
        folders = self.folders(revision, plan.dependencies)
        async with steps.step("copy"):
            await self._in_turn(self.revisions.make, revision, plan.tag, plan.recipe, folders)
        for step in plan.recipe.app_steps:
            await self._run(step, folders.app, folders, plan, steps, self.revisions.marker)
        self._prepared = (revision, plan, self.revisions.touched(revision))

    async def _install(self, plan: Plan, steps: Steps) -> None:
        key = plan.dependencies
        if not key or self.dependencies.complete(key):
            await self._installer.drop()
            _tell_installed(plan.recipe, steps)
            return
        wanted = key, plan.recipe.env, plan.settings
        await self._installer.install(wanted, partial(self._install_alone, plan), steps)

    async def _install_alone(self, plan: Plan, steps: Steps) -> None:
        async with alone(self._install_lock, steps) as lock:
            if self.dependencies.complete(plan.dependencies):  # by whoever was waited for
                _tell_installed(plan.recipe, steps)
            else:
                await self._install_anew(plan, steps, lock)

    async def _install_anew(self, plan: Plan, steps: Steps, lock: FileLock) -> None:
        key, marker = plan.dependencies, self.dependencies.marker
        try:
            folder = await self._in_turn(self.dependencies.begin, key, plan.recipe, plan.tag)
            for step in plan.recipe.install_steps:
                await self._run(step, folder, self.folders(0, key), plan, steps, marker)
            if not lock.lost():
                self.dependencies.finish(key)
        finally:
            if not lock.lost() and not self.dependencies.complete(key):
                await self._in_turn(self.dependencies.abandon, key)

    def keep_dependencies(self, keys: set[str]) -> None:
        """Remove all others, unless any are being installed. Blocking."""
        with taken_if_free(self._install_lock) as free:
            if free:
                self.dependencies.keep_only(keys)

    def folders(self, revision: int, key: str) -> Folders:
        """Return the places of a revision."""
        return Folders(
            self.revisions.folder(revision),
            self.dependencies.folder(key),
            sys.executable,
            os.environ.get("PATH", os.defpath),
        )

    async def _in_turn(self, work: Callable[..., T], *arguments: object) -> T:
        """Run blocking work in the one thread for it, to its end even in a cancelled build."""
        loop = asyncio.get_running_loop()
        return await to_its_end(loop.run_in_executor(self._thread, work, *arguments))

    def _is_latest(self, plan: Plan) -> bool:
        """Whether the newest release is this very plan, its folder still there."""
        entries = self._history.entries()
        if not entries:
            return False
        latest = entries[-1]
        ran = (latest.release.image.tag, latest.recipe, latest.release.spec.env)
        made = self.revisions.folder(latest.release.revision).exists()
        return made and ran == (plan.tag, plan.recipe, plan.settings)

    async def _run(
        self, step: LocalStep, cwd: Path, folders: Folders, plan: Plan, steps: Steps, marker: str
    ) -> None:
        env = step_environment(os.environ) | folders.fill_env(plan.recipe.env)
        argv = folders.fill_command(step.command)
        own = {MARKER: marker}
        await run_as_step(steps, step.name, argv, cwd, env | dict(plan.settings) | own)


def _tell_installed(recipe: LocalRecipe, steps: Steps) -> None:
    for step in recipe.install_steps:
        steps.cached(step.name)
