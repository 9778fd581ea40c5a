"""Loading images into a local cluster: what kind, minikube and k3d do by their own programs."""

from pathlib import Path

from tui.clients.docker.endpoint import command_environment
from tui.clients.docker.engine import Engine
from tui.clients.docker.load import find_loader, loader_for, loader_missing
from tui.clients.process.steps import run_step
from tui.model.faults import Fault, FaultError
from tui.model.images import Image
from tui.ports.running import CommandEnd
from tui.ports.telling import Steps


class ImageLoader:
    """Brings images of the engine into clusters that need no registry."""

    def __init__(self, project: Path, engine: Engine) -> None:
        self._project = project
        self._engine = engine

    async def load(self, image: Image, context_name: str, steps: Steps) -> Image:
        """Load an image into the cluster of a context; return it. Raises FaultError.

        Cancelling ends the loading program at once.
        """
        wanted = loader_for(context_name, image.reference)
        if wanted is None:
            raise FaultError(_not_loadable(context_name))
        loader = find_loader(wanted, self._engine.environ)
        if loader is None:
            raise FaultError(loader_missing(wanted, context_name))
        env = command_environment(self._engine.environ, self._engine.endpoint)
        name = f"load into {context_name}"
        async with steps.step(name):
            end = await run_step(
                loader.argv, self._project, env, lambda lines: steps.printed(name, lines)
            )
            if end.code:
                raise FaultError(_failed(loader.program, context_name, end))
        return image


def _not_loadable(context_name: str) -> Fault:
    return Fault(
        "cluster-not-loadable",
        f"no image can be loaded into the cluster of {context_name}",
        "usage",
        remedy="name a `registry` in draft.toml that the cluster pulls from",
    )


def _failed(program: str, context_name: str, end: CommandEnd) -> Fault:
    return Fault(
        "load-failed",
        f"{program} could not load the image into {context_name}",
        evidence=end.last_lines,
        remedy="look whether the cluster runs; read what the program says",
    )
