"""Connecting: local ports that lead to a ready pod, over redeploys and deaths of pods."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial

from tui.backends.kubernetes.alongside import alongside
from tui.backends.kubernetes.answering import Answering
from tui.backends.kubernetes.standing import Standing
from tui.clients.kube.forwarding import Forwarder
from tui.clients.kube.knocking import knock
from tui.clients.kube.session import KubeSession
from tui.model.connections import Connection
from tui.model.faults import Fault, FaultError
from tui.model.frozen import frozen
from tui.model.rollouts import Pod, Rollout

SYSTEM_PORTS = 1024
"""Ports below are not for every user to listen on."""
NOTHING = "nothing is released here: this port leads to it after `up`"


@frozen
class PortPair:
    """A local port and where it leads; `local` 0 stands for one like the remote, or any."""

    local: int
    remote: int


def parse_pairs(override_ports: Sequence[str]) -> tuple[PortPair, ...]:
    """Read `local:remote` pairs of draft.toml, which were checked when it was read."""
    pairs = (text.partition(":") for text in override_ports)
    return tuple(PortPair(int(local), int(remote or local)) for local, _, remote in pairs)


def pod_to_reach(rollout: Rollout | None, current: str, answering: str = "") -> str:
    """Return the pod to lead to: of the newest revision, the present one if it will do.

    It is ready, or the one that is `answering` before its kubelet said so.
    """
    pods = rollout.pods if rollout else ()
    ready = [p for p in pods if _reachable(p) or (p.name == answering and _may_answer(p))]
    newest = max((pod.revision for pod in ready), default=0)
    names = sorted(pod.name for pod in ready if pod.revision == newest)
    if current in names:
        return current
    return names[0] if names else ""


def is_deleted(rollout: Rollout | None) -> bool:
    """Whether nothing is released here, so that no pod will come before the next `up`."""
    return rollout is not None and not rollout.revision and not rollout.begun


def port_of(rollout: Rollout | None) -> int:
    """Return the port that the pods are known to answer on, 0 for none."""
    addresses = (pod.address for pod in rollout.pods) if rollout else ()
    ports = (address.rpartition(":")[2] for address in addresses)
    return next((int(port) for port in ports if port.isdecimal()), 0)


def _reachable(pod: Pod) -> bool:
    return pod.ready and pod.phase == "Running"


def _may_answer(pod: Pod) -> bool:
    """Whether nothing is known of a pod by which it would not answer any more."""
    return (
        pod.phase in {"Pending", "Running"}
        and not pod.held_back
        and not any(
            one.restarts or one.last or one.probe_message
            for one in pod.containers
            if one.kind == "app"
        )
    )


class Connections:
    """Keeps the forwarders of an environment."""

    def __init__(self, session: KubeSession, namespace: str, standing: Standing) -> None:
        self._session = session
        self._namespace = namespace
        self._standing = standing
        self._answering = Answering(partial(knock, session, namespace), standing, self._look)
        self._pod = ""
        self._deleted = False
        self._open: list[tuple[Forwarder, int]] = []
        self._messages: dict[int, str] = {}
        self._news = asyncio.Event()

    async def follow(
        self, pairs: Sequence[PortPair]
    ) -> AsyncGenerator[tuple[Connection, ...], None]:
        """Open the ports and yield how they stand, again at each change, until cancelled.

        Without pairs it is the port that the pods answer on. Raises FaultError (`port-taken`).
        """
        async with AsyncExitStack() as stack:
            stack.enter_context(self._standing.listening(self._look))
            asking = await stack.enter_async_context(
                alongside(self._answering.follow(), self._news.set)
            )
            for pair in pairs or [await self._only_pair()]:
                await self._forward(pair, stack)
            last: tuple[Connection, ...] = ()
            self._look()
            while True:
                self._news.clear()
                if asking.done():
                    asking.result()
                if (now := self._connections()) != last:
                    last = now
                    yield now
                await self._news.wait()

    async def _only_pair(self) -> PortPair:
        """Wait until a pod tells its port."""
        while not (port := port_of(self._standing.rollout)):
            self._news.clear()
            await self._news.wait()
        return PortPair(0, port)

    async def _forward(self, pair: PortPair, stack: AsyncExitStack) -> None:
        forwarder = Forwarder(
            self._session,
            self._namespace,
            pair.remote,
            self._pick,
            lambda message: self._hear(pair.remote, message),
        )
        stack.push_async_callback(forwarder.close)
        await _open(forwarder, pair)
        self._open.append((forwarder, pair.remote))

    def _pick(self) -> str | None:
        if self._deleted:
            raise FaultError(Fault("nothing-released", NOTHING))
        return self._pod or None

    def _look(self) -> None:
        """Choose the pod to lead to."""
        rollout = self._standing.rollout
        pod = pod_to_reach(rollout, self._pod, self._answering.pod)
        deleted = is_deleted(rollout)
        if (pod, deleted) != (self._pod, self._deleted):
            self._pod, self._deleted = pod, deleted
            self._messages.clear()
            for forwarder, _ in self._open:
                forwarder.look()
        self._news.set()

    def _hear(self, remote: int, message: str) -> None:
        if self._messages.get(remote, "") != message:
            self._messages[remote] = message
            self._news.set()

    def _connections(self) -> tuple[Connection, ...]:
        return tuple(
            Connection(
                forwarder.local,
                remote,
                self._pod,
                "open" if self._pod else "waiting",
                self._messages.get(remote, NOTHING if self._deleted else ""),
            )
            for forwarder, remote in self._open
        )


async def _open(forwarder: Forwarder, pair: PortPair) -> None:
    """Listen on the port asked for, else on one like the pod's, else on any."""
    if pair.local:
        await forwarder.open(pair.local)
        return
    with suppress(FaultError):
        if pair.remote >= SYSTEM_PORTS:
            await forwarder.open(pair.remote)
            return
    await forwarder.open()
