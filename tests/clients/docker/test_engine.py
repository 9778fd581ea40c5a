import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from tests.cluster import eventually
from tests.engine_tls import make_certificate, tls_engine
from tests.testbed import BASE, docker, engine_environment, fresh_name
from tui.clients.docker.engine import Engine
from tui.clients.docker.ssh import ssh_arguments
from tui.model.faults import Fault, FaultError

pytestmark = pytest.mark.integration


@pytest.fixture
def container(engine: Engine) -> Iterator[str]:
    """The name for one container; it is gone afterwards."""
    name = fresh_name()
    yield name
    docker("rm", "--force", name)


async def fault_of(engine: Engine) -> Fault:
    with pytest.raises(FaultError) as raised:
        await engine.about()
    engine.close()
    return raised.value.fault


async def test_the_engine_says_who_it_is(engine: Engine) -> None:
    about = await engine.about()
    assert about.version == docker("version", "--format", "{{.Server.Version}}").strip()
    assert about.platform.startswith("linux/")


async def test_images_are_found_or_not(engine: Engine) -> None:
    assert await engine.has_image(BASE)
    assert not await engine.has_image(fresh_name())


async def test_a_stream_yields_as_it_comes_and_ends(engine: Engine, container: str) -> None:
    docker("run", "--name", container, BASE, "seq", "20000")
    parts = engine.stream(lambda client: client.logs(container, stream=True, follow=True))
    text = b"".join([part async for part in parts])
    assert text == b"".join(b"%d\n" % n for n in range(1, 20001))


async def test_a_stream_that_is_closed_lets_go_of_its_thread(
    engine: Engine, container: str
) -> None:
    docker("run", "--detach", "--name", container, BASE, "sh", "-c", "echo one; sleep 1000")
    follow = engine.stream(lambda client: client.logs(container, stream=True, follow=True))
    async with aclosing(follow) as parts:
        async for part in parts:
            assert part == b"one\n"
            break
    await eventually(lambda: not reading_threads())


async def test_a_cancelled_reader_is_free_at_once(engine: Engine, container: str) -> None:
    docker("run", "--detach", "--name", container, BASE, "sleep", "1000")

    async def follow() -> None:
        async for _ in engine.stream(lambda client: client.logs(container, stream=True)):
            pass

    task = asyncio.create_task(follow())
    await eventually(reading_threads)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: not reading_threads())


def reading_threads() -> list[str]:
    """Return what waits in a stream: threads of a pool stay, so their stacks are looked at."""
    frames = sys._current_frames()
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    busy = []
    for ident, frame in frames.items():
        walked = frame
        while walked is not None:
            if walked.f_code.co_name == "pump":
                busy.append(names.get(ident, ""))
            walked = walked.f_back  # type: ignore[assignment]
    return busy


async def test_what_the_engine_refuses_is_told_in_its_words(engine: Engine) -> None:
    with pytest.raises(FaultError) as raised:
        await engine.ask(lambda client: client.start("no-such-container"))
    assert "No such container" in raised.value.fault.evidence[0]


async def test_a_socket_that_nobody_may_use_is_refused(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("this user may use every socket (root)")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        (tmp_path / "s").chmod(0)
        fault = await fault_of(Engine(environ={"DOCKER_HOST": f"unix://{tmp_path}/s"}))
    assert fault.code == "engine-refused"


async def test_an_engine_that_hangs_is_silent(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        environ = {"DOCKER_HOST": f"unix://{tmp_path}/s"}
        fault = await fault_of(Engine(environ=environ, patience=0.2))
    assert (fault.code, fault.kind) == ("engine-silent", "unreachable")


GIVEN_UP = """\
import asyncio
from tui.clients.docker.engine import Engine

async def give_up(asking):
    try:
        await asyncio.wait_for(asking, 0.5)
    except TimeoutError:
        print("given up")

async def main():
    engine = Engine()
    await give_up(engine.about())
    await give_up(anext(engine.stream(lambda client: client.events())))
    engine.close()

asyncio.run(main())
"""


def test_redraft_ends_while_an_engine_hangs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        env = os.environ | {"DOCKER_HOST": f"unix://{tmp_path}/s"}
        command = (sys.executable, "-c", GIVEN_UP)
        said = subprocess.check_output(
            command, env=env, timeout=30, stderr=subprocess.STDOUT, text=True
        )
    assert said == "given up\ngiven up\n"


async def test_what_is_no_engine_is_told(tmp_path: Path) -> None:
    server = await asyncio.start_unix_server(garbage, tmp_path / "s")
    async with server:
        fault = await fault_of(Engine(environ={"DOCKER_HOST": f"unix://{tmp_path}/s"}))
    assert fault.code.startswith("engine-")
    assert fault.evidence


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-none\r\n")
    writer.close()


async def test_an_engine_behind_tls_is_spoken_with(tmp_path: Path) -> None:
    async with tls_engine(tmp_path) as environ:
        engine = Engine(environ=environ)
        assert (await engine.about()).version
        engine.close()


async def test_an_engine_that_cannot_prove_who_it_is_is_not_spoken_with(tmp_path: Path) -> None:
    async with tls_engine(tmp_path) as environ:
        (tmp_path / "other").mkdir()
        make_certificate(tmp_path / "other")
        other = {**environ, "DOCKER_CERT_PATH": str(tmp_path / "other")}
        assert (await fault_of(Engine(environ=other))).code == "engine-tls"


SSH = """#!/bin/sh
unset DOCKER_HOST
while [ "$1" != -- ]; do shift; done
exec sh -c "$3"
"""


def with_ssh(folder: Path, script: str) -> dict[str, str]:
    """Return an environment in which ssh is a script, and the engine is behind it."""
    (folder / "ssh").write_text(script)
    (folder / "ssh").chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return {**engine_environment(), "PATH": path, "DOCKER_HOST": "ssh://me@far:2222"}


async def test_an_engine_behind_ssh_is_reached_by_the_users_own_ssh(tmp_path: Path) -> None:
    engine = Engine(environ=with_ssh(tmp_path, SSH))
    assert (await engine.about()).version
    assert await engine.has_image(BASE)
    engine.close()
    await eventually(lambda: not children_named("docker"))


async def test_what_ssh_says_is_the_evidence(tmp_path: Path) -> None:
    script = "#!/bin/sh\necho 'me@far: Permission denied (publickey).' >&2\nexit 255\n"
    fault = await fault_of(Engine(environ=with_ssh(tmp_path, script)))
    assert fault.code == "engine-unreachable"
    assert fault.evidence == ("me@far: Permission denied (publickey).",)


def children_named(name: str) -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() == name]


def test_ssh_is_given_user_port_and_socket_and_asks_nothing() -> None:
    argv = ssh_arguments("ssh://me@far:2222/run/user/1/docker.sock")
    assert argv[-1] == "docker --host unix:///run/user/1/docker.sock system dial-stdio"
    assert tuple(argv[-7:-1]) == ("-l", "me", "-p", "2222", "--", "far")
    assert "BatchMode=yes" in argv
