"""The controller: brings the wanted revision up beside the serving one, then switches.

At most one revision is wanted, at most one serves; often they are the same. A newer `apply` takes
the place of a wanted revision that does not serve yet. The serving one goes on until every replica
of the wanted one is ready, however long that takes; then the router sends new connections to the
new replicas, the old ones are drained and ended.

Every redraft that is open asks a supervisor that took the place of a dead one for what served last,
and one of them may have deployed something newer by then. So requests are taken one after the
other, and one for an older revision than the wanted one comes too late. Numbers only rise: going
back is a new revision.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from tui.model.rollouts import Pod, Rollout, Workload
from tui.supervisor.protocol import App
from tui.supervisor.routing import Endpoint
from tui.supervisor.runtime import Runtime
from tui.supervisor.stable_port import StablePort


class ReplicaSet:
    """The replicas of one revision."""

    def __init__(self, app: App, runtime: Runtime, changed: Callable[[], None]) -> None:
        self.app = app
        self.started = time.time()
        self._replicas = [runtime.replica(app, n + 1, changed) for n in range(app.replicas)]

    @property
    def ready(self) -> int:
        """How many replicas are ready."""
        return sum(replica.ready for replica in self._replicas)

    @property
    def all_ready(self) -> bool:
        """Whether the revision can take over."""
        return self.ready == len(self._replicas)

    def endpoints(self) -> list[Endpoint]:
        """Return where it answers now."""
        return [replica.endpoint for replica in self._replicas if replica.endpoint is not None]

    def pods(self) -> Sequence[Pod]:
        """Return the pictures of its replicas."""
        return [replica.pod() for replica in self._replicas]

    async def stop(self) -> None:
        """End all replicas."""
        await asyncio.gather(*(replica.stop() for replica in self._replicas))


class Controller:
    """Reconciles what runs with what is wanted."""

    def __init__(self, runtime: Runtime, stable: StablePort, changed: Callable[[], None]) -> None:
        self._runtime = runtime
        self._router = stable.router
        self._stable = stable
        self._tell = changed
        self._wanted: ReplicaSet | None = None
        self._serving: ReplicaSet | None = None
        self._leaving: dict[ReplicaSet, asyncio.Task[None]] = {}
        self._applying = asyncio.Lock()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self._wanted is None and self._serving is None and not self._leaving

    @property
    def serving(self) -> int:
        """The revision that was switched to last; 0 before the first."""
        return self._serving.app.revision if self._serving else 0

    async def apply(self, app: App) -> None:
        """Bring this revision up in place of an older one that is wanted; raises FaultError.

        Applying again what is wanted already, or an older revision, starts nothing.
        """
        async with self._applying:
            before = self._wanted
            if before is not None and (before.app == app or before.app.revision > app.revision):
                return
            if app.opens_port:
                await self._stable.listen(app.port)
            self._wanted = ReplicaSet(app, self._runtime, self._changed)
            if before is not None and before is not self._serving:
                self._retire(before)
            self._changed()

    async def stop(self) -> None:
        """End everything and give the port back."""
        for leaving in {self._wanted, self._serving} - {None}:
            if leaving is not None:
                self._retire(leaving)
        self._wanted = self._serving = None
        self._router.serve(())
        self._stable.close()
        self._tell()
        await asyncio.gather(*self._leaving.values())

    def picture(self) -> Rollout:
        """Return what runs now."""
        wanted, serving = self._wanted, self._serving
        port = self._stable.port
        return Rollout(
            revision=wanted.app.revision if wanted else 0,
            serving=serving.app.revision if serving and serving.ready else 0,
            workloads=(self._workload(wanted),) if wanted else (),
            pods=tuple(pod for replicas in self._sets() for pod in replicas.pods()),
            url=f"http://127.0.0.1:{port}" if port else "",
            started=wanted.started if wanted else 0.0,
            deadline=wanted.started + wanted.app.deadline if wanted else 0.0,
            lost_since=self._runtime.lost_since,
        )

    def _workload(self, wanted: ReplicaSet) -> Workload:
        serving = self._serving.ready if self._serving else 0
        app = wanted.app
        return Workload("App", app.name, app.replicas, app.replicas, wanted.ready, serving)

    def _sets(self) -> list[ReplicaSet]:
        """Return all sets, the wanted one first, each once."""
        present = [s for s in (self._wanted, self._serving) if s is not None]
        return list(dict.fromkeys([*present, *self._leaving]))

    def _changed(self) -> None:
        wanted, serving = self._wanted, self._serving
        if wanted is not None and wanted is not serving and wanted.all_ready:
            self._serving = wanted
            self._serve()
            if serving is not None:
                self._retire(serving)
            if not wanted.app.opens_port:
                self._stable.close()
        else:
            self._serve()
        self._tell()

    def _serve(self) -> None:
        self._router.serve(self._serving.endpoints() if self._serving else ())

    def _retire(self, replicas: ReplicaSet) -> None:
        if replicas not in self._leaving:
            self._leaving[replicas] = asyncio.create_task(self._let_go(replicas))

    async def _let_go(self, replicas: ReplicaSet) -> None:
        try:
            if self._serving is not None:
                await asyncio.gather(*(e.drain() for e in replicas.endpoints()))
            await replicas.stop()
        finally:
            del self._leaving[replicas]
            self._tell()
