"""Reaching into what runs: connections to it, a shell, a command and saved files in it.

What does so is imported when it is first asked for: aiohttp alone takes a quarter of a second.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from tui.backends.kubernetes.cluster import Cluster
from tui.backends.kubernetes.standing import Standing
from tui.clients.files.sync_archive import SyncArchive
from tui.model.connections import Connection
from tui.model.rollouts import Pod
from tui.model.synced import Incarnation
from tui.ports.capabilities import Terminal
from tui.ports.running import CommandEnd, TellLines


class Reach:
    """Reaches the pods of one environment."""

    def __init__(self, cluster: Cluster, standing: Standing) -> None:
        self._cluster = cluster
        self._standing = standing

    async def connect(
        self, override_ports: Sequence[str]
    ) -> AsyncGenerator[tuple[Connection, ...], None]:
        """Keep local ports open that lead to a ready pod, and yield how they stand."""
        from tui.backends.kubernetes.connecting import Connections, parse_pairs

        session = await self._cluster.session()
        connections = Connections(session, self._cluster.namespace, self._standing)
        async with aclosing(connections.follow(parse_pairs(override_ports))) as states:
            async for state in states:
                yield state

    async def shell(self, pod: str, container: str, terminal: Terminal) -> int:
        """Run a shell in a container on the user's terminal."""
        from tui.clients.kube.shell import run_shell

        session, namespace = await self._cluster.session(), self._cluster.namespace
        return await run_shell(session, namespace, pod, container, terminal.input, terminal.output)

    async def execute(self, pod: Pod, argv: tuple[str, ...], tell: TellLines) -> CommandEnd:
        """Run a command in the pod's first container that is neither init nor sidecar.

        What the pod's Secrets hold is masked in what it says.
        """
        from tui.backends.kubernetes.used_secrets import used_by
        from tui.clients.kube.executing import execute

        session, namespace = await self._cluster.session(), self._cluster.namespace
        container = next((one.name for one in pod.containers if one.kind == "app"), "")
        async with used_by(session, namespace, pod.name) as secrets:

            def tell_masked(lines: tuple[str, ...]) -> None:
                tell(tuple(secrets.mask.lines(lines)))

            end = await execute(session, namespace, pod.name, container, argv, tell_masked)
            return replace(end, last_lines=tuple(secrets.mask.lines(end.last_lines)))

    async def copy(self, one: Incarnation, archive: SyncArchive) -> None:
        """Do in a container what an archive says."""
        from tui.clients.kube.copying import copy_into

        session, namespace = await self._cluster.session(), self._cluster.namespace
        tar, removed = archive.tar, archive.removed
        await copy_into(session, namespace, one.pod, one.container, tar, removed)
