"""Running the user's own commands on this machine, as their shell in the project would."""

import os
from collections.abc import Mapping
from pathlib import Path

from tui.clients.process.steps import run_step
from tui.ports.running import CommandEnd, TellLines


class ProjectCommands:
    """Runs commands in one project's folder; implements `tui.ports.running.CommandRunner`."""

    def __init__(self, project: Path) -> None:
        self._project = project

    async def run(
        self, argv: tuple[str, ...], env: Mapping[str, str], tell: TellLines
    ) -> CommandEnd:
        """Run a command to its end; raises OSError when it cannot be started."""
        return await run_step(argv, self._project, {**os.environ, **env}, tell)
