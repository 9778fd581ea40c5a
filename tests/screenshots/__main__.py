"""`make screenshots`: the cockpit on a real project, driven by keys, as SVG and PNG.

Everything on the pictures happened: the sample app was created, built, started, broken and rolled
back while they were taken. Those of a cluster need KUBECONFIG and REDRAFT_TEST_REGISTRY.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.cluster import fresh_namespace, kubeconfig
from tests.screenshots.cluster import take_cluster
from tests.screenshots.local import take_create, take_loop
from tui.clients.kube.session import KubeSession
from tui.model.faults import FaultError
from tui.scaffold.sample import copy_sample
from tui.wiring.opening import open_backend
from tui.wiring.removal import remove_state


async def main() -> None:
    """Take all pictures."""
    home = Path(tempfile.mkdtemp(prefix="redraft-pictures-"))
    os.environ["XDG_STATE_HOME"] = str(home / "state")
    try:
        async with sample(home / "greeter") as project:
            await take_create(project)
            await take_loop(project)
        registry = os.environ.get("REDRAFT_TEST_REGISTRY")
        if registry and "KUBECONFIG" in os.environ:
            await cluster(home / "cluster" / "greeter", registry)
        else:
            print("no pictures of a cluster: KUBECONFIG or REDRAFT_TEST_REGISTRY is not set")
    finally:
        shutil.rmtree(home)


async def cluster(project: Path, registry: str) -> None:
    """Take the pictures of a cluster in a namespace of their own."""
    async with (
        KubeSession.open(kubeconfig().current) as session,
        fresh_namespace(session) as namespace,
        sample(project) as copied,
    ):
        await take_cluster(copied, namespace, registry)


@asynccontextmanager
async def sample(project: Path) -> AsyncIterator[Path]:
    """Copy the sample app; what was brought up of it is gone afterwards."""
    copy_sample(project)
    try:
        yield project
    finally:
        with contextlib.suppress(FaultError):
            async with open_backend(project, "development") as backend:
                await backend.delete(lambda event: None)
        remove_state(project, "development")


if __name__ == "__main__":
    asyncio.run(main())
