"""A stage for a keeper: a state folder, apps in containers, nothing left when the curtain falls."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

from tests.keeping import SERVER, Kept
from tests.testbed import docker
from tui.backends.docker.launching import launch_keeper
from tui.backends.docker.naming import environment_label
from tui.clients.process.supervisor import SupervisorClient
from tui.supervisor.places import environment_id, socket_path
from tui.supervisor.protocol import App

PATIENCE = 60.0
PYTHON = "python:3.12-slim"


class Stage(Kept):
    """One environment's keeper and the apps it is asked to run."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.name = f"redraft-test-{secrets.token_hex(4)}"
        super().__init__(SupervisorClient(self.state, launch_keeper), PATIENCE)

    def app(self, revision: int, text: str = SERVER, **fields: Any) -> App:
        """Return an app that is a Python script."""
        return self.command(revision, ("python", "-u", "-c", text), **fields)

    def command(self, revision: int, argv: tuple[str, ...], **fields: Any) -> App:
        """Return an app that is any command of the Python image."""
        env = {
            "SAYS": f"revision {revision}",
            "HOST": "0.0.0.0",
            "PORT": "8080",
            **fields.pop("env", {}),
        }
        fields = {"stop_grace": 2.0, "cwd": "", "inside": 8080, "image": PYTHON, **fields}
        return App(revision, self.name, argv, tuple(env.items()), **fields)

    def names(self, *filters: str) -> list[str]:
        """Return the containers the engine has of us."""
        label = environment_label(environment_id(self.state))
        more = [part for one in filters for part in ("--filter", one)]
        listed = docker("ps", "-a", "--filter", f"label={label}", *more, "--format", "{{.Names}}")
        return sorted(listed.split())

    async def close(self) -> None:
        """End everything."""
        async with asyncio.timeout(PATIENCE):
            await self.client.stop()
        for name in self.names():
            docker("rm", "-fv", name)
        socket_path(self.state).unlink(missing_ok=True)
