"""Logs of pods whose sandbox the kubelet makes anew, with new containers in it."""

import asyncio
import shutil
from collections.abc import Callable, Sequence

import pytest

from tests.cluster import eventually, job
from tests.integration.kube.test_logs import Book, collecting, run
from tests.testbed import docker
from tui.backends.kubernetes.following import ROTATED
from tui.clients.kube.session import KubeSession

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
COUNTING = "i=0; while :; do i=$((i + 1)); echo line $i; usleep 50000; done"
Break = Callable[[str], Sequence[str]]


def killed(namespace: str) -> Sequence[str]:
    """Kill the sandbox; the containers that were in it are ended, and known as the ones before."""
    return ["kill", *containers(f"k8s_POD_.*_{namespace}_")]


def removed(namespace: str) -> Sequence[str]:
    """Remove all of it, as who tidies up a node does: the kubelet begins to count anew."""
    return ["rm", "--force", *containers(f"k8s_.*_{namespace}_")]


def containers(name: str) -> list[str]:
    """Return the containers of that name; skips where the node is another machine."""
    found = docker("ps", "--quiet", "--filter", f"name={name}") if shutil.which("docker") else ""
    if not found:
        pytest.skip("the node's containers are out of reach")
    return found.split()


@pytest.mark.parametrize("broken", [killed, removed])
async def test_a_container_in_a_new_sandbox_is_another_incarnation_and_no_line_is_kept_twice(
    session: KubeSession, namespace: str, broken: Break
) -> None:
    await run(session, namespace, job("talker", COUNTING, restartPolicy="OnFailure"))
    async with collecting(session, namespace, Book()) as book:
        await eventually(lambda: len(book.said()) > 20)
        await asyncio.to_thread(docker, *broken(namespace))
        await eventually(lambda: len(book.said(restart=1)) > 20)
    for restart in (0, 1):
        said = book.said(restart=restart)
        assert said == [f"line {number}" for number in range(1, len(said) + 1)]
    assert book.markers()[-1] == "restart 1"
    assert ROTATED not in book.markers()
