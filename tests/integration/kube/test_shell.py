import asyncio
import os
import termios
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.cluster import eventually, pod
from tui.clients.kube import shell
from tui.clients.kube.session import KubeSession
from tui.clients.kube.shell import run_shell
from tui.model.faults import FaultError

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


class User:
    """Someone at a terminal of 100 columns and 30 lines."""

    def __init__(self) -> None:
        self.hand, self.terminal = os.openpty()
        termios.tcsetwinsize(self.hand, (30, 100))
        os.set_blocking(self.hand, False)
        self.read = b""

    def type(self, text: str) -> None:
        os.write(self.hand, text.encode())

    def sees(self, text: str) -> bool:
        with suppress(BlockingIOError):
            self.read += os.read(self.hand, 65536)
        return text.encode() in self.read


@pytest.fixture
def user() -> Iterator[User]:
    one = User()
    yield one
    os.close(one.hand)
    os.close(one.terminal)


async def running(session: KubeSession, namespace: str, name: str) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    await session.post(pods, body=pod(name, "sleep 600"))

    async def is_running() -> object:
        found = await session.get(f"{pods}/{name}")
        return found["status"].get("phase") == "Running"

    await eventually(is_running)


async def test_a_shell_has_a_terminal_takes_ctrl_c_and_tells_its_exit_code(
    session: KubeSession, namespace: str, user: User
) -> None:
    await running(session, namespace, "one")
    before = termios.tcgetattr(user.terminal)
    opened = run_shell(session, namespace, "one", "main", user.terminal, user.terminal)
    task = asyncio.create_task(opened)
    user.type("echo $((6 * 7))\n")
    await eventually(lambda: user.sees("\r\n42\r\n"))
    user.type("until stty size | grep -x '30 100'; do sleep 0.1; done\n")  # told beside the keys
    await eventually(lambda: user.sees("\r\n30 100\r\n"))
    user.type("sleep 1000\n")
    await eventually(lambda: user.sees("sleep 1000\r\n"))
    user.type("\x03")
    user.type("echo still $((1 + 1)) here\n")
    await eventually(lambda: user.sees("still 2 here"))
    user.type("exit 3\n")
    assert await task == 3
    assert termios.tcgetattr(user.terminal) == before


async def test_a_container_without_a_shell_is_told(
    session: KubeSession, namespace: str, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "BEST", ("no-such-shell",))
    await running(session, namespace, "one")
    with pytest.raises(FaultError) as raised:
        await run_shell(session, namespace, "one", "main", user.terminal, user.terminal)
    assert raised.value.fault.code == "no-shell"


async def test_a_container_that_is_not_there_is_told_and_the_terminal_stays(
    session: KubeSession, namespace: str, user: User
) -> None:
    before = termios.tcgetattr(user.terminal)
    with pytest.raises(FaultError) as raised:
        await run_shell(session, namespace, "nobody", "main", user.terminal, user.terminal)
    assert raised.value.fault.code == "api-not-found"
    assert termios.tcgetattr(user.terminal) == before
