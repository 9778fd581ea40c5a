"""A project to build, and what its builds told."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.testbed import BASE, write_tree
from tui.backends.images.builder import ImageBuilder
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.model import events as e
from tui.model.images import Image
from tui.model.stages import StageName
from tui.ports.telling import Steps


@dataclass
class Project:
    """A project of one test, with an image name of its own."""

    folder: Path
    state: Path
    environment: Environment
    told: list[e.Event] = field(default_factory=list)

    def write(self, files: dict[str, str]) -> None:
        write_tree(self.folder, files)

    def steps(self, stage: StageName = "build") -> Steps:
        return Steps(1, stage, self.told.append)

    def builder(self, engine: Engine) -> ImageBuilder:
        return ImageBuilder(self.folder, self.state, engine)

    async def build(self, engine: Engine) -> Image:
        return await self.builder(engine).build(self.environment, self.steps())

    def events(self, kind: type[e.Event]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def ended(self) -> dict[str, str]:
        """Return how the steps ended, by name."""
        return {event.step: event.outcome for event in self.events(e.StepFinished)}

    def printed(self) -> list[str]:
        return [line for event in self.events(e.StepPrinted) for line in event.lines]


def dockerfile(*lines: str) -> str:
    """Return a Dockerfile whose steps no other test has built."""
    return "\n".join((f"FROM {BASE}", f"ENV TEST={secrets.token_hex(5)}", *lines, ""))
