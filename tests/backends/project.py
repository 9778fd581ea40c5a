"""A small project and a local backend for it, with everything ended afterwards."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.keeping import SERVER
from tests.supervisor.stage import PATIENCE
from tui.backends.local.backend import LocalBackend
from tui.config.environment import Environment
from tui.model import events as e
from tui.model.recipes import LocalRecipe
from tui.model.releases import Release
from tui.model.rollouts import Rollout
from tui.ports.backend import Build
from tui.supervisor.places import environment_id, socket_path
from tui.supervisor.strays import end_strays

APP = SERVER.replace('os.environ["SAYS"]', '(open("says.txt").read() + os.environ.get("MORE", ""))')


class Project:
    """A project folder, its state folder, its settings and its backend."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "my project ✨"
        self.state = folder / "state"
        self.environment = Environment("development", "greeter", backend="local")
        self.recipe = LocalRecipe("plain", (), ("{python}", "app.py"))
        self.load: Callable[[], Environment] = lambda: self.environment
        self.events: list[e.Event] = []
        self.folder.mkdir(exist_ok=True)
        self.write("app.py", APP)
        self.write("says.txt", "one")
        self.backend = self.open()

    def open(self) -> LocalBackend:
        """Return a backend as another redraft would open it."""
        return LocalBackend(
            self.folder,
            self.state,
            self._load,
            self.environment,
            lambda environment: self.recipe,
            lambda environment: ([], []),
        )

    def _load(self) -> Environment:
        return self.load()

    def write(self, path: str, text: str) -> None:
        """Change a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    async def build(self) -> Build:
        """Build the present tree."""
        return await self.backend.build(1, self.events.append)

    async def up(self) -> Release:
        """Build, deploy, wait until it serves, and record that."""
        return await self.deploy(await self.build())

    async def deploy(self, build: Build, rollback_of: int = 0) -> Release:
        """Deploy, wait until it serves, and record that."""
        planned = Release(0, build.image, build.spec, rollback_of=rollback_of)
        release = await self.backend.deploy(1, planned, self.events.append)
        await self.until_serving(release.revision)
        ready = replace(release, outcome="ready")
        await self.backend.record(ready)
        return ready

    async def until(self, fits: Callable[[Rollout], bool]) -> Rollout:
        """Wait for a picture that fits."""
        async with asyncio.timeout(PATIENCE):
            async for rollout in self.backend.observe():
                if fits(rollout):
                    return rollout
        raise AssertionError("observing ended")

    async def until_serving(self, revision: int) -> Rollout:
        """Wait until a revision answers."""
        return await self.until(lambda rollout: rollout.serving == revision)

    def steps(self) -> list[tuple[str, str]]:
        """Return names and outcomes of the steps told since the last call."""
        told = [s for s in self.events if isinstance(s, e.StepFinished)]
        self.events.clear()
        return [(step.step, step.outcome) for step in told]

    async def close(self) -> None:
        """End everything."""
        async with asyncio.timeout(PATIENCE):
            await self.backend.delete(self.events.append)
        await asyncio.to_thread(end_strays, f"{environment_id(self.state)}/")
        socket_path(self.state).unlink(missing_ok=True)
        shutil.rmtree(self.state, ignore_errors=True)
