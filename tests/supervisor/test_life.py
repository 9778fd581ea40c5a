"""The supervisor's own life: one at a time, found again, mended, and gone when it should be."""

import asyncio
import contextlib
import os
import random
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.keeping import SERVER
from tests.supervisor.stage import PATIENCE, Stage, eventually, get, processes_of
from tui.clients.process.conversing import SupervisorLostError
from tui.clients.process.launcher import launch_supervisor
from tui.clients.process.supervisor import SupervisorClient
from tui.model.faults import FaultError
from tui.ports import capabilities
from tui.supervisor.lock import take
from tui.supervisor.places import private_folder, socket_path
from tui.supervisor.protocol import decode, encode
from tui.supervisor.record import last_served, read_record
from tui.supervisor.version import VERSION


def pid_of(stage: Stage) -> int:
    record = read_record(stage.state)
    assert record is not None
    return int(record["pid"])


def count_supervisors(stage: Stage) -> int:
    commands = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return sum(str(stage.state) in command for command in commands)


async def kill(stage: Stage) -> None:
    supervisor = psutil.Process(pid_of(stage))
    supervisor.kill()
    await asyncio.to_thread(supervisor.wait)


async def test_there_is_one_supervisor_however_many_are_started(stage: Stage) -> None:
    clients = [SupervisorClient(stage.state) for _ in range(4)]
    await asyncio.gather(*(client.ensure() for client in clients))
    assert await asyncio.to_thread(launch_supervisor, stage.state)
    await eventually(lambda: count_supervisors(stage) == 1)
    for client in clients:
        await client.stop()


async def test_one_is_started_while_one_before_is_just_ending(stage: Stage) -> None:
    stage.state.mkdir()
    ending = [take(stage.state)]

    def launch(state: Path) -> bool:
        launched = launch_supervisor(state)
        while ending and count_supervisors(stage):
            pass
        for descriptor in filter(None, ending):
            os.close(descriptor)
        ending.clear()
        return launched

    client = SupervisorClient(stage.state, launch)
    await client.ensure()
    assert await client.answers()


async def test_the_app_lives_on_without_its_client_and_is_found_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    try:
        await stage.apply(stage.app(1))
        await stage.until_serving(1)
        stage.client = SupervisorClient(stage.state)
        rollout = await stage.until_serving(1)
        assert await get(rollout.url) == "revision 1"
    finally:
        await stage.close()


async def test_two_clients_see_the_same(stage: Stage) -> None:
    other = Stage(stage.folder)
    await stage.apply(stage.app(1))
    await other.apply(other.app(2))
    first, second = await asyncio.gather(stage.until_serving(2), other.until_serving(2))
    assert first.url == second.url


async def test_applying_the_same_again_starts_nothing(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    before = await stage.until_serving(1)
    await stage.apply(stage.app(1))
    after = await stage.until_serving(1)
    assert before.pods == after.pods


async def test_stopping_leaves_no_process_no_port_and_no_socket(stage: Stage) -> None:
    await stage.apply(stage.app(1, replicas=2))
    rollout = await stage.until_serving(1)
    supervisor = pid_of(stage)
    await stage.client.stop()
    assert processes_of(stage) == []
    await eventually(lambda: not psutil.pid_exists(supervisor))
    assert not socket_path(stage.state).exists()
    assert read_record(stage.state) is None
    with pytest.raises(OSError, match="refused"):
        await get(rollout.url)


async def test_stopping_does_not_wait_for_one_that_another_redraft_starts_then(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.client.ensure()
    monkeypatch.setattr("tui.clients.process.supervisor.held", lambda state: True)
    stopping = asyncio.create_task(stage.client.stop())
    await eventually(lambda: read_record(stage.state) is None)
    await SupervisorClient(stage.state).ensure()
    await stopping
    monkeypatch.undo()
    assert await stage.client.answers()


async def test_one_that_does_not_end_is_a_fault_that_says_which_process_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.process.supervisor.STOP_PATIENCE", 0.2)
    await stage.apply(stage.app(1))
    rollout = await stage.until_serving(1)
    with stopped(stage) as pid:
        assert await told(stage.client.stop()) == f"process {pid}"
    assert await get(rollout.url) == "revision 1"


Request = Callable[[Stage], Awaitable[object]]
HUGE = {str(number): "x" * 1000 for number in range(1000)}
"""More than the system takes for one that reads nothing."""
REQUESTS: dict[str, Request] = {
    "ping": lambda stage: stage.client.answers(),
    "ensure": lambda stage: stage.client.ensure(),
    "apply": lambda stage: stage.client.run(stage.app(2)),
    "apply much": lambda stage: stage.client.run(stage.app(2, env=HUGE)),
    "stop": lambda stage: stage.client.stop(),
    "picture": lambda stage: stage.client.picture(),
    "watch": lambda stage: anext(stage.client.watch()),
    "follow": lambda stage: anext(stage.client.follow()),
    "witness": lambda stage: stage.client.witness(["/"], []),
    "attest": lambda stage: stage.client.attest(1, 1, capabilities.Testimony({}, (), (), "door")),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
async def test_one_that_hangs_is_a_fault_whatever_it_is_asked(
    request_: Request, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.client.ensure()
    with hasty(monkeypatch), stopped(stage) as pid:
        assert await told(request_(stage)) == f"process {pid}"


@pytest.mark.parametrize("stream", ["watch", "follow"])
async def test_one_that_hangs_while_there_is_nothing_to_tell_is_a_fault(
    stream: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.client.ensure()
    async with contextlib.aclosing(getattr(stage.client, stream)()) as told_of:
        await anext(told_of)
        with hasty(monkeypatch), stopped(stage) as pid:
            assert await told(anext(told_of)) == f"process {pid}"


async def test_one_that_hangs_is_told_however_many_wait_to_be_let_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.client.ensure()
    with hasty(monkeypatch), stopped(stage) as pid, contextlib.ExitStack() as waiting:
        with contextlib.suppress(BlockingIOError):
            while True:
                one = waiting.enter_context(socket.socket(socket.AF_UNIX))
                one.setblocking(False)
                one.connect(str(socket_path(stage.state)))
        assert await told(stage.client.picture()) == f"process {pid}"
    assert await stage.client.answers()


async def test_one_that_only_takes_its_time_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.clients.process.conversing.QUIET", 0.05)
    await stage.apply(stage.app(1, "import signal; signal.signal(15, signal.SIG_IGN)\n" + SERVER))
    await stage.until_serving(1)
    await stage.client.stop()
    assert processes_of(stage) == []


@contextlib.contextmanager
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have no patience with a supervisor while it is known to hang."""
    with monkeypatch.context() as patched:
        patched.setattr("tui.clients.process.conversing.QUIET", 0.1)
        patched.setattr("tui.clients.process.conversing.ALIVE", 0.3)
        yield


@contextlib.contextmanager
def stopped(stage: Stage) -> Iterator[int]:
    """Stop the supervisor in its tracks while the `with` lasts; give its process id."""
    supervisor = psutil.Process(pid_of(stage))
    supervisor.suspend()
    try:
        yield supervisor.pid
    finally:
        supervisor.resume()


async def told(asking: Awaitable[object]) -> str:
    """Return which process is told to hang, and see that the remedy names it too."""
    with pytest.raises(FaultError) as raised:
        await asyncio.wait_for(asking, PATIENCE)
    fault = raised.value.fault
    assert fault.code == "supervisor-hangs"
    assert f"`kill -KILL {fault.evidence[0].removeprefix('process ')}`" in fault.remedy
    return fault.evidence[0]


async def test_what_a_killed_supervisor_left_behind_is_ended_by_the_next(stage: Stage) -> None:
    await stage.apply(stage.app(1, "import signal; signal.signal(1, signal.SIG_IGN)\n" + SERVER))
    before = await stage.until_serving(1)
    left = processes_of(stage)
    await kill(stage)
    assert [process.is_running() for process in left] == [True]
    assert last_served(stage.state) == 1
    await stage.apply(stage.app(2))
    after = await stage.until_serving(2)
    assert left[0].pid not in [process.pid for process in processes_of(stage)]
    assert after.url == before.url
    assert await get(after.url) == "revision 2"


async def test_several_that_bring_back_what_a_killed_one_ran_find_it_where_it_was(
    stage: Stage,
) -> None:
    app = stage.app(1)
    await stage.apply(app)
    before = await stage.until_serving(1)
    await kill(stage)
    await stage.client.ensure()
    await asyncio.gather(*(SupervisorClient(stage.state).apply(app) for _ in range(3)))
    after = await stage.until_serving(1)
    assert after.url == before.url
    assert len(processes_of(stage)) == 1


async def test_killing_it_at_any_moment_leaves_nothing_that_the_next_trips_over(
    stage: Stage,
) -> None:
    moments = random.Random(7)
    for revision in range(1, 6):
        await stage.apply(stage.app(revision))
        await asyncio.sleep(moments.random() * 0.2)
        await kill(stage)
    await stage.apply(stage.app(6))
    rollout = await stage.until_serving(6)
    assert await get(rollout.url) == "revision 6"
    assert len(processes_of(stage)) == 1


async def test_killing_the_client_at_any_moment_harms_no_app(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    code = f"""
import asyncio, pathlib
from tui.clients.process.supervisor import SupervisorClient
async def main():
    client = SupervisorClient(pathlib.Path({str(stage.state)!r}))
    await asyncio.gather(*(watch(client) for _ in range(5)))
async def watch(client):
    async for _ in client.watch():
        print("watching", flush=True)
asyncio.run(main())
"""
    for _ in range(3):
        client = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
        )
        assert client.stdout is not None
        await client.stdout.readline()
        client.kill()
        await client.communicate()
        rollout = await stage.until_serving(1)
        assert await get(rollout.url) == "revision 1"


async def test_sigterm_ends_the_app_and_keeps_what_served(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    supervisor = psutil.Process(pid_of(stage))
    supervisor.terminate()
    await asyncio.to_thread(supervisor.wait)
    assert processes_of(stage) == []
    assert last_served(stage.state) == 1


async def test_a_deleted_state_folder_is_made_again_while_someone_is_connected(
    stage: Stage,
) -> None:
    await stage.apply(stage.app(1, "import time\n" + SERVER))
    rollout = await stage.until_serving(1)
    watching = asyncio.create_task(stage.until(lambda r: r.serving == 2))
    await asyncio.to_thread(shutil.rmtree, stage.state)
    await eventually(lambda: read_record(stage.state) is not None)
    assert await get(rollout.url) == "revision 1"
    await stage.apply(stage.app(2))
    assert (await watching).url == rollout.url
    await eventually(lambda: bool(stage.printed("marker")))


async def test_a_deleted_state_folder_ends_an_app_that_nobody_looks_at(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    supervisor = psutil.Process(pid_of(stage))
    await asyncio.to_thread(shutil.rmtree, stage.state)
    await asyncio.to_thread(supervisor.wait, 20)
    assert processes_of(stage) == []
    assert not stage.state.exists()


async def test_a_supervisor_with_nothing_to_keep_ends(stage: Stage) -> None:
    await stage.client.ensure()
    supervisor = psutil.Process(pid_of(stage))
    await asyncio.to_thread(supervisor.wait, 20)
    assert read_record(stage.state) is None


async def test_a_lost_socket_is_made_again(stage: Stage) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    socket_path(stage.state).unlink()
    await eventually(socket_path(stage.state).exists)
    assert await stage.client.answers()


async def test_another_version_is_told_and_its_remedy_helps(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    monkeypatch.setattr("tui.clients.process.supervisor.VERSION", VERSION + 1)
    newer = SupervisorClient(stage.state)
    with pytest.raises(FaultError) as raised:
        await newer.picture()
    fault, pid = raised.value.fault, pid_of(stage)
    assert (fault.code, fault.evidence[0]) == ("supervisor-version", f"process {pid}")
    assert fault.remedy.startswith(f"`kill {pid}`, then the same again")
    supervisor = psutil.Process(pid)
    supervisor.terminate()
    await asyncio.to_thread(supervisor.wait)
    assert processes_of(stage) == []
    await stage.apply(stage.app(1))
    await stage.until_serving(1)


async def test_one_of_another_version_can_be_ended(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.apply(stage.app(1))
    await stage.until_serving(1)
    monkeypatch.setattr("tui.clients.process.supervisor.VERSION", VERSION + 1)
    await SupervisorClient(stage.state).stop()
    assert processes_of(stage) == []


@pytest.mark.parametrize(
    "line", [b"nonsense\n", b"[]\n", encode({"version": VERSION, "op": "dance"}), b"\n"]
)
async def test_a_bad_request_is_answered_and_harms_nothing(stage: Stage, line: bytes) -> None:
    await stage.client.ensure()
    reader, writer = await asyncio.open_unix_connection(socket_path(stage.state))
    writer.write(line)
    assert decode(await reader.readline())["fault"]["code"] == "supervisor-request"
    writer.close()
    assert await stage.client.answers()


async def test_nobody_answers_where_none_runs(stage: Stage) -> None:
    with pytest.raises(SupervisorLostError):
        await stage.client.apply(stage.app(1))


def test_a_socket_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(FaultError) as raised:
        private_folder(folder)
    assert raised.value.fault.code == "socket-folder-unsafe"


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(FaultError):
        private_folder(tmp_path / "link")


def test_the_socket_path_stays_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("x" * 90)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    assert len(os.fsencode(socket_path(tmp_path))) <= 100
