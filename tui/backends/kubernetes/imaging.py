"""The image of a release: built by docker's engine, brought to where the cluster finds it."""

from tui.backends.images.builder import ImageBuilder
from tui.backends.images.delivering import Delivery, delivery
from tui.backends.images.loader import ImageLoader
from tui.backends.images.pusher import ImagePusher
from tui.backends.kubernetes.cluster import Cluster
from tui.clients.docker.engine import Engine
from tui.config.environment import Environment
from tui.model.faults import FaultError
from tui.model.frozen import frozen
from tui.model.images import Image
from tui.ports.telling import Steps

DOCKER = "docker://"
"""How a node tells that it runs containers by a docker engine."""


@frozen
class Imaging:
    """Builds and delivers."""

    engine: Engine
    builder: ImageBuilder
    pusher: ImagePusher
    loader: ImageLoader
    cluster: Cluster

    async def bring(self, image: Image, environment: Environment, steps: Steps) -> Image:
        """Bring the image where the cluster finds it; return it with its digest if it has one."""
        match await self.way(environment):
            case "push":
                return await self.pusher.push(image, environment, steps)
            case "shared":
                steps.cached("the cluster runs on the engine that built it")
                return image
            case "load":
                return await self.loader.load(image, self.cluster.place.context, steps)

    async def way(self, environment: Environment) -> Delivery:
        """Return how images get into the cluster; raises FaultError where there is no way."""
        shares = not environment.registry and await self._shares_engine()
        return delivery(environment, self.cluster.place.context, shares_engine=shares)

    async def _shares_engine(self) -> bool:
        """Whether the cluster is one node that runs its containers by our own engine.

        They are the same when the engine's name is the node's host name.
        """
        session = await self.cluster.session()
        try:
            nodes = (await session.get("/api/v1/nodes")).get("items", ())
        except FaultError:  # who may not look at nodes needs a registry
            return False
        if len(nodes) != 1:
            return False
        runtime = nodes[0]["status"]["nodeInfo"]["containerRuntimeVersion"]
        name = (nodes[0]["metadata"].get("labels") or {}).get("kubernetes.io/hostname", "")
        if not runtime.startswith(DOCKER):
            return False
        return session.local or name == (await self.engine.about()).name
